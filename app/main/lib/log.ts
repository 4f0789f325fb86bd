import type { AppLogLine, LogLevel } from '../../shared/contracts/app-log.ts'
import type { Unsubscribe } from '../../shared/rpc/contract.ts'

/** The console's own log, as features see it: `log.info('services', 'restarted', { id })`. No payloads, no secrets. */
export type LogFields = Readonly<Record<string, unknown>>
export type Write = (feature: string, message: string, fields?: LogFields) => void
export interface Log {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  /** `fields.error` may be an Error; its stack is kept. */
  readonly error: Write
}

/** The log with what its owner needs besides writing. */
export interface AppLog extends Log {
  /** The newest 500 lines, oldest first. */
  recent(): readonly AppLogLine[]
  /** Each new line. */
  onLine(listener: (line: AppLogLine) => void): Unsubscribe
  /** Once each time the file stops taking lines, with the system's reason; also at once when it does not take them now. */
  onNotWritten(listener: (reason: string) => void): Unsubscribe
  /** The newest part of the files, whole lines, at most so many bytes. */
  tail(bytes: number): string
  stop(): void
}

const nothing = () => {}
export const silentLog: AppLog = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  recent: () => [],
  onLine: () => nothing,
  onNotWritten: () => nothing,
  tail: () => '',
  stop: nothing,
}

export const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
