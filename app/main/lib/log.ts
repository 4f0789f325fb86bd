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

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
