import { fromJson } from '../../lib/json.ts'

/** Bytes of one event; a larger one is passed on in pieces and not looked into. */
const MOST_EVENT = 1024 * 1024
/** Bytes of a first event that is read before it is passed on. */
const MOST_LOOKED = 16 * 1024
/** Pieces of one event; more of them are joined. */
const MOST_PIECES = 1024
/** Bytes of what ends an event. */
const LONGEST_END = 4
const empty: Buffer = Buffer.alloc(0)
const lineFeed = 10
const colon = 58
const brace = 123

/**
 * Looks at a stream of server-sent events as it passes: whole events come out as they came in. What was used is read
 * from the event that tells it, and that event is taken out where the caller did not ask for it.
 */
export function createEventStream(options: { readonly withoutUsage: boolean }) {
  /** Of an event that is not whole yet. */
  let rest: Buffer[] = []
  let held = 0
  /** Its last bytes, in which the end of the event may have begun. */
  let tail = empty
  let usage: object | null = null
  let done = false
  let events = 0

  function push(chunk: Buffer): Buffer | null {
    // Only what is new is searched: an event that comes in many pieces costs what it is long.
    const end = lastEnd(tail.length === 0 ? chunk : Buffer.concat([tail, chunk])) - tail.length
    if (end <= 0) {
      hold(chunk)
      return held > MOST_EVENT ? take() : null
    }
    hold(chunk.subarray(0, end))
    const whole = take()
    const left = chunk.subarray(end)
    if (left.length > MOST_EVENT) return Buffer.concat([whole, left])
    if (left.length > 0) hold(left)
    events += countEnds(whole)
    if (!done && saysDone(whole)) {
      done = true
      // It says no word.
      events--
    }
    return tellsUsage(whole) ? withoutUsage(whole) : whole
  }
  function hold(piece: Buffer): void {
    rest.push(piece)
    if (rest.length > MOST_PIECES) rest = [Buffer.concat(rest)]
    held += piece.length
    tail = (piece.length < LONGEST_END ? Buffer.concat([tail, piece]) : piece).subarray(1 - LONGEST_END)
  }
  function take(): Buffer {
    const all = rest.length === 1 ? rest[0]! : Buffer.concat(rest)
    rest = []
    held = 0
    tail = empty
    return all
  }
  /** Reads what was used; the events that are passed on. */
  function withoutUsage(whole: Buffer): Buffer | null {
    const kept: Buffer[] = []
    let from = 0
    while (from < whole.length) {
      const end = firstEnd(whole, from)
      const event = whole.subarray(from, end)
      from = end
      if (!tellsUsage(event) || !read(event) || !options.withoutUsage) kept.push(event)
    }
    return kept.length === 0 ? null : kept.length === 1 ? kept[0]! : Buffer.concat(kept)
  }
  /** Whether an event is there for its usage alone. */
  function read(event: Buffer): boolean {
    const json = dataOf(event)
    if (typeof json !== 'object' || json === null) return false
    const { usage: told, choices } = json as { readonly usage?: unknown; readonly choices?: unknown }
    if (typeof told !== 'object' || told === null) return false
    usage = json
    return Array.isArray(choices) && choices.length === 0
  }

  return {
    /** What can be passed on; null while an event is not whole. */
    push,
    /** What is left at the end of the stream: the last line of all may come without the blank line that ends it. */
    finish: (): Buffer | null => (held > 0 && saysDone(Buffer.concat(rest)) ? push(Buffer.from('\n\n')) : null),
    /** The event that told what was used, in OpenAI's shape. */
    usage: (): object | null => usage,
    /** Whether the vendor said that this was all. */
    done: (): boolean => done,
    events: (): number => events,
  }
}
export type EventStream = ReturnType<typeof createEventStream>

/** The JSON of the first event in these bytes; undefined where it is none. */
export function dataOf(event: Buffer): unknown {
  const lines = event.toString('utf8', 0, Math.min(event.length, MOST_EVENT)).split(/\r?\n/)
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart())
  return fromJson(data.join('\n'))
}

/** Where the first event that has data begins; the end where there is none. */
export function firstData(bytes: Buffer): number {
  let from = 0
  while (from < bytes.length) {
    const end = firstEnd(bytes, from)
    const event = bytes.subarray(from, end)
    // A comment may say the word too.
    if (event.includes('\ndata:') || event.indexOf('data:') === 0) break
    from = end
  }
  return from
}

/** What the first event of a stream is: words, a failure in their place, or nothing that belongs there. */
export function beginningOf(
  first: Buffer,
): { readonly kind: 'words' | 'garbage' } | { readonly kind: 'error'; readonly json: object } {
  const event = first.subarray(0, firstEnd(first, 0))
  // A comment keeps the connection alive; large events are not looked into.
  if (event.length > MOST_LOOKED || !event.includes('data:') || saysDone(event)) return { kind: 'words' }
  const json = dataOf(event)
  if (typeof json !== 'object' || json === null) return { kind: 'garbage' }
  const { error } = json as { readonly error?: unknown }
  return error === undefined || error === null ? { kind: 'words' } : { kind: 'error', json }
}

function lastEnd(bytes: Buffer): number {
  if (bytes.length > 1 && bytes[bytes.length - 1] === lineFeed && bytes[bytes.length - 2] === lineFeed)
    return bytes.length
  const plain = bytes.lastIndexOf('\n\n')
  const wide = bytes.lastIndexOf('\r\n\r\n')
  return Math.max(plain < 0 ? 0 : plain + 2, wide < 0 ? 0 : wide + 4)
}
function firstEnd(bytes: Buffer, from: number): number {
  const plain = bytes.indexOf('\n\n', from)
  const wide = bytes.indexOf('\r\n\r\n', from)
  if (wide >= 0 && (plain < 0 || wide < plain)) return wide + 4
  return plain < 0 ? bytes.length : plain + 2
}
function countEnds(bytes: Buffer): number {
  let count = 0
  for (let from = 0; from < bytes.length; count++) from = firstEnd(bytes, from)
  return count
}
function saysDone(bytes: Buffer): boolean {
  const at = bytes.lastIndexOf('[DONE]')
  if (at < 5) return false
  const line = bytes.lastIndexOf('\n', at) + 1
  return /^data: ?$/.test(bytes.toString('latin1', line, at))
}
/** Many vendors write `"usage":null` into every event: only an object tells something. */
function tellsUsage(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('"usage"'); at >= 0; at = bytes.indexOf('"usage"', at + 7)) {
    let next = at + 7
    while (bytes[next] === colon || bytes[next] === 32) next++
    if (bytes[next] === brace) return true
  }
  return false
}
