import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { plainRequest } from './plain-request.ts'

const body = '{"messages":[{"role":"user","content":"水"}]}'
const length = Buffer.byteLength(body)
function bytesOf(
  change: Readonly<Record<string, string>> = {},
  first = 'POST /v1/chat/completions HTTP/1.1',
  end = body,
) {
  const headers = {
    ...{ host: '127.0.0.1:8000', 'content-type': 'application/json', 'content-length': String(length) },
    ...change,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([first, ...lines, '', end].join('\r\n'))
}

test('a plain call is read whole', () => {
  const more = { Authorization: 'Bearer ph_a', 'X-Request-ID': 'r1', accept: '*/*', Connection: 'keep-alive' }
  expect(plainRequest(bytesOf(more))).toEqual({
    path: '/v1/chat/completions',
    headers: {
      ...{ host: '127.0.0.1:8000', 'content-type': 'application/json', 'content-length': String(length) },
      ...{ authorization: 'Bearer ph_a', 'x-request-id': 'r1', connection: 'keep-alive' },
    },
    body: Buffer.from(body),
  })
})

const others: Readonly<Record<string, Buffer>> = {
  'another method': bytesOf({}, 'GET /v1/chat/completions HTTP/1.1'),
  'another path': bytesOf({}, 'POST /v1/images/generations HTTP/1.1'),
  'a query': bytesOf({}, 'POST /v1/chat/completions?a=1 HTTP/1.1'),
  'another version': bytesOf({}, 'POST /v1/chat/completions HTTP/1.0'),
  'a piece of a request': bytesOf().subarray(0, -1),
  'more than a request': Buffer.concat([bytesOf(), Buffer.from('P')]),
  'a head without end': Buffer.from('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n'),
  'no host': Buffer.from(bytesOf().toString().replace('host', 'hast')),
  chunks: bytesOf({ 'Transfer-Encoding': 'chunked' }),
  'a body that waits': bytesOf({ expect: '100-continue' }),
  'a packed body': bytesOf({ 'content-encoding': 'gzip' }),
  'another type': bytesOf({ 'content-type': 'text/plain' }),
  'the end of the connection': bytesOf({ connection: 'close' }),
  'a page of another site': bytesOf({ origin: 'http://a.test' }),
  'two lengths': bytesOf({ 'Content-Length': String(length) }),
  'two hosts': bytesOf({ Host: 'localhost' }),
  'a length with a sign': bytesOf({ 'content-length': `+${length}` }),
  'a header of other letters': bytesOf({ 'x-name': 'é' }),
  'a space before the colon': bytesOf({ 'x-name ': 'a' }),
  'a bare line feed': bytesOf({ 'x-name': 'a\nhost: b' }),
  'a large head': bytesOf({ 'x-name': 'a'.repeat(9000) }),
}
test.each(Object.entries(others))('%s is for the server of HTTP', (_name, bytes) => {
  expect(plainRequest(bytes)).toBeNull()
})

test('what is read is what a server of HTTP reads, of thousands of broken requests', async () => {
  const server = createServer(async (request, response) => {
    const got = await text(request)
    const { host, authorization, 'content-type': type, 'x-request-id': id } = request.headers
    response.end(JSON.stringify([request.url, host, authorization, type, id, got]))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  let seed = 7
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const letters = [
    '\r',
    '\n',
    '\r\n',
    ':',
    ' ',
    '\t',
    '\0',
    'a',
    'é',
    ',',
    '0',
    '5',
    'host: b\r\n',
    'Content-Length: 3\r\n',
  ]
  const sound = bytesOf({ authorization: 'Bearer x', 'x-request-id': 'r1' }).toString('latin1')
  let taken = 0
  for (let i = 0; i < 20_000; i++) {
    const at = random(sound.length)
    const change = letters[random(letters.length)]!
    const bytes = Buffer.from(sound.slice(0, at) + change + sound.slice(at + random(3)), 'latin1')
    const read = plainRequest(bytes)
    // Most are not taken; of those that are, every tenth is asked of the server too.
    if (!read || ++taken % 10 !== 0) continue
    const socket = connect(port, '127.0.0.1')
    socket.end(bytes)
    const reply = (await buffer(socket)).toString()
    const { host, authorization, 'content-type': type, 'x-request-id': id } = read.headers
    const own = [read.path, host, authorization, type, id, read.body.toString()].map((one) => one ?? null)
    expect([bytes.toString('latin1'), JSON.parse(reply.slice(reply.indexOf('\r\n\r\n') + 4))]).toEqual([
      bytes.toString('latin1'),
      own,
    ])
  }
  expect(taken).toBeGreaterThan(500)
})
