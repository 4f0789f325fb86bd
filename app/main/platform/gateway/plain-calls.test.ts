import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { context } from '../test-world.ts'
import { event, json, keyOf, type Script, said, startGateway, startVendor, word } from './test-gateway.ts'

// A call on the bare connection and one through the server of HTTP are to be the same for whoever calls.

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One connection whose answers are read one after the other; all of them say their length. */
async function connection(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  let got = Buffer.alloc(0)
  const ended = once(socket, 'end')
  async function next(): Promise<Answer> {
    for (;;) {
      const end = got.indexOf('\r\n\r\n')
      const [first = '', ...lines] = got.toString('latin1', 0, Math.max(0, end)).split('\r\n')
      const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(/: (.*)/s)))
      const stop = end + 4 + Number(headers['content-length'])
      if (end >= 0 && got.length >= stop) {
        const body = got.toString('utf8', end + 4, stop)
        got = got.subarray(stop)
        return { status: Number(first.split(' ')[1]), headers, body }
      }
      got = Buffer.concat([got, (await once(socket, 'data'))[0]])
    }
  }
  return { socket, next, ended, write: (bytes: string | Buffer) => socket.write(bytes) }
}

const usual = { model: 'm', messages: [{ role: 'user', content: 'When is the water high? 水' }] }
function request(
  body: object | string = usual,
  headers: Readonly<Record<string, string>> = {},
  path = '/v1/chat/completions',
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const all = { host: 'localhost', 'content-type': 'application/json', 'x-request-id': 'r-1', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
}
/** Nothing in it differs from call to call. */
function same({ status, headers, body }: Answer) {
  const { date, connection: kept, 'keep-alive': _timeout, 'x-pilothouse-decision': decision, ...rest } = headers
  return { status, headers: rest, body, told: [date, kept, decision].map((one) => one !== undefined) }
}

const failing =
  (status: number, code: string, headers: object = {}): Script =>
  (response) =>
    json(response, status, { error: { message: '水 no', type: 't', code } }, headers)
const token = { id: 't', name: 'shop', hash: '', scopes: { features: ['embedding'], models: null, plugins: null } }
const cases: Readonly<
  Record<string, { script?: Script; body?: object | string; headers?: Record<string, string>; path?: string }>
> = {
  'is answered': {},
  'is answered in a language': { headers: { 'accept-language': 'zh-CN' }, script: failing(500, 'broken') },
  'asks for an embedding': { body: { model: 'e', input: 'a' }, path: '/v1/embeddings' },
  'names a feature': { body: { ...usual, model: 'chat' } },
  'names a model that nobody has': { body: { ...usual, model: 'nobody' } },
  'is the caller’s fault': { script: failing(400, 'bad_thing') },
  'comes too often': { script: failing(429, 'slow', { 'retry-after': '7' }) },
  fails: { script: failing(503, 'down') },
  'is answered with no JSON': { script: (response) => void response.end('<html>') },
  'is no JSON': { body: '{"a":' },
  'is no object': { body: '[1]' },
  'is empty': { body: '' },
  'names a model that is too long': { body: { ...usual, model: 'm'.repeat(300) } },
  'has a token that nobody knows': { headers: { authorization: 'Bearer ph_nobody' } },
  'has a token for something else': { headers: { authorization: 'Bearer ph_shop' } },
  'comes by a foreign name': { headers: { host: 'a.test' } },
}
test.each(Object.entries(cases))(
  'a call that %s: the same either way',
  async (_name, { script, body, headers, path }) => {
    const vendor = await startVendor(script ?? ((response) => json(response, 200, said('At noon. 水'))))
    const world = await startGateway([keyOf('one', vendor.url)])
    const hash = createHash('sha256').update('ph_shop').digest('hex')
    await world.platform.tokens([{ ...token, hash, rpm: null, tpm: null, expiresAt: null }], context)
    const ask = async (more: Record<string, string>) => {
      const { write, next } = await connection(world.base)
      write(request(body, { ...headers, ...more }, path))
      const answer = await next()
      await world.platform.resetHealth({ keyIds: ['one'] }, context)
      return same(answer)
    }
    const plain = await ask({})
    // A header that only the server of HTTP may read.
    expect(plain).toEqual(await ask({ te: 'trailers' }))
    expect(plain.headers['x-request-id']).toBe('r-1')
  },
)

test('a call whose body is no UTF-8 is refused, though it is plain in all else', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([keyOf('one', vendor.url)])
  const { write, next } = await connection(world.base)
  const sound = request({ ...usual, user: 'caf~' })
  const broken = Buffer.from(sound)
  broken[broken.indexOf('~')] = 0xe9
  write(broken)
  const { status, body } = await next()
  expect([status, JSON.parse(body).error]).toMatchObject([
    400,
    { code: 'BAD_INPUT', message: expect.stringContaining('it is no UTF-8') },
  ])
  const second = await connection(world.base)
  second.write(sound)
  expect([(await second.next()).status, vendor.seen.length]).toEqual([200, 1])
})

