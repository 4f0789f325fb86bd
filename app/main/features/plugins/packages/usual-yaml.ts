// The YAML that nearly all documents are written in, read in one pass and ten times as fast as by the library: block maps
// and lists, plain, quoted and block scalars, flow collections, comments. Whatever else YAML has, and whatever may be wrong
// with a text, is left to the library, which then reads all of it; usual-yaml.test.ts holds the two against each other.
import type { Parsed, ParseOptions, Problem } from './document.ts'
import { type Json, limits } from './package-types.ts'
import { Places } from './places.ts'
import {
  apostrophe,
  carriageReturn,
  colon,
  comma,
  dash,
  greater,
  hash,
  lineFeed,
  listClose,
  listOpen,
  mapClose,
  mapOpen,
  pipe,
  quote,
  tab,
  YamlCursor,
} from './yaml-cursor.ts'
import { isNullWord, plainValue, unusual } from './yaml-scalars.ts'

const flowMarks = new Set<number>([comma, listOpen, listClose, mapOpen, mapClose])
/** Characters before the colon of a key; the library allows 1024. */
const longestKey = 1000

/** Null where anything in the text is unusual. */
export function parseUsualYaml(text: string, options: ParseOptions): Parsed | null {
  if (text.includes('\uFEFF') || (text.includes('\r') && /\r(?!\n)/.test(text))) return null
  try {
    return read(text, options)
  } catch (error) {
    if (error === unusual) return null
    throw error
  }
}

