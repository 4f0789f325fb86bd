import type { IncomingHttpHeaders } from 'node:http'

/** What is read of one answer, in this order; `end` says whether the connection may carry another request. */
export interface AnswerParts {
  head(status: number, headers: IncomingHttpHeaders): void
  data(chunk: Buffer): void
  end(reusable: boolean): void
}
/** The answer is no HTTP that this reader takes; the message says why. */
export class NoHttp extends Error {}

const MOST_HEAD = 64 * 1024
/** Of a line that says how long a chunk is, or stands after the last of them. */
const MOST_LINE = 4 * 1024
const MOST_TRAILERS = 100

type State = 'none' | 'head' | 'length' | 'until-close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer'

/**
 * Reads the answers of one connection, one after the other, as RFC 9112 has them. It is strict: what two readers could take
 * in two ways (two lengths, a length beside chunks, folded lines) is refused, so that no answer can hide another.
 */
export function createAnswerReader() {
  let state: State = 'none'
  let parts: AnswerParts | null = null
  /** Of a head or a line that is not whole yet. */
  let waiting: Buffer | null = null
  let keepsAlive = false
  /** Bytes of the body or of the chunk that are still to come. */
  let left = 0
  let trailers = 0

  function finish(reusable: boolean): void {
    const told = parts
    state = 'none'
    parts = null
    told?.end(reusable)
  }
  /** What ends with `mark` from there on, without it, and where it ended; null while it is not whole. */
  function upTo(mark: string, most: number, chunk: Buffer, at: number): { text: string; next: number } | null {
    const before = waiting?.length ?? 0
    const fresh = at === 0 ? chunk : chunk.subarray(at)
    const bytes = waiting ? Buffer.concat([waiting, fresh]) : fresh
    const end = bytes.indexOf(mark, Math.max(0, before - mark.length + 1), 'latin1')
    if (end > most || (end < 0 && bytes.length > most)) throw new NoHttp('its head or a line is too long')
    waiting = end < 0 ? bytes : null
    return end < 0 ? null : { text: bytes.toString('latin1', 0, end), next: at + end + mark.length - before }
  }

  function begin(text: string, last: boolean): void {
    const { status, version, headers } = readHead(text)
    if (status === 101) throw new NoHttp('it speaks another protocol')
    // Whatever comes before the answer itself.
    if (status < 200) return
    const { connection = '', 'transfer-encoding': encoding, 'content-length': length } = headers
    keepsAlive = version === '1.1' ? !/\bclose\b/i.test(connection) : /\bkeep-alive\b/i.test(connection)
    if (encoding !== undefined && (length !== undefined || encoding.toLowerCase() !== 'chunked'))
      throw new NoHttp('its length is not clear')
    trailers = 0
    left = length === undefined ? 0 : lengthOf(length)
    if (status === 204 || status === 304) left = 0
    else if (encoding !== undefined) state = 'chunk-size'
    else if (length === undefined) state = 'until-close'
    else if (left > 0) state = 'length'
    parts!.head(status, headers)
    // Nothing changed it: there is no body.
    if (state === 'head') finish(keepsAlive && last)
  }
  function readBody(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + left)
    left -= end - at
    const isLast = left === 0 && state === 'length'
    if (left === 0 && state === 'chunk') state = 'chunk-end'
    parts!.data(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end))
    if (isLast && parts) finish(keepsAlive && end === chunk.length)
    return end
  }
  function readLine(text: string, last: boolean): void {
    if (state === 'chunk-end') {
      if (text !== '') throw new NoHttp('a chunk is longer than it says')
      state = 'chunk-size'
    } else if (state === 'chunk-size') {
      const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(text)
      if (!size) throw new NoHttp('a chunk has no length')
      left = Number.parseInt(size[1]!, 16)
      state = left === 0 ? 'trailer' : 'chunk'
    } else if (text === '') finish(keepsAlive && last)
    else if (++trailers > MOST_TRAILERS) throw new NoHttp('it has no end')
  }

  return {
    /** The next answer of the connection goes there. */
    expect(told: AnswerParts): void {
      parts = told
      state = 'head'
      waiting = null
    },
    /** Nobody listens any more; nothing may be pushed from then on. */
    drop(): void {
      parts = null
    },
    /** Fails with NoHttp. */
    push(chunk: Buffer): void {
      let at = 0
      while (at < chunk.length) {
        if (state === 'none') throw new NoHttp('it says something that was not asked')
        if (state === 'until-close') {
          parts!.data(at === 0 ? chunk : chunk.subarray(at))
          return
        }
        if (state === 'length' || state === 'chunk') at = readBody(chunk, at)
        else {
          const found = upTo(
            state === 'head' ? '\r\n\r\n' : '\r\n',
            state === 'head' ? MOST_HEAD : MOST_LINE,
            chunk,
            at,
          )
          if (!found) return
          at = found.next
          if (state === 'head') begin(found.text, at === chunk.length)
          else readLine(found.text, at === chunk.length)
        }
        // It has ended, or who listens has had enough; what follows made the connection unfit for another request.
        if (parts === null) return
      }
    },
    /** The other side has ended: whether that is the end of the answer. */
    close(): boolean {
      if (state !== 'until-close' || parts === null) return false
      finish(false)
      return true
    },
  }
}

function readHead(text: string): { status: number; version: string; headers: Record<string, string> } {
  const lines = text.split('\r\n')
  const first = /^HTTP\/(1\.[01]) (\d{3})(?: |$)/.exec(lines[0]!)
  if (!first) throw new NoHttp('its first line is none of HTTP')
  const headers: Record<string, string> = Object.create(null)
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!
    const colon = line.indexOf(':')
    if (!token.test(line.slice(0, Math.max(0, colon))) || broken.test(line))
      throw new NoHttp('a header is none of HTTP')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (name !== 'content-length' && name !== 'transfer-encoding') headers[name] = `${before}, ${value}`
    else if (before !== value) throw new NoHttp('its length is not clear')
  }
  return { status: Number(first[2]), version: first[1]!, headers }
}
const token = /^[\w!#$%&'*+.^`|~-]+$/
const broken = /[\0\r\n]/

function lengthOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new NoHttp('its length is no number')
  return Number(text)
}
