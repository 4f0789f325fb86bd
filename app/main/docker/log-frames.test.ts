import { expect, test } from 'vitest'
import type { LogLine } from '../../shared/contracts/services.ts'
import { createLogParser, type RawLine, toLogLine } from './log-frames.ts'

const at = (n: number) => `2026-01-02T03:04:05.${String(n).padStart(9, '0')}Z`
const frame = (stream: number, payload: string | Buffer): Buffer => {
  const body = Buffer.from(payload)
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(body.length, 4)
  return Buffer.concat([header, body])
}
const out = (n: number, text: string | Buffer) => frame(1, Buffer.concat([Buffer.from(`${at(n)} `), Buffer.from(text)]))
const err = (n: number, text: string) => frame(2, `${at(n)} ${text}`)

function read(bytes: Buffer, tty = false, sizes: () => number = () => bytes.length): LogLine[] {
  const lines: LogLine[] = []
  const parser = createLogParser({ tty, keep: 32 * 1024, split: false }, (raw) => lines.push(toLogLine(raw, tty)))
  for (let i = 0; i < bytes.length; ) {
    const end = i + Math.max(1, sizes())
    parser.push(bytes.subarray(i, end))
    i = end
  }
  parser.end()
  return lines
}
const brief = (lines: LogLine[]) => lines.map(({ time, stream, text }) => `${time?.slice(-4)} ${stream} ${text}`)

