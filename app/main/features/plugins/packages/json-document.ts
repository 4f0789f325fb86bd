import type { Parsed, Problem } from './document.ts'
import { limits } from './package-types.ts'
import { Places } from './places.ts'

const quote = 34
const backslash = 92

/** The places of all nodes of a text that JSON.parse accepted. Duplicate keys, which JSON.parse hides, are found on the way. */
export function indexJson(text: string): Omit<Parsed, 'value'> & { readonly tooDeepAt: number | null } {
  const places = new Places()
  const problems: Problem[] = []
  const open: number[] = []
  const keys: (Set<string> | null)[] = []
  const spare: Set<string>[] = []
  let tooDeepAt: number | null = null

  // The member whose value is being read, per level: it ends with that value.
  const members: number[] = []
  let member = places.begin(0)
  let at = 0
  let expectsKey = false
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code <= 32) {
      at++
      continue
    }
    if (code === quote) {
      const close = stringEnd(text, at)
      if (expectsKey) {
        const seen = keys.at(-1)!
        const key = text.slice(at + 1, close)
        if (seen.has(key)) {
          if (problems.length < 1000)
            problems.push({ severity: 'warning', code: 'KEY_DUPLICATE', offset: at, details: { key } })
        } else seen.add(key)
        member = places.begin(at)
        expectsKey = false
      } else places.end(member)
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
        if (text.charCodeAt(at) !== 93) member = places.begin(at)
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
      places.end(member)
      at++
    } else if (code === 44) {
      at++
      if (open.at(-1) === 123) {
        expectsKey = true
        // Nothing but blanks comes before the key, and of those most documents have megabytes.
        at = text.indexOf('"', at)
      } else member = places.begin(blanksEnd(text, at))
    } else if (code === 58) at++
    else {
      places.end(member)
      at++
      while (at < text.length && isPlain(text.charCodeAt(at))) at++
    }
  }

  /** Members begin at their key; a string in a list begins with a quotation mark too, so look at what opens the parent. */
  function keysOf(parent: number): (child: number, position: number) => string {
    let value = blanksEnd(text, places.offsets[parent]!)
    if (text.charCodeAt(value) === quote) value = blanksEnd(text, blanksEnd(text, stringEnd(text, value) + 1) + 1)
    const isList = text.charCodeAt(value) === 91
    return (child, position) => (isList ? String(position) : stringAt(text, places.offsets[child]!))
  }
  return { problems, offsetOf: (path) => places.offsetOf(path, keysOf), tooDeepAt }
}

const isPlain = (code: number) => code > 32 && code !== 44 && code !== 93 && code !== 125

function blanksEnd(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= 32) at++
  return at
}

/** Where the string that begins at `from` has its closing mark. */
export function stringEnd(text: string, from: number): number {
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
