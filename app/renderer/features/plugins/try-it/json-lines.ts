import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { isObject } from './json-text.ts'

/** One line of a JSON text written for reading. */
export interface JsonLine {
  /** JSON pointer of the value, with `!` at a closing bracket: one of a kind. */
  readonly id: string
  readonly depth: number
  /** The name before it, quoted; null for an item of a list. */
  readonly name: string | null
  /** What stands there: a value, or brackets. */
  readonly text: string
  readonly kind: 'text' | 'number' | 'word' | 'bracket'
  /** Null where there is nothing to fold. */
  readonly open: boolean | null
  /** Of a folded one, how many are in it. */
  readonly count: number
  readonly comma: boolean
}

/** Deeper than this nobody reads, and it would exhaust the stack: shown as folded for good. */
const deepest = 200

/** The lines of a value; `folded` holds the pointers of what is shown in one line. */
export function linesOf(value: Json, folded: ReadonlySet<string>): readonly JsonLine[] {
  const lines: JsonLine[] = []
  add(lines, { value, id: '', depth: 0, name: null, comma: false }, folded)
  return lines
}

interface Placed {
  readonly value: Json
  readonly id: string
  readonly depth: number
  readonly name: string | null
  readonly comma: boolean
}

function add(lines: JsonLine[], placed: Placed, folded: ReadonlySet<string>): void {
  const { value, id, depth, name, comma } = placed
  const line = { id, depth, name, comma, count: 0 }
  if (typeof value !== 'object' || value === null) {
    const kind = typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'word'
    lines.push({ ...line, kind, text: JSON.stringify(value), open: null })
    return
  }
  const [first, last] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const inside: readonly (readonly [string | null, string, Json])[] = isObject(value)
    ? Object.entries(value).map(([key, one]) => [JSON.stringify(key), key, one])
    : (value as readonly Json[]).map((one, index) => [null, String(index), one])
  const count = inside.length
  if (count === 0) lines.push({ ...line, kind: 'bracket', text: `${first}${last}`, open: null })
  else if (folded.has(id) || depth >= deepest)
    lines.push({ ...line, kind: 'bracket', text: `${first}…${last}`, open: depth >= deepest ? null : false, count })
  else {
    lines.push({ ...line, kind: 'bracket', text: first!, open: true, comma: false })
    inside.forEach(([written, key, one], index) => {
      const pointer = `${id}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      add(lines, { value: one, id: pointer, depth: depth + 1, name: written, comma: index < count - 1 }, folded)
    })
    lines.push({ ...line, id: `${id}!`, name: null, kind: 'bracket', text: last!, open: null })
  }
}

/** Pointers of everything at least this deep that holds something: what "fold all" folds. */
export function foldable(value: Json, from: number): ReadonlySet<string> {
  const all = new Set<string>()
  const visit = (one: Json, id: string, depth: number) => {
    if (typeof one !== 'object' || one === null || depth >= deepest) return
    const entries = Object.entries(one)
    if (entries.length > 0 && depth >= from) all.add(id)
    for (const [key, inner] of entries)
      visit(inner, `${id}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1)
  }
  visit(value, '', 0)
  return all
}
