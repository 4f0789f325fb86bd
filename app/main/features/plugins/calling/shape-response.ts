import type { IncomingHttpHeaders } from 'node:http'
import { fromJson } from '../../../lib/json.ts'
import type { Json } from '../packages/package-types.ts'
import type { CompiledTool } from './compile-tool.ts'
import { withoutHidden } from './hidden-answers.ts'

/** Levels of JSON that are handed on; what is deeper would overturn those who walk through it, and is told as text. */
const DEPTH = 500

/**
 * The answer as callers get it: JSON as it is, other text as `{ text }`, anything else as `{ base64, mediaType }`. Without
 * a tool, as for a failure, nothing is put around it or taken out of it.
 */
export function shapeResponse(compiled: CompiledTool | null, headers: IncomingHttpHeaders, body: Buffer): Json {
  if (body.length === 0) return null
  const contentType = String(headers['content-type'] ?? '')
  const value = readValue(contentType, body)
  const wrapper = compiled?.tool.responseWrapped
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
  if (wrapper !== undefined && (!isObject || isPacked(value))) return { [wrapper]: unpacked(value) }
  const { response } = compiled?.tool ?? {}
  return response && compiled?.hidesAnswer() ? withoutHidden(compiled.document, response, value) : value
}

const packedTexts = new WeakSet<object>()
const isPacked = (value: Json): boolean => typeof value === 'object' && value !== null && packedTexts.has(value)
const unpacked = (value: Json): Json => (isPacked(value) ? ((value as { text?: string }).text ?? value) : value)
function packed<T extends { readonly [key: string]: Json }>(value: T): T {
  packedTexts.add(value)
  return value
}

function readValue(contentType: string, body: Buffer): Json {
  const type = contentType.toLowerCase().split(';')[0]!.trim()
  const isJson = /[/+]json$/.test(type)
  const charset = /charset="?([\w-]{1,40})/i.exec(contentType)?.[1]
  // Some servers forget to say so, some say text.
  if (isJson || (unsure.has(type) && /^(?:\xef\xbb\xbf)?\s*[{[]/.test(body.toString('latin1', 0, 100)))) {
    const value = isDeeper(body, DEPTH) ? undefined : (fromJson(decode(charset ?? 'utf-8', body)) as Json | undefined)
    if (value !== undefined) return value
  }
  const isText =
    isJson ||
    type === '' ||
    type.startsWith('text/') ||
    /[/+](xml|yaml|javascript|x-ndjson)$/.test(type) ||
    charset !== undefined
  if (isText && !(type === '' && body.includes(0))) return packed({ text: decode(charset ?? 'utf-8', body) })
  return packed({ base64: body.toString('base64'), mediaType: type || 'application/octet-stream' })
}

const unsure = new Set(['', 'text/plain', 'text/html', 'application/octet-stream'])

/** Whether brackets outside of strings stand so deep in each other; a text that is no JSON may be told as either. */
function isDeeper(body: Buffer, most: number): boolean {
  if (body.length < most * 2) return false
  let depth = 0
  let quoted = false
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!
    if (byte === 0x22) quoted = !quoted
    else if (quoted) i += byte === 0x5c ? 1 : 0
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > most) return true
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return false
}

const utf8 = new TextDecoder()
function decode(charset: string, body: Buffer): string {
  if (/^utf-?8$/i.test(charset)) return utf8.decode(body)
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return utf8.decode(body)
  }
}
