import type { Parsed, Problem } from './document.ts'
import { limits } from './package-types.ts'

const quote = 34
const backslash = 92

/**
 * The places of all nodes of a text that JSON.parse accepted, in two flat arrays: node i begins at `offsets[i]` (an
 * object's member at its key), and what follows its subtree is node `nexts[i]`. A tree of objects would cost ten times the
 * text; this costs a fraction of it. Duplicate keys, which JSON.parse hides, are found on the way.
 */
export function indexJson(text: string): Omit<Parsed, 'value'> & { readonly tooDeepAt: number | null } {
  let offsets = new Int32Array(1024)
  let nexts = new Int32Array(1024)
  let count = 0
  const problems: Problem[] = []
  const open: number[] = []
  const keys: (Set<string> | null)[] = []
  const spare: Set<string>[] = []
  let tooDeepAt: number | null = null

  function begin(offset: number): number {
    if (count === offsets.length) {
      offsets = grown(offsets)
      nexts = grown(nexts)
    }
    offsets[count] = offset
    return count++
  }
  // The member whose value is being read, per level: it ends with that value.
  const members: number[] = []
  let member = begin(0)
  let at = 0
  let expectsKey = false
  const end = () => {
    nexts[member] = count
  }
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      const close = stringEnd(text, at)
      if (expectsKey) {
        const seen = keys.at(-1)!
        const key = text.slice(at + 1, close)
        if (seen.has(key)) {
          if (problems.length < 1000)
            problems.push({ severity: 'warning', code: 'KEY_DUPLICATE', offset: at, details: { key } })
        } else seen.add(key)
        member = begin(at)
        expectsKey = false
      } else end()
      at = close + 1
      continue
    }
    if (code === 123 || code === 91) {
      if (open.length === limits.depth) {
        tooDeepAt = at
        break
      }
      open.push(code)
      members.push(member)
      const set = code === 123 ? (spare.pop() ?? new Set<string>()) : null
      keys.push(set)
      expectsKey = code === 123
      at++
      if (code === 91) {
        at = blanksEnd(text, at)
        if (text.charCodeAt(at) !== 93) member = begin(at)
      }
    } else if (code === 125 || code === 93) {
      open.pop()
      const set = keys.pop()
      if (set) {
        set.clear()
        spare.push(set)
      }
      member = members.pop()!
      expectsKey = false
      end()
      at++
    } else if (code === 44) {
      at++
      if (open.at(-1) === 123) expectsKey = true
      else member = begin(blanksEnd(text, at))
    } else if (code === 58 || code <= 32) at++
    else {
      end()
      at++
      while (at < text.length && isPlain(text.charCodeAt(at))) at++
    }
  }

  function offsetOf(path: readonly string[]): number {
    let node = 0
    for (const key of path) {
      const child = childOf(node, key)
      if (child === -1) break
      node = child
    }
    return offsets[node]!
  }
  // Children by their key, of the parents that were asked for: a search for each would be quadratic.
  const known = new Map<number, Map<string, number>>()
  function childOf(parent: number, key: string): number {
    let children = known.get(parent)
    if (children === undefined) {
      children = childrenOf(parent)
      known.set(parent, children)
    }
    return children.get(key) ?? -1
  }
  function childrenOf(parent: number): Map<string, number> {
    const children = new Map<string, number>()
    const limit = nexts[parent]!
    if (parent + 1 >= limit) return children
    // Members begin at their key; a string in a list begins with a quotation mark too, so look at what opens the parent.
    let value = blanksEnd(text, offsets[parent]!)
    if (text.charCodeAt(value) === quote) value = blanksEnd(text, blanksEnd(text, stringEnd(text, value) + 1) + 1)
    const list = text.charCodeAt(value) === 91
    for (let node = parent + 1; node < limit; node = nexts[node]!) {
      const from = offsets[node]!
      children.set(list ? String(children.size) : stringAt(text, from), node)
    }
    return children
  }
  return { problems, offsetOf, tooDeepAt }
}

const isPlain = (code: number) => code > 32 && code !== 44 && code !== 93 && code !== 125

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}

function blanksEnd(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= 32) at++
  return at
}

/** Where the string that begins at `from` has its closing mark. */
function stringEnd(text: string, from: number): number {
  let close = text.indexOf('"', from + 1)
  for (; close !== -1; close = text.indexOf('"', close + 1)) {
    let slashes = close - 1
    while (text.charCodeAt(slashes) === backslash) slashes--
    if ((close - slashes) % 2 === 1) return close
  }
  return text.length
}

function stringAt(text: string, from: number): string {
  const written = text.slice(from, stringEnd(text, from) + 1)
  return written.includes('\\') ? JSON.parse(written) : written.slice(1, -1)
}

/** Where JSON.parse stopped: V8 names the place in most of its messages; the rest are about a text that ends too early. */
export function jsonError(error: Error, text: string): { readonly offset: number; readonly reason: string } {
  const position = /at position (\d+)/.exec(error.message)
  // The message quotes a piece of the text; the place says it better.
  const reason = error.message
    .replace(/,? ?"?\.{0,3}[^"]*"?\.{0,3} is not valid JSON/, '')
    .replace(/ (in JSON )?at position.*/s, '')
  return {
    offset: position ? Number(position[1]) : Math.max(0, text.trimEnd().length - 1),
    reason: reason.slice(0, 200),
  }
}