test('a connection goes on in the server of HTTP as soon as something else is asked, and nothing is lost', async () => {
  const vendor = await startVendor((response, { body }) => json(response, 200, said(String(body['user']))))
  const world = await startGateway([keyOf('one', vendor.url)])
  const { write, next } = await connection(world.base)
  const numbered = (user: string) => request({ ...usual, user }, { 'x-request-id': user })
  const seen: string[] = []
  const read = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const { status, headers } = await next()
      seen.push(`${headers['x-request-id']} ${status}`)
    }
  }
  write(numbered('a'))
  await read(1)
  write(numbered('b'))
  await read(1)
  write('GET /v1/models HTTP/1.1\r\nhost: localhost\r\nx-request-id: list\r\n\r\n')
  await read(1)
  write(numbered('c') + numbered('d'))
  await read(2)
  expect(seen).toEqual(['a 200', 'b 200', 'list 200', 'c 200', 'd 200'])
  expect(vendor.seen.map(({ body }) => body['user'])).toEqual(['a', 'b', 'c', 'd'])
})

test('what is asked before the answer to the last is there waits for its turn', async () => {
  const waiting: (() => void)[] = []
  const asked: (() => void)[] = []
  const vendor = await startVendor((response, { body }) => {
    waiting.push(() => json(response, 200, said(String(body['user']))))
    asked.shift()?.()
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { write, next } = await connection(world.base)
  const first = new Promise<void>((resolve) => asked.push(resolve))
  const second = new Promise<void>((resolve) => asked.push(resolve))
  write(request({ ...usual, user: 'a' }))
  await first
  write(request({ ...usual, user: 'b' }))
  waiting.shift()!()
  expect((await next()).body).toContain('"content":"a"')
  await second
  waiting.shift()!()
  expect((await next()).body).toContain('"content":"b"')
})

test('an answer that is read slowly arrives whole, and the connection is idle from then on', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const large = said('x'.repeat(20_000_000))
  const vendor = await startVendor((response) => json(response, 200, large))
  const world = await startGateway([keyOf('one', vendor.url)])
  const { socket, next, write } = await connection(Number(new URL(world.url).port))
  write(request())
  await once(socket, 'readable')
  vi.advanceTimersByTime(60_000)
  expect(JSON.parse((await next()).body)).toEqual(large)
  vi.advanceTimersByTime(60_000)
  await once(socket, 'close')
})

test('a stream is for the server of HTTP', async () => {
  const vendor = await startVendor((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(event(word('hi')) + event('[DONE]'))
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { socket, write } = await connection(world.base)
  write(request({ ...usual, stream: true }))
  let got = ''
  while (!got.includes('[DONE]')) got += String((await once(socket, 'data'))[0])
  expect(got).toContain('content-type: text/event-stream')
})

test('when the platform stops, what is idle ends at once, and what is asked is answered first', async () => {
  let answer = () => {}
  let told = () => {}
  const asked = new Promise<void>((resolve) => {
    told = resolve
  })
  const vendor = await startVendor((response) => {
    answer = () => json(response, 200, said('late'))
    told()
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const idle = await connection(world.base)
  const busy = await connection(world.base)
  busy.write(request())
  await asked
  const stopped = world.stop()
  await idle.ended
  answer()
  const { status, headers } = await busy.next()
  expect([status, headers['connection']]).toEqual([200, 'close'])
  await busy.ended
  await stopped
})
