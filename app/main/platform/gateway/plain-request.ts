/** A whole request, of which only these headers matter to who answers it. */
export interface PlainRequest {
  readonly path: string
  readonly headers: { readonly [name in Used]?: string }
  readonly body: Buffer
}
const used = [
  'host',
  'authorization',
  'content-type',
  'content-length',
  'connection',
  'x-request-id',
  'accept-language',
] as const
type Used = (typeof used)[number]

const MOST_HEAD = 8 * 1024
const whole = /^POST (\/v1\/(?:chat\/completions|embeddings)) HTTP\/1\.1(?:\r\n[a-zA-Z\d-]{1,64}:[\x20-\x7e]*)+$/
/** Change how the rest is to be read, or where an answer may go. */
const unusual = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'content-encoding',
  'trailer',
  'te',
  'via',
  'origin',
])
const names: ReadonlySet<string> = new Set(used)

/**
 * The one request that these bytes are; null for whatever else they are. It takes a small part of HTTP, of which nothing can be
 * read in two ways: one piece, lines as they should be, each header that matters once, a length that is true.
 */
export function plainRequest(bytes: Buffer): PlainRequest | null {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1')
  if (end < 0 || end > MOST_HEAD) return null
  const head = bytes.toString('latin1', 0, end)
  const path = whole.exec(head)?.[1]
  if (path === undefined) return null
  const headers: { [name in Used]?: string } = {}
  let at = head.indexOf('\r\n') + 2
  while (at < head.length) {
    const colon = head.indexOf(':', at)
    const found = head.indexOf('\r\n', colon)
    const stop = found < 0 ? head.length : found
    const name = head.slice(at, colon).toLowerCase()
    if (unusual.has(name)) return null
    if (names.has(name)) {
      if (headers[name as Used] !== undefined) return null
      headers[name as Used] = head.slice(colon + 1, stop).trim()
    }
    at = stop + 2
  }
  const { 'content-length': length = '', 'content-type': type = '', connection = 'keep-alive' } = headers
  if (headers.host === undefined || !/^\d{1,8}$/.test(length) || bytes.length !== end + 4 + Number(length)) return null
  if (!/^application\/json(?:; ?charset=utf-8)?$/i.test(type) || connection.toLowerCase() !== 'keep-alive') return null
  return { path, headers, body: bytes.subarray(end + 4) }
}
