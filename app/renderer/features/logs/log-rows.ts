import type { LogLine, LogUpdate } from '../../../shared/contracts/services.ts'
import type { ErrorDetails } from '../../../shared/errors.ts'
import { type AnsiText, parseAnsi } from './ansi.ts'
import { type Level, levelOf } from './levels.ts'

/** Lines held in the page; older ones are still in Docker. */
export const MOST_ROWS = 50_000
/** Held together with them: a line may have 32,000 characters. */
const MOST_CHARACTERS = 24_000_000
/** Dropping is done in steps, so that it costs nothing per line. */
const STEP = 2000

interface Row {
  /** Counts up for the life of the view; never reused. */
  readonly seq: number
}
export interface LineRow extends Row {
  readonly kind: 'line'
  readonly line: LogLine
  readonly ansi: AnsiText
  readonly level: Level | null
}
/** Something that happened between two lines. */
export interface MarkRow extends Row {
  readonly kind: 'skipped' | 'ended'
}
export type LogRow = LineRow | MarkRow

/** What the view knows of one log. Mutated in place: rows are many and come often; `version` tells that it changed. */
export interface LogRows {
  readonly rows: readonly LogRow[]
  readonly version: number
  /** Lines that are no longer held. */
  readonly dropped: number
  /** Null until the first word from main. */
  readonly state: 'reading' | 'ended' | null
  readonly failure: { readonly code: string; readonly details: ErrorDetails } | null
}

export function createLogRows() {
  let rows: LogRow[] = []
  let characters = 0
  let nextSeq = 1
  let dropped = 0
  let version = 0
  let state: LogRows['state'] = null
  let failure: LogRows['failure'] = null
  let view: LogRows = { rows, version, dropped, state, failure }

  function add(line: LogLine): void {
    const ansi = parseAnsi(line.text)
    rows.push({ kind: 'line', seq: nextSeq++, line, ansi, level: levelOf(ansi.plain) })
    characters += line.text.length
  }
  function mark(kind: MarkRow['kind']): void {
    if (rows.length > 0 && rows.at(-1)!.kind !== kind) rows.push({ kind, seq: nextSeq++ })
  }
  function dropOld(): void {
    if (rows.length <= MOST_ROWS + STEP && characters <= MOST_CHARACTERS * 1.1) return
    let first = 0
    while (rows.length - first > MOST_ROWS || characters > MOST_CHARACTERS) {
      const row = rows[first++]!
      if (row.kind !== 'line') continue
      characters -= row.line.text.length
      dropped++
    }
    rows = rows.slice(first)
  }
  /** The same lines again (after a reconnect) are joined to what is there; where that cannot be, a mark says so. */
  function snapshot(lines: readonly LogLine[]): void {
    const last = rows.findLast((row) => row.kind === 'line')?.line
    const joint = last ? lines.findLastIndex((line) => sameLine(line, last)) : -1
    if (last && joint < 0) mark('skipped')
    for (const line of lines.slice(joint + 1)) add(line)
  }

  return {
    view: (): LogRows => view,
    apply(update: LogUpdate): void {
      if (update.kind === 'ended') {
        state = 'ended'
        failure = update.failure
        if (!failure) mark('ended')
      } else {
        state = 'reading'
        failure = null
        if (update.kind === 'snapshot') snapshot(update.lines)
        else for (const line of update.lines) add(line)
        dropOld()
      }
      view = { rows, version: ++version, dropped, state, failure }
    },
  }
}

const sameLine = (a: LogLine, b: LogLine) => a.time === b.time && a.stream === b.stream && a.text === b.text