function read(text: string, { longNumbersAsText = false }: ParseOptions): Parsed {
  const cursor = new YamlCursor(text)
  const places = new Places()
  const keys: (string | null)[] = []
  const problems: Problem[] = []
  /** Where the last key that was found begins. */
  let keyStart = 0

  if (cursor.column !== 0) throw unusual
  const root = begin(cursor.at, null)
  const value = cursor.isDash() ? list(0, 0) : map(0, 0, keyHere())
  places.end(root)
  if (!cursor.isAtEnd()) throw unusual
  return {
    value,
    problems,
    offsetOf: (path) => places.offsetOf(path, () => (child, position) => keys[child] ?? String(position)),
  }

  function begin(offset: number, key: string | null): number {
    keys.push(key)
    return places.begin(offset)
  }
  function put(object: Record<string, Json>, key: string, value: Json, offset: number): void {
    if (Object.hasOwn(object, key) && problems.length < 1000)
      problems.push({ severity: 'warning', code: 'KEY_DUPLICATE', offset, details: { key } })
    object[key] = value
  }

  /** A node that begins where the cursor is, in column `own`; `parent` is the column of the collection that it is in. */
  function block(parent: number, own: number, depth: number): Json {
    if (cursor.isDash()) return list(own, depth)
    const key = keyHere()
    if (key !== null) return map(own, depth, key)
    // After an empty line or a comment the library may take the lines below for a part of such a scalar.
    if (cursor.column === own && (cursor.emptyLines > 0 || cursor.commented)) throw unusual
    return inline(parent, depth)
  }

  function map(own: number, depth: number, firstKey: string | null): Json {
    if (depth >= limits.depth) throw unusual
    const object: Record<string, Json> = {}
    for (let key = firstKey; key !== null; key = keyHere()) {
      const offset = keyStart
      const node = begin(offset, key)
      const value = afterKey(own, depth + 1)
      places.end(node)
      put(object, key, value, offset)
      if (cursor.column < own) return object
      if (cursor.column > own) throw unusual
    }
    throw unusual
  }
  function afterKey(own: number, depth: number): Json {
    cursor.skipBlanks()
    if (!cursor.finishesLine()) return inline(own, depth)
    if (cursor.column > own) return block(own, cursor.column, depth)
    return cursor.column === own && cursor.isDash() ? list(own, depth) : null
  }

  function list(own: number, depth: number): Json {
    if (depth >= limits.depth) throw unusual
    const items: Json[] = []
    do {
      const start = cursor.at++
      cursor.skipBlanks()
      const first = cursor.at
      const column = cursor.finishesLine() ? cursor.column : own + first - start
      const node = begin(column > own ? cursor.at : first, null)
      items.push(column > own ? block(own, column, depth + 1) : null)
      places.end(node)
    } while (cursor.column === own && cursor.isDash())
    if (cursor.column > own) throw unusual
    return items
  }

  /** The key at the cursor, which is moved behind its colon; null, and not moved, where none stands there. */
  function keyHere(): string | null {
    const { at } = cursor
    const code = cursor.code()
    keyStart = at
    let key: string
    if (code === quote || code === apostrophe) {
      const end = cursor.closing() + 1
      if (text.charCodeAt(end) !== colon || !cursor.breaksAt(end + 1)) return null
      key = cursor.quoted()
    } else {
      if (!cursor.mayBeginPlain()) return null
      const end = cursor.plainEnd()
      if (text.charCodeAt(end) !== colon) return null
      key = cursor.trimmed(end)
      if (key === '<<' || isNullWord(key)) throw unusual
      cursor.at = end
    }
    if (key === '__proto__' || cursor.at - at > longestKey) throw unusual
    cursor.at++
    return key
  }

  /** A node that is no block collection. */
  function inline(parent: number, depth: number): Json {
    const code = cursor.code()
    if (code === pipe || code === greater) return cursor.blockScalar(parent)
    if (code === quote || code === apostrophe || code === listOpen || code === mapOpen) {
      const isQuoted = code === quote || code === apostrophe
      const value = isQuoted ? cursor.quoted(parent) : flow(parent, depth, 1)
      // A comment needs a blank before it.
      if (cursor.code() === hash) throw unusual
      cursor.skipBlanks()
      if (!cursor.finishesLine()) throw unusual
      return value
    }
    if (!cursor.mayBeginPlain()) throw unusual
    const { source, lines } = cursor.plain(parent)
    return lines === 1 ? plainValue(source, longNumbersAsText) : source
  }

  /** A collection in braces or brackets; `level` counts it and those around it. */
  function flow(parent: number, depth: number, level: number): Json {
    if (depth >= limits.depth) throw unusual
    const isMap = cursor.code() === mapOpen
    const close = isMap ? mapClose : listClose
    const object: Record<string, Json> = {}
    const items: Json[] = []
    cursor.at++
    for (flowBlanks(parent, level); cursor.code() !== close; flowBlanks(parent, level)) {
      const offset = cursor.at
      const key = isMap ? flowKey() : null
      if (isMap) flowBlanks(parent, level)
      const node = begin(offset, key)
      const value = flowValue(parent, depth + 1, level)
      places.end(node)
      if (key === null) items.push(value)
      else put(object, key, value, offset)
      flowBlanks(parent, level)
      if (cursor.code() === close) break
      if (cursor.code() !== comma) throw unusual
      cursor.at++
    }
    cursor.at++
    return isMap ? object : items
  }
  function flowBlanks(parent: number, level: number): void {
    cursor.skipBlanks()
    if (cursor.code() !== lineFeed && cursor.code() !== carriageReturn) return
    cursor.at = cursor.lineEnd(cursor.at)
    cursor.nextLine()
    // The last bracket alone may stand below the key that it belongs to.
    const closes = level === 1 && (cursor.code() === listClose || cursor.code() === mapClose)
    if (cursor.commented || cursor.column < (closes ? parent : parent + 1)) throw unusual
  }
  function flowKey(): string {
    const code = cursor.code()
    const isQuoted = code === quote || code === apostrophe
    const key = isQuoted ? cursor.quoted() : flowPlain()
    cursor.skipBlanks()
    if (cursor.code() !== colon || !(isQuoted || cursor.breaksAt(cursor.at + 1))) throw unusual
    if (key === '__proto__' || (!isQuoted && (key === '<<' || isNullWord(key)))) throw unusual
    cursor.at++
    return key
  }
  function flowValue(parent: number, depth: number, level: number): Json {
    const code = cursor.code()
    if (code === listOpen || code === mapOpen) return flow(parent, depth, level + 1)
    return code === quote || code === apostrophe ? cursor.quoted() : plainValue(flowPlain(), longNumbersAsText)
  }
  function flowPlain(): string {
    if (!cursor.mayBeginPlain()) throw unusual
    for (let end = cursor.at; ; end++) {
      const code = text.charCodeAt(end)
      const ends = code === comma || code === listClose || code === mapClose || code === lineFeed
      if (ends || code === carriageReturn || (code === colon && cursor.breaksAt(end + 1))) {
        const plain = cursor.trimmed(end)
        cursor.at = end
        return plain
      }
      // A colon or a dash before a bracket or a comma is more than a character.
      const isMore = (code === colon || (code === dash && end === cursor.at)) && flowMarks.has(text.charCodeAt(end + 1))
      if (isMore || code === listOpen || code === mapOpen || code === hash || code === tab || Number.isNaN(code))
        throw unusual
    }
  }
}
