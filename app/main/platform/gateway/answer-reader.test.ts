import { expect, test } from 'vitest'
import { createAnswerReader } from './answer-reader.ts'

/** What is read of these pieces, one answer after the other, as a line for each part. */
function read(pieces: readonly Buffer[], answers = 1): string[] {
  const seen: string[] = []
  const reader = createAnswerReader()
  let body = ''
  const expectNext = (left: number) =>
    reader.expect({
      head: (status, { 'content-type': type = '-' }) => seen.push(`${status} ${type}`),
      data(chunk) {
        body += chunk.toString('latin1')
      },
      end(reusable) {
        seen.push(`${body}${reusable ? '' : ', last of its connection'}`)
        body = ''
        if (reusable && left > 1) expectNext(left - 1)
      },
    })
  expectNext(answers)
  try {
    for (const piece of pieces) reader.push(piece)
    if (reader.close()) seen.push('closed')
  } catch (error) {
    seen.push(`refused: ${(error as Error).message}`)
  }
  return seen
}
const answer = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1')
const plain = answer('HTTP/1.1 200 OK', 'Content-Type: a/b', 'Content-Length: 5', '', 'hello')
const chunked = answer(
  'HTTP/1.1 429 No',
  'transfer-encoding: Chunked',
  '',
  '5;x=1',
  'hello',
  'a ',
  ' again\r\n!!',
  '0',
  't: 1',
  '',
  '',
)

const cases: Readonly<Record<string, readonly [Buffer, string[]]>> = {
  'a length': [plain, ['200 a/b', 'hello']],
  chunks: [chunked, ['429 -', 'hello again\r\n!!']],
  'nothing, as 204 says': [answer('HTTP/1.1 204 No', 'content-type: c', '', ''), ['204 c', '']],
  'no bytes, as its length says': [answer('HTTP/1.1 200 OK', 'content-length: 0', '', ''), ['200 -', '']],
  'what comes before it': [
    Buffer.concat([answer('HTTP/1.1 103 Early', 'link: x', '', ''), plain]),
    ['200 a/b', 'hello'],
  ],
  'the end of its connection': [
    answer('HTTP/1.1 200 OK', '', 'all of it'),
    ['200 -', 'all of it, last of its connection', 'closed'],
  ],
  'HTTP/1.0': [answer('HTTP/1.0 200 OK', 'content-length: 2', '', 'ok'), ['200 -', 'ok, last of its connection']],
  'a connection that ends with it': [
    answer('HTTP/1.1 200 OK', 'connection: Close', 'content-length: 2', '', 'ok'),
    ['200 -', 'ok, last of its connection'],
  ],
}
test.each(Object.entries(cases))('an answer with %s, however it is cut', (_name, [bytes, expected]) => {
  const ways = [[bytes], [...bytes].map((byte) => Buffer.from([byte]))]
  for (let at = 1; at < bytes.length; at++) ways.push([bytes.subarray(0, at), bytes.subarray(at)])
  for (const pieces of ways) expect(read(pieces)).toEqual(expected)
})

test('answers of one connection, one after the other', () => {
  expect(read([plain, chunked, plain], 3)).toEqual([
    '200 a/b',
    'hello',
    '429 -',
    'hello again\r\n!!',
    '200 a/b',
    'hello',
  ])
})

test('what was not asked for makes the connection unfit, and is nobody’s answer', () => {
  expect(read([Buffer.concat([plain, plain])], 2)).toEqual(['200 a/b', 'hello, last of its connection'])
  expect(read([plain, plain])).toEqual(['200 a/b', 'hello', 'refused: it says something that was not asked'])
})

const head = (...lines: string[]) => answer('HTTP/1.1 200 OK', ...lines, '', '')
const refused: Readonly<Record<string, Buffer>> = {
  'two lengths': head('content-length: 5', 'content-length: 6'),
  'a length beside chunks': head('content-length: 5', 'transfer-encoding: chunked'),
  'another encoding': head('transfer-encoding: gzip, chunked'),
  'chunks twice': head('transfer-encoding: chunked', 'transfer-encoding: identity'),
  'a length that is none': head('content-length: +5'),
  'a list of lengths': head('content-length: 5, 5'),
  'a folded line': head('content-type: a', ' b'),
  'a space before the colon': head('content-length : 5'),
  'a line without a colon': head('hello'),
  'a bare line feed': head('content-type: a\ncontent-length: 5'),
  'another protocol': answer('HTTP/1.1 101 Switching', '', ''),
  'another version': answer('HTTP/2 200', '', ''),
  'no HTTP at all': answer('SSH-2.0-x', '', ''),
  'a head without end': Buffer.alloc(70_000, 'x'),
  'a chunk without length': Buffer.concat([head('transfer-encoding: chunked'), Buffer.from('\r\n')]),
  'a negative chunk': Buffer.concat([head('transfer-encoding: chunked'), Buffer.from('-5\r\nhello\r\n')]),
  'a chunk of no end': Buffer.concat([head('transfer-encoding: chunked'), Buffer.from('fffffffffffff\r\n')]),
  'a chunk that is longer than it says': Buffer.concat([
    head('transfer-encoding: chunked'),
    Buffer.from('2\r\nhello\r\n'),
  ]),
  'a line without end': Buffer.concat([head('transfer-encoding: chunked'), Buffer.from(`1;${'x'.repeat(5000)}`)]),
  'trailers without end': Buffer.concat([
    head('transfer-encoding: chunked'),
    Buffer.from(`0\r\n${'a: b\r\n'.repeat(200)}`),
  ]),
}
test.each(Object.entries(refused))('%s is refused', (_name, bytes) => {
  expect(read([bytes]).at(-1)).toMatch(/^refused: /)
})
