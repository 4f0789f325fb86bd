import { StringDecoder } from 'node:string_decoder'
import type { LogLine } from '../../shared/contracts/services.ts'
import { AppError } from '../../shared/errors.ts'

/*
 * What the engine sends (measured on 20.10, drivers json-file and local, with timestamps):
 * - Without a TTY every log message is one frame: stream (1 or 2; 3 is the engine's own complaint), three zero bytes, a
 *   32-bit length, then "TIME SPACE BYTES". A line longer than 16 KB is several messages that all carry the time of the
 *   first; only the last ends in a line break (with the local driver not even that one), and messages of the other
 *   stream may lie between them. So a line ends at its line break, or where the same stream goes on with another time.
 * - With a TTY there are no frames, only "TIME SPACE BYTES" after each line break, and once more the same time in the
 *   middle of the text after every 16 KB of a long line.
 * - The last line of a container that ended may have no line break at all.
 */

/** One line, or (`open`) the next piece of one that is longer than what is kept at once. */
export interface RawLine {
  readonly time: string | null
  readonly stream: 'stdout' | 'stderr'
  /** At most `keep` bytes, without the line break; valid only during the call. */
  readonly bytes: Buffer
  /** Bytes of the whole line so far. */
  readonly length: number
  readonly open: boolean
}

export interface LogParserOptions {
  readonly tty: boolean
  /** Most bytes of a line that are held; the rest is counted and dropped, or with `split` handed out piece by piece. */
  readonly keep: number
  readonly split: boolean
}

export interface LogParser {
  /** Throws DOCKER_REFUSED for bytes that are no log stream. */
  push(chunk: Buffer): void
  /**
   * Hands out a line that had no line break: the last one of a run that ended, or the beginning of one that is being
   * written. False in the middle of a message or after a whole piece of a long line, whose rest is about to come.
   */
  flush(): boolean
  /** The stream is over: hands out what had no line break. */
  end(): void
  /** Messages read to their end (on a TTY: begun); a `tail` counts these, not lines. */
  readonly messages: number
  /** Time of the newest of them. */
  readonly newest: string | null
}

const NEWLINE = 10
const SPACE = 32
const PIECE = 16 * 1024
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)$/
const LONGEST_TIME = 36
/** No engine sends a message of this size; such a length means that we do not read what we think. */
const LONGEST_FRAME = 16 * 1024 * 1024

/** Turns the engine's log stream, always asked for with timestamps, into lines. Memory is bounded by `keep` for each stream. */
export function createLogParser(options: LogParserOptions, onLine: (line: RawLine) => void): LogParser {
  const { tty } = options
  const stdout = createLine('stdout', options, onLine)
  const stderr = createLine('stderr', options, onLine)
  const header = Buffer.alloc(8)
  let headerBytes = 0
  let frameLeft = 0
  // The beginning of a message, until it is known whether it is a time.
  const head = Buffer.alloc(LONGEST_TIME + 1)
  let headBytes = 0
  let inHead = tty
  let line = stdout
  let pieceLeft = PIECE
  let messages = 0
  let messageTime: string | null = null
  let newest: string | null = null

  function messageEnded(): void {
    messages++
    newest = messageTime ?? newest
  }

  /** Reads from `at`; answers how many bytes it took. */
  function readHeader(chunk: Buffer, at: number): number {
    const used = chunk.copy(header, headerBytes, at, at + 8 - headerBytes)
    headerBytes += used
    if (headerBytes < 8) return used
    headerBytes = 0
    frameLeft = header.readUInt32BE(4)
    const kind = header[0]!
    if (kind > 3 || (header.readUInt32BE(0) & 0xffffff) !== 0 || frameLeft > LONGEST_FRAME) {
      throw new AppError('DOCKER_REFUSED', { status: 200, reason: 'the answer is not a log stream' })
    }
    line = kind >= 2 ? stderr : stdout
    if (kind === 3) line.begin(null)
    inHead = kind !== 3
    return used
  }

  function readHead(chunk: Buffer, at: number, limit: number): number {
    let i = at
    while (i < limit && headBytes < head.length && chunk[i] !== NEWLINE) {
      const byte = chunk[i++]!
      head[headBytes++] = byte
      if (byte === SPACE) break
    }
    const complete = head[headBytes - 1] === SPACE || headBytes === head.length || chunk[i] === NEWLINE
    if (complete) headIsRead()
    return i - at
  }

  function headIsRead(): void {
    inHead = false
    const text = head[headBytes - 1] === SPACE ? head.toString('latin1', 0, headBytes - 1) : ''
    const time = TIME.test(text) ? text : null
    const bytes = head.subarray(0, headBytes)
    headBytes = 0
    // In the middle of a TTY's line only the line's own time is the engine's; any other belongs to the program's text.
    const middle = tty && line.isOpen()
    if (middle && time !== null && time === messageTime) {
      messageEnded()
      return
    }
    if (!middle) {
      messageTime = time
      line.begin(time)
      if (tty) messageEnded()
    }
    if (middle || time === null) addText(bytes)
  }

  function addText(bytes: Buffer): void {
    line.add(bytes)
    pieceLeft -= bytes.length
  }

  function readText(chunk: Buffer, at: number, limit: number): number {
    const end = tty ? Math.min(limit, at + Math.max(pieceLeft, 1)) : limit
    const lineBreak = chunk.subarray(at, end).indexOf(NEWLINE)
    addText(chunk.subarray(at, lineBreak < 0 ? end : at + lineBreak))
    if (lineBreak >= 0) line.finish()
    if (tty && (lineBreak >= 0 || pieceLeft <= 0)) {
      inHead = true
      pieceLeft = PIECE
    }
    return lineBreak < 0 ? end - at : lineBreak + 1
  }

  return {
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (!tty && frameLeft === 0) {
          at += readHeader(chunk, at)
          continue
        }
        const limit = tty ? chunk.length : Math.min(chunk.length, at + frameLeft)
        const used = inHead ? readHead(chunk, at, limit) : readText(chunk, at, limit)
        at += used
        if (tty) continue
        frameLeft -= used
        if (frameLeft > 0) continue
        if (inHead) headIsRead()
        messageEnded()
      }
    },
    flush() {
      if (frameLeft > 0 || headerBytes > 0 || headBytes > 0) return false
      if (stdout.isInPieces() || stderr.isInPieces()) return false
      if (tty && line.isOpen()) {
        inHead = true
        pieceLeft = PIECE
      }
      stdout.finish()
      stderr.finish()
      return true
    },
    end() {
      if (inHead && headBytes > 0) headIsRead()
      stdout.finish()
      stderr.finish()
    },
    get messages() {
      return messages
    },
    get newest() {
      return newest
    },
  }
}

