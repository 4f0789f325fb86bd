import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { isObject, type JsonObject, type ParsedJson, parseJson, prettyJson } from './json-text.ts'

/** Longer texts (files, above all) are stowed away while their arguments are edited as JSON: a field of megabytes freezes. */
const longest = 20_000
const stand = /^<<stowed text (\d+): \d+ characters>>$/

/** The arguments as JSON for a text field, its very long texts replaced by a short stand-in each. */
export function writeArguments(value: JsonObject): { readonly text: string; readonly stowed: readonly string[] } {
  const stowed: string[] = []
  const short = mapped(value, (text) => {
    if (text.length <= longest) return text
    stowed.push(text)
    return `<<stowed text ${stowed.length}: ${text.length} characters>>`
  })
  return { text: prettyJson(short), stowed }
}

/** Reads the text back, the stand-ins replaced by what they stand for. */
export function readArguments(text: string, stowed: readonly string[]): ParsedJson {
  const parsed = parseJson(text)
  if (!parsed.ok || stowed.length === 0) return parsed
  return { ...parsed, value: mapped(parsed.value, (one) => stowed[Number(stand.exec(one)?.[1]) - 1] ?? one) }
}

function mapped(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, change)]))
  return Array.isArray(value) ? value.map((one: Json) => mapped(one, change)) : value
}
