import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppLogLine, type LogLevel } from '../../shared/contracts/app-log.ts'
import { createEmitter } from './emitter.ts'
import { type AppLog, type LogFields, levels } from './log.ts'
import { looksSecret, MASK, maskText } from './secrets.ts'

const FILES = 5
const FILE_BYTES = 10 * 1024 * 1024
const LINE_CHARACTERS = 8 * 1024
const KEPT_LINES = 500

/**
 * JSON lines in `<dataFolder>/logs/pilothouse.log`, secrets masked, five files of 10 MB. Each line is one synchronous
 * append: the console logs little, and the last error before the process ends is never lost. A file that cannot be
 * written loses lines, counts them, and says so when it takes lines again; it never throws.
 */
export function createLog(
  dataFolder: string,
  options: { readonly level?: LogLevel; readonly fileBytes?: number; readonly now?: () => number } = {},
): AppLog {
  const { level = 'info', fileBytes = FILE_BYTES, now = Date.now } = options
  const folder = join(dataFolder, 'logs')
  const file = (age: number) => join(folder, age === 0 ? 'pilothouse.log' : `pilothouse.${age}.log`)
  const lines = createEmitter<AppLogLine>()
  const troubles = createEmitter<string>()
  let descriptor: number | null = null
  let size = 0
  let dropped = 0
  let trouble: string | null = null

  function open(): number {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const opened = openSync(file(0), 'a', 0o600)
    size = fstatSync(opened).size
    return opened
  }
  function close(): void {
    if (descriptor !== null) closeSync(descriptor)
    descriptor = null
  }
  function rotate(): void {
    close()
    for (let age = FILES - 2; age >= 0; age--) if (existsSync(file(age))) renameSync(file(age), file(age + 1))
  }

  function append(text: string): void {
    try {
      descriptor ??= open()
      if (size > 0 && size + text.length > fileBytes) {
        rotate()
        descriptor = open()
      }
      if (dropped > 0) {
        // A full disk may have cut the last line in the middle, so this one starts afresh.
        const note = line('warn', 'log', 'lines lost', { count: dropped, reason: trouble })
        writeWhole(`\n${JSON.stringify(note)}\n`)
        dropped = 0
        trouble = null
      }
      writeWhole(text)
    } catch (error) {
      dropped++
      close()
      if (trouble !== null) return
      trouble = error instanceof Error ? error.message : String(error)
      troubles.emit(trouble)
    }
  }
  function writeWhole(text: string): void {
    const bytes = Buffer.from(text)
    if (writeSync(descriptor!, bytes) < bytes.length) throw new Error('ENOSPC: the disk took only part of a line')
    size += bytes.length
  }

  const line = (lineLevel: LogLevel, feature: string, message: string, fields: LogFields): AppLogLine => ({
    time: now(),
    level: lineLevel,
    feature,
    message: maskText(message).slice(0, 1000),
    fields: describeFields(fields),
  })
  const write =
    (lineLevel: LogLevel) =>
    (feature: string, message: string, fields: LogFields = {}) => {
      if (levels.indexOf(lineLevel) < levels.indexOf(level)) return
      const written = line(lineLevel, feature, message, fields)
      append(`${JSON.stringify(written)}\n`)
      recent.push(written)
      if (recent.length > KEPT_LINES) recent.shift()
      lines.emit(written)
    }

  function tail(bytes: number): string {
    const parts: Buffer[] = []
    let wanted = bytes
    for (let age = 0; age < FILES && wanted > 0; age++) {
      const part = readEnd(file(age), wanted)
      parts.unshift(part)
      wanted -= part.length
    }
    const text = Buffer.concat(parts).toString('utf8')
    // The first line may have been cut by the limit.
    return Buffer.byteLength(text) < bytes ? text : text.slice(text.indexOf('\n') + 1)
  }
  const recent = tail(256 * 1024)
    .split('\n')
    .flatMap(parseLine)
    .slice(-KEPT_LINES)

  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    recent: () => recent,
    onLine: lines.listen,
    onNotWritten(listener) {
      if (trouble !== null) listener(trouble)
      return troubles.listen(listener)
    },
    tail,
    stop: close,
  }
}

function readEnd(path: string, bytes: number): Buffer {
  if (!existsSync(path)) return Buffer.alloc(0)
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const buffer = Buffer.alloc(Math.min(size, bytes))
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, size - buffer.length))
  } finally {
    closeSync(descriptor)
  }
}

function parseLine(text: string): AppLogLine[] {
  if (text === '') return []
  try {
    return [AppLogLine.parse(JSON.parse(text))]
  } catch {
    return [] // cut by a crash or a full disk
  }
}

/** JSON text of the fields: secrets masked, errors with their stack, bounded. */
function describeFields(fields: LogFields): string {
  const seen = new WeakSet<object>()
  let text: string
  try {
    text = JSON.stringify(fields, (name, value) => {
      if (typeof value === 'bigint') return String(value)
      if (typeof value === 'string') {
        const start = value.slice(0, LINE_CHARACTERS)
        return looksSecret(name, start) ? MASK : maskText(start)
      }
      if (typeof value !== 'object' || value === null) return value
      if (seen.has(value)) return '[seen before]'
      seen.add(value)
      return value instanceof Error ? describeError(value) : value
    })
  } catch (error) {
    text = JSON.stringify({ unreadable: String(error) })
  }
  return text.length <= LINE_CHARACTERS ? text : JSON.stringify({ cut: text.slice(0, LINE_CHARACTERS / 2) })
}

/** The stack already holds the name and the message. */
const describeError = (error: Error) => ({
  stack: error.stack ?? String(error),
  ...('code' in error ? { code: error.code } : {}),
  ...(error.cause === undefined ? {} : { cause: error.cause }),
})