/** A repeatable source of randomness: a failure can be run again. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return state % below
  }
}

test('both streams come in the order of their messages, and a long line is one line', () => {
  const piece = 'x'.repeat(16_384)
  const bytes = Buffer.concat([
    out(1, 'first\n'),
    out(2, piece),
    err(3, 'between\n'),
    out(2, 'end\n'),
    out(4, '\n'),
    out(5, 'no line break'),
  ])
  expect(read(bytes).map((line) => [line.stream, line.text.length, line.cutFrom])).toEqual([
    ['stdout', 5, null],
    ['stderr', 7, null],
    ['stdout', 16_387, null],
    ['stdout', 0, null],
    ['stdout', 13, null],
  ])
})

test('a last piece without a line break, as the local driver sends it, does not swallow the next line', () => {
  const bytes = Buffer.concat([out(1, 'x'.repeat(16_384)), out(1, 'tail'), out(2, 'next\n')])
  expect(read(bytes).map((line) => line.text.length)).toEqual([16_388, 4])
})

test('however the bytes are cut into chunks, the lines are the same', () => {
  const next = random(7)
  const parts: Buffer[] = []
  const words = ['日志', 'é', '\u001b[31mred\u001b[0m', 'plain', '\t', '😀', '\0', '2026-01-02T03:04:05.1Z ']
  for (let n = 0; n < 200; n++) {
    const text = Array.from({ length: next(12) }, () => words[next(words.length)]).join('')
    parts.push(next(3) === 0 ? err(n, `${text}\n`) : out(n, `${text}\n`))
    if (next(70) === 0) parts.push(out(n, Buffer.from([0xff, 0xfe, 0xe6, 0x97, 10])), out(n, 'a'.repeat(16_384)))
  }
  const framed = Buffer.concat(parts)
  const whole = read(framed)
  const raw = Buffer.concat(parts.filter((part) => part[0] === 1).map((part) => part.subarray(8)))
  const rawWhole = read(raw, true)
  expect(whole.length).toBeGreaterThan(200)
  for (let round = 0; round < 30; round++) {
    const most = [1, 2, 7, 40, 1000, 20_000][round % 6]!
    expect(read(framed, false, () => 1 + next(most))).toEqual(whole)
    expect(read(raw, true, () => 1 + next(most))).toEqual(rawWhole)
  }
})

test('a line of 1 MB is cut and says how long it was; memory does not grow with a line that never ends', () => {
  const pieces = Array.from({ length: 64 }, () => out(1, '日'.repeat(5461)))
  const [line] = read(Buffer.concat([...pieces, out(1, '\n')]))
  expect({ kept: line!.text.length, cutFrom: line!.cutFrom, last: line!.text.at(-1) }).toEqual({
    kept: Math.floor((32 * 1024) / 3),
    cutFrom: 64 * 5461 * 3,
    last: '日',
  })

  const lines: RawLine[] = []
  const parser = createLogParser({ tty: false, keep: 32 * 1024, split: false }, (raw) => lines.push(raw))
  const megabyte = out(1, Buffer.alloc(1_000_000, 97))
  const before = process.memoryUsage().arrayBuffers
  for (let n = 0; n < 1000; n++) parser.push(megabyte)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  parser.end()
  expect(lines.map((raw) => raw.length)).toEqual([1_000_000_000])
})

test('in pieces, a long line is handed out whole', () => {
  const pieces: [number, boolean][] = []
  const parser = createLogParser({ tty: false, keep: 10_000, split: true }, (raw) =>
    pieces.push([raw.bytes.length, raw.open]),
  )
  parser.push(Buffer.concat([out(1, 'x'.repeat(16_384)), out(1, 'y\n'), out(2, 'z\n')]))
  expect(pieces).toEqual([
    [10_000, true],
    [6385, false],
    [1, false],
  ])
})

test('a TTY has no frames: times inside a long line are taken out, returns start a line over', () => {
  const long = `${at(2)} ${'x'.repeat(16_384)}${at(2)} ${'y'.repeat(10)}\r\n`
  const exact = `${at(3)} ${'x'.repeat(16_384)}${at(3)} \r\n`
  const bytes = Buffer.from(
    `${at(1)} first\r\n${long}${exact}${at(4)} 10 %\r 50 %\r100 %\r\r\n${at(5)} at ${at(6)} \r\n${at(7)} $ `,
  )
  expect(read(bytes, true).map((line) => (line.text.length > 100 ? line.text.length : line.text))).toEqual([
    'first',
    16_394,
    16_384,
    '100 %',
    `at ${at(6)} `,
    '$ ',
  ])
})

test('binary output becomes text that can be shown', () => {
  const bytes = out(1, Buffer.from([0, 7, 9, 27, 91, 49, 109, 127, 0xc2, 0x9b, 0xff, 0x41, 13, 10]))
  expect(read(bytes)[0]!.text).toBe('␀␇\t\u001b[1m␡\ufffd\ufffdA')
})

test("the engine's own complaint in the stream is a line without a time", () => {
  expect(brief(read(Buffer.concat([out(1, 'a\n'), frame(3, 'Error grabbing logs: EOF\n')])))).toEqual([
    '001Z stdout a',
    'undefined stderr Error grabbing logs: EOF',
  ])
})

test('bytes that are no log stream are refused instead of waited for', () => {
  const huge = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])
  expect(() => read(huge)).toThrow('not a log stream')
  expect(() => read(Buffer.from('HTTP/1.1 500'))).toThrow('not a log stream')
})

test('it tells how many messages it has read and the time of the newest', () => {
  const parser = createLogParser({ tty: false, keep: 100, split: false }, () => {})
  parser.push(Buffer.concat([out(1, 'a\n'), err(2, 'b\n'), out(3, 'half')]))
  parser.push(frame(1, 'x').subarray(0, 4))
  expect([parser.messages, parser.newest]).toEqual([3, at(3)])
})

test('a line without a line break can be had before the stream ends, between two messages', () => {
  const lines: string[] = []
  const parser = createLogParser({ tty: false, keep: 100, split: false }, (raw) => lines.push(String(raw.bytes)))
  const next = out(2, 'next\n')
  parser.push(Buffer.concat([out(1, 'no line break'), next.subarray(0, 3)]))
  const inTheMiddle = parser.flush()
  parser.push(next.subarray(3))
  parser.push(out(3, 'open'))
  expect([inTheMiddle, parser.flush(), lines]).toEqual([false, true, ['no line break', 'next', 'open']])
})

test('a long line of which a piece is still to come is not torn apart', () => {
  const lines: number[] = []
  const parser = createLogParser({ tty: false, keep: 100, split: false }, (raw) => lines.push(raw.length))
  const piece = 'x'.repeat(16 * 1024)
  parser.push(out(1, piece))
  const between = parser.flush()
  parser.push(out(1, `${piece}end`))
  expect([between, parser.flush(), lines]).toEqual([false, true, [2 * piece.length + 3]])
})
