import type { Stretch } from './ansi.ts'
import type { LogRow } from './log-rows.ts'

/** A piece of a line that looks the same throughout. */
export interface Piece {
  readonly start: number
  readonly text: string
  readonly look: Stretch['look'] | null
  readonly found: boolean
}

/** Cuts a line where its colours and the places found in it begin and end. `places`: start, end, start, end … */
export function piecesOf(plain: string, stretches: readonly Stretch[], places: readonly number[]): Piece[] {
  const cuts = new Set([0, plain.length, ...places])
  for (const { start, end } of stretches) cuts.add(start).add(end)
  const edges = [...cuts].filter((at) => at <= plain.length).sort((a, b) => a - b)
  const pieces: Piece[] = []
  let stretch = 0
  let place = 0
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i]!
    while (stretch < stretches.length && stretches[stretch]!.end <= start) stretch++
    while (place < places.length && places[place + 1]! <= start) place += 2
    const colour = stretches[stretch]
    const look = colour && colour.start <= start ? colour.look : null
    const found = place < places.length && places[place]! <= start
    pieces.push({ start, text: plain.slice(start, edges[i + 1]), look, found })
  }
  return pieces
}

const two = (n: number) => String(n).padStart(2, '0')

/** The engine's time on this machine's clock: "14:03:22.123"; with the day where it is not `today`. */
export function clockTime(time: string, today: Date): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return time
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`
  if (at.toDateString() === today.toDateString()) return clock
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`
}

/** Lines as text for the clipboard, without colours. */
export function textOf(rows: readonly LogRow[], timestamps: boolean): string {
  const lines: string[] = []
  for (const row of rows) {
    if (row.kind !== 'line') continue
    lines.push(timestamps && row.line.time ? `${row.line.time} ${row.ansi.plain}` : row.ansi.plain)
  }
  return lines.join('\n')
}
