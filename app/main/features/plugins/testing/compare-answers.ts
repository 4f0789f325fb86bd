import { MASK } from '../../../lib/secrets.ts'
import type { Json, JsonObject } from '../packages/package-types.ts'
import { cut, jsonText } from './json-text.ts'
import { isVolatile } from './volatile.ts'

/** One field that is not what it was; null where it was or is not there. */
export interface Difference {
  /** JSON pointer; empty for the answer as a whole. */
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

export interface Comparison {
  /** Whether anything differs but fields that are another at each call. Those are listed all the same. */
  readonly different: boolean
  readonly differences: readonly Difference[]
}

/** How many differences are listed. */
export const mostDifferences = 100

interface Trail {
  readonly key: string
  readonly parent: Trail | null
}
interface Pair {
  readonly before: Json | undefined
  readonly after: Json | undefined
  readonly at: Trail | null
}
type Found = Difference & { readonly order: number }

/**
 * Compares two answers field by field: lists by index, objects whatever the order of their keys. The walk keeps its own
 * stack, so that no depth of nesting ends it. A recorded answer has its secrets masked: a masked text equals whatever it
 * may have been. `now` is in Unix milliseconds.
 */
export function compareAnswers(before: Json, after: Json, now: number): Comparison {
  const real: Found[] = []
  const passing: Found[] = []
  const stack: Pair[] = [{ before, after, at: null }]
  let order = 0
  for (let pair = stack.pop(); pair !== undefined && real.length < mostDifferences; pair = stack.pop()) {
    const children = childrenOf(pair)
    if (children !== null) {
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!)
      continue
    }
    if (equal(pair.before, pair.after)) continue
    const name = nameOf(pair.at)
    const list = isVolatile(name, pair.before, pair.after, now) ? passing : real
    if (list.length < mostDifferences) list.push({ ...told(pair, name), order: order++ })
  }
  // What counts is listed first when not all can be, then everything in the order of the answer.
  const listed = [...real, ...passing].slice(0, mostDifferences).sort((one, other) => one.order - other.order)
  return {
    different: real.length > 0,
    differences: listed.map(({ path, before: was, after: is }) => ({ path, before: was, after: is })),
  }
}

const told = ({ before, after, at }: Pair, name: string): Difference => ({
  path: pointerOf(at),
  before: before === undefined ? null : jsonText(before, name),
  after: after === undefined ? null : jsonText(after, name),
})

/** The fields of two objects or the items of two lists; null for anything else, and where they are not of one kind. */
function childrenOf({ before, after, at }: Pair): Pair[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    // One more than can be listed: an answer that grew by a million items is not walked through.
    const most = Math.max(before.length, Math.min(after.length, before.length + mostDifferences))
    return Array.from({ length: most }, (_, i) => ({
      before: before[i],
      after: after[i],
      at: { key: String(i), parent: at },
    }))
  }
  if (!isObject(before) || !isObject(after)) return null
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys.map((key) => ({ before: own(before, key), after: own(after, key), at: { key, parent: at } }))
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const own = (value: JsonObject, key: string): Json | undefined => (Object.hasOwn(value, key) ? value[key] : undefined)

function equal(before: Json | undefined, after: Json | undefined): boolean {
  if (before === after) return true
  if (typeof before !== 'string' || !before.includes(MASK)) return false
  // A value that was hidden whole may have been of any kind.
  return before === MASK ? after !== undefined : typeof after === 'string' && fits(before, after)
}

/** Whether a text may be what a masked one was. */
function fits(masked: string, text: string): boolean {
  const parts = masked.split(/\*{3,}/)
  const first = parts.shift()!
  const last = parts.pop()!
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let from = first.length
  for (const part of parts) {
    const found = text.indexOf(part, from)
    if (found === -1) return false
    from = found + part.length
  }
  return from <= text.length - last.length
}

/** The name of a field; of an item, the name of its list. */
function nameOf(trail: Trail | null): string {
  for (let here = trail; here !== null; here = here.parent) if (!/^\d+$/.test(here.key)) return here.key
  return ''
}

function pointerOf(trail: Trail | null): string {
  const keys: string[] = []
  for (let here = trail; here !== null; here = here.parent) keys.push(here.key)
  return cut(
    keys
      .reverse()
      .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join(''),
  )
}

/**
 * Compares with an answer of which only the beginning was recorded, as text: all that can be said is whether the new one
 * begins alike.
 */
export function compareCutAnswer(begun: string, after: Json): Comparison {
  // What was cut away is as open as what was masked.
  if (fits(`${begun}${MASK}`, JSON.stringify(after))) return { different: false, differences: [] }
  return { different: true, differences: [{ path: '', before: cut(begun), after: jsonText(after) }] }
}
