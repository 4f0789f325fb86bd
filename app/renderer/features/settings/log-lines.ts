import { type AppLogLine, LogLevel } from '../../../shared/contracts/app-log.ts'

/** A line with a key of its own: two lines may be alike. */
export interface KeyedLine extends AppLogLine {
  readonly key: string
}
interface Update {
  readonly kind: 'snapshot' | 'lines'
  /** Oldest first. */
  readonly lines: readonly AppLogLine[]
}

/** More than these are dropped from the far end: the file has them all. */
export const kept = 2000
let lastKey = 0

/** Newest first. */
export function applyLog(lines: readonly KeyedLine[], update: Update): readonly KeyedLine[] {
  const fresh = update.lines.map((line) => ({ ...line, key: String(++lastKey) })).reverse()
  return (update.kind === 'snapshot' ? fresh : [...fresh, ...lines]).slice(0, kept)
}

/** Lines of at least this level that have every word somewhere. */
export function filterLog(lines: readonly KeyedLine[], least: LogLevel, query: string): readonly KeyedLine[] {
  const levels = LogLevel.options.slice(LogLevel.options.indexOf(least))
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return lines.filter((line) => {
    if (!levels.includes(line.level)) return false
    const text = `${line.feature} ${line.message} ${line.fields}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