/** The line that is being put together on one of the two streams. */
function createLine(
  stream: RawLine['stream'],
  { tty, keep, split }: LogParserOptions,
  onLine: (line: RawLine) => void,
) {
  let time: string | null = null
  let open = false
  let length = 0
  // What came in earlier chunks, copied, so that a piece of a line never keeps a whole chunk in memory.
  let held = Buffer.alloc(0)
  let heldBytes = 0

  function hold(bytes: Buffer): void {
    const wanted = heldBytes + bytes.length
    if (wanted > held.length) {
      const larger = Buffer.allocUnsafe(Math.min(keep, Math.max(1024, wanted * 2)))
      held.copy(larger, 0, 0, heldBytes)
      held = larger
    }
    heldBytes += bytes.copy(held, heldBytes)
  }
  const handOut = (isOpen: boolean) => {
    onLine({ time, stream, bytes: held.subarray(0, heldBytes), length, open: isOpen })
    heldBytes = 0
  }

  function finish(): void {
    if (!open) return
    handOut(false)
    open = false
    time = null
    length = 0
  }
  return {
    isOpen: () => open,
    /** Only the pieces before the last one are of this very size. */
    isInPieces: () => open && length > 0 && length % PIECE === 0,
    /** A message starts here: a new line, or more of the present one when it carries the same time. */
    begin(messageTime: string | null): void {
      if (open && messageTime !== null && messageTime === time) return
      if (!tty) finish()
      open = true
      time = messageTime
    },
    add(bytes: Buffer): void {
      open = true
      length += bytes.length
      let rest = bytes
      while (rest.length > 0) {
        const fits = rest.subarray(0, keep - heldBytes)
        hold(fits)
        rest = rest.subarray(fits.length)
        if (rest.length === 0) return
        if (!split) return
        handOut(true)
      }
    },
    finish,
  }
}

/** A line as pages and the CLI get it: text that can be shown, whatever bytes the program wrote. */
export function toLogLine(raw: RawLine, tty: boolean): LogLine {
  const isCut = raw.length > raw.bytes.length
  // A decoder that is not ended leaves out the character that the cut went through.
  let text = isCut ? new StringDecoder('utf8').write(raw.bytes) : raw.bytes.toString('utf8')
  if (text.includes('\r')) text = withoutReturns(text, tty)
  if (CONTROL.test(text)) text = text.replace(CONTROLS, visible)
  return { time: raw.time, stream: raw.stream, text, cutFrom: isCut ? raw.length : null }
}

/** The returns of a line break go; on a TTY a return within the line starts it over, as progress bars do. */
function withoutReturns(text: string, tty: boolean): string {
  const trimmed = text.replace(/\r+$/, '')
  return tty ? trimmed.slice(trimmed.lastIndexOf('\r') + 1) : trimmed
}

const CONTROL = /\p{Cc}/u
const CONTROLS = /\p{Cc}/gu
/** A control character as its picture (␀); tabs, and the escape of colours, stay. */
function visible(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 9 || code === 27) return character
  if (code === 127) return '\u2421'
  return code < 32 ? String.fromCharCode(0x2400 + code) : '\ufffd'
}
