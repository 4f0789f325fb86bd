import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'

export type JsonObject = { readonly [key: string]: Json }
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where a JSON text goes wrong, counted from 1, and what is wrong there. */
export interface JsonMistake {
  readonly line: number
  readonly column: number
  readonly words: Extract<TextKey, `tryIt.json${string}`>
}
export type ParsedJson =
  | { readonly ok: true; readonly value: Json; readonly inexact: readonly string[] }
  | { readonly ok: false; readonly mistake: JsonMistake }

/**
 * Reads a JSON text. `inexact`: whole numbers of it that have more digits than JavaScript keeps, as they are written.
 * The browser's own message of a mistake is English and often without a place, so the place is looked for here.
 */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) as Json, inexact: inexactNumbers(text) }
  } catch {
    return { ok: false, mistake: findMistake(text) }
  }
}

export const prettyJson = (value: Json): string => JSON.stringify(value, null, 2)

function inexactNumbers(text: string): readonly string[] {
  if (!/\d{16}/.test(text)) return []
  const inexact = new Set<string>()
  // Texts are matched first, so that digits inside of them are left alone.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g)) {
    if (!token.startsWith('"') && BigInt(token) !== BigInt(Number(token))) inexact.add(token)
  }
  return [...inexact]
}

const space = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what JSON forbids in a text
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y
const word = /true|false|null/y

class Mistake extends Error {
  readonly at: number
  readonly words: JsonMistake['words']
  constructor(at: number, words: JsonMistake['words']) {
    super(words)
    this.at = at
    this.words = words
  }
}

/** The first place at which the text stops being JSON. */
function findMistake(text: string): JsonMistake {
  let at = 0
  const eat = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.test(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const next = (): string | undefined => {
    eat(space)
    return text[at]
  }
  const fail = (words: JsonMistake['words']): never => {
    throw new Mistake(at, at >= text.length ? 'tryIt.jsonEnds' : words)
  }
  const key = () => {
    if (next() !== '"') fail('tryIt.jsonName')
    if (!eat(string)) fail('tryIt.jsonString')
    if (next() !== ':') fail('tryIt.jsonColon')
    at++
  }
  const scalar = () => {
    if (text[at] === '"') return eat(string) || fail('tryIt.jsonString')
    return eat(number) || eat(word) || fail('tryIt.jsonValue')
  }
  /** Without recursion, so that a text of brackets cannot exhaust the stack. */
  const open: ('}' | ']')[] = []
  try {
    for (;;) {
      const sign = next()
      if (sign === '{' || sign === '[') {
        at++
        open.push(sign === '{' ? '}' : ']')
        if (next() !== open.at(-1)) {
          if (sign === '{') key()
          continue
        }
      } else scalar()
      // A value ended: close what ends with it, then go on after a comma.
      while (open.length > 0 && next() === open.at(-1)) {
        at++
        open.pop()
      }
      if (open.length === 0) {
        if (next() !== undefined) fail('tryIt.jsonMore')
        return placeOf(text, text.length, 'tryIt.jsonEnds')
      }
      if (next() !== ',') fail('tryIt.jsonComma')
      at++
      if (next() === open.at(-1)) fail('tryIt.jsonTrailing')
      if (open.at(-1) === '}') key()
    }
  } catch (error) {
    if (error instanceof Mistake) return placeOf(text, error.at, error.words)
    throw error
  }
}

function placeOf(text: string, at: number, words: JsonMistake['words']): JsonMistake {
  const before = text.slice(0, at)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: at - start + 1, words }
}
