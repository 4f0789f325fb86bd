import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../packages/package-types.ts'
import { type CompiledTool, withoutHidden } from './compile-tool.ts'

/** The answer as callers get it: JSON as it is, other text as `{ text }`, anything else as `{ base64, mediaType }`. */
export function shapeResponse(compiled: CompiledTool | null, headers: IncomingHttpHeaders, body: Buffer): Json {
  if (body.length === 0) return null
  const contentType = String(headers['content-type'] ?? '')
  const value = readValue(contentType, body)
  const wrapper = compiled?.tool.responseWrapped
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
  if (wrapper !== undefined && (!isObject || isPacked(value))) return { [wrapper]: unpacked(value) }
  const { response } = compiled?.tool ?? {}
  return compiled?.hidesAnswer && response ? withoutHidden(compiled.document, response, value) : value
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
  // Some servers forget to say so, some say text.
  const looksJson = body[0] === 0x7b || body[0] === 0x5b
  if (
    isJson ||
    (looksJson && (type === '' || type === 'text/plain' || type === 'text/html' || type === 'application/octet-stream'))
  ) {
    try {
      return JSON.parse(decode('utf-8', body)) as Json
    } catch {
      // It is told as the text that it is.
    }
  }
  const charset = /charset="?([\w-]{1,40})/i.exec(contentType)?.[1]
  const isText =
    isJson ||
    type === '' ||
    type.startsWith('text/') ||
    /[/+](xml|yaml|javascript|x-ndjson)$/.test(type) ||
    charset !== undefined
  if (isText && !(type === '' && body.includes(0))) return packed({ text: decode(charset ?? 'utf-8', body) })
  return packed({ base64: body.toString('base64'), mediaType: type || 'application/octet-stream' })
}

function decode(charset: string, body: Buffer): string {
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}
