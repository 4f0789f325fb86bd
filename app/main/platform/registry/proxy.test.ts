import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { instance, serve, startRegistry } from './test-world.ts'

const text = async (message: AsyncIterable<Buffer>) => {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  return Buffer.concat(parts).toString()
}

/** A connection that ends as soon as something was said on it. */
async function hangsUp() {
  let connections = 0
  const server = createTcpServer((socket) => {
    connections++
    socket.on('error', () => {}).once('data', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, count: () => connections }
}

test('a path goes on as it is with its query, and headers of one connection stay there', async () => {
  const seen: IncomingMessage[] = []
  const { url } = await serve((req, res) => {
    seen.push(req)
    res.setHeader('set-cookie', ['a=1', 'pilothouse_session_9=stolen', 'b=2'])
    res
      .writeHead(207, 'Many', { connection: 'x-hop', 'x-hop': '1', 'keep-alive': 'timeout=9', 'x-own': 'ä%20' })
      .end('{}')
  })
  const { table, send, port } = await startRegistry()
  table.set([instance(`${url}/base`)])
  const answer = await send('GET', '/api/tides/a/../%2Fb//c?x=1&y=%20', undefined, {
    ...{ 'x-request-id': 'r-1', 'x-forwarded-for': '10.0.0.1', authorization: 'Bearer mine', via: '1.0 other' },
    ...{ cookie: 'a=1; pilothouse_session_7=secret; b=2', te: 'trailers', 'x-forwarded-host': 'spoofed' },
  })
  // `fetch` resolves `..` before it sends.
  expect(seen[0]!.url).toBe('/base/%2Fb//c?x=1&y=%20')
  const {
    'user-agent': _,
    'accept-language': _1,
    'sec-fetch-mode': _2,
    accept: _3,
    'accept-encoding': _4,
    ...headers
  } = seen[0]!.headers
  expect(headers).toEqual({
    ...{ host: url.slice(7), connection: 'keep-alive', authorization: 'Bearer mine', cookie: 'a=1; b=2' },
    ...{ 'x-forwarded-for': '10.0.0.1, 127.0.0.1', 'x-forwarded-proto': 'http', via: '1.0 other, 1.1 pilothouse' },
    ...{ 'x-forwarded-host': `127.0.0.1:${port}`, 'x-request-id': 'r-1' },
  })
  expect([answer.status, answer.text, answer.headers.getSetCookie()]).toEqual([207, '{}', ['a=1', 'b=2']])
  const hop = ['x-hop', 'x-request-id', 'connection', 'keep-alive'].map((name) => answer.headers.get(name))
  expect(hop).toEqual([null, 'r-1', 'keep-alive', expect.not.stringContaining('9')])
  for (const [path, arrived] of [
    ['/api/tides', '/base/'],
    ['/api/tides?x', '/base/?x'],
    [`/api/tides/${'x'.repeat(3000)}`, `/base/${'x'.repeat(3000)}`],
  ] as const) {
    await send('GET', path)
    expect(seen.at(-1)!.url).toBe(arrived)
  }
})

test('a status line that cannot be written again is an answer all the same', async () => {
  const lines = ['042 odd', '101 Switching Protocols', '999 high', '200 f\x01i\x7fne']
  let next = 0
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(`HTTP/1.1 ${lines[next++]}\r\nContent-Length: 2\r\n\r\nok`))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { table, open } = await startRegistry()
  table.set([instance(`http://127.0.0.1:${(server.address() as { port: number }).port}`)])
  const seen: unknown[] = []
  for (const _ of lines) {
    const { sent, answer } = open('GET', '/api/tides/')
    sent.end()
    const message = await answer
    seen.push([message.statusCode, message.statusMessage, (await text(message)).includes('UPSTREAM_FAILED')])
  }
  expect(seen).toEqual([
    [502, 'Bad Gateway', true],
    [502, 'Bad Gateway', true],
    [999, 'high', false],
    [200, 'fine', false],
  ])
})

test('bodies stream both ways, of any size and kind', async () => {
  const { url } = await serve((req, res) => {
    res.writeHead(200, { 'content-type': req.headers['content-type'] ?? '' })
    req.pipe(res)
  })
  const { table, open } = await startRegistry()
  table.set([instance(url)])
  const { sent, answer } = open('POST', '/api/tides/echo', { 'content-type': 'application/json; odd' })
  sent.write('first')
  const message = await answer
  // The answer began while the question was still being asked.
  expect(String((await once(message, 'data'))[0])).toBe('first')
  sent.end('second')
  expect(await text(message)).toBe('second')
  // Whether it is a kind at all is the service's to say.
  const unkind = open('POST', '/api/tides/echo', { 'content-type': 'none' })
  unkind.sent.end('x')
  const { headers } = await unkind.answer
  expect([headers['content-type'], await text(await unkind.answer)]).toEqual(['none', 'x'])

  const big = randomBytes(24 * 1024 * 1024)
  const upload = open('PUT', '/api/tides/echo', { 'content-length': String(big.length) })
  upload.sent.end(big)
  const hash = createHash('sha256')
  for await (const part of await upload.answer) hash.update(part)
  expect(hash.digest('hex')).toBe(createHash('sha256').update(big).digest('hex'))
})

test('a header that is no ASCII arrives as it was sent', async () => {
  const name = 'attachment; filename="\u6f6e\u6c50.pdf"'
  const server = createTcpServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (sent) => {
        const switching = sent.includes('Upgrade: websocket')
        const [status, upgrade] = switching
          ? ['101 On', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']
          : ['200 OK', '']
        socket.write(`HTTP/1.1 ${status}\r\n${upgrade}Content-Disposition: ${name}\r\nContent-Length: 0\r\n\r\n`)
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { table, port } = await startRegistry()
  table.set([instance(`http://127.0.0.1:${(server.address() as { port: number }).port}`)])
  for (const more of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET /api/tides/ HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`)
    expect(String((await once(socket, 'data'))[0])).toContain(name)
    socket.destroy()
  }
})

test('an upload that a service refuses early is answered, and one that breaks off is broken off', async () => {
  const broken = Promise.withResolvers<void>()
  const { url } = await serve((req, res) => {
    if (req.url === '/refuses') return void res.writeHead(413).end('too much')
    req.on('error', () => broken.resolve()).resume()
    if (req.url === '/half') {
      res.writeHead(200).write('part')
      setImmediate(() => res.destroy())
    }
  })
  const { table, open } = await startRegistry()
  table.set([instance(url)])
  const early = open('POST', '/api/tides/refuses', { 'content-length': '50000000' })
  early.sent.on('error', () => {}).write(Buffer.alloc(1_000_000))
  const refused = await early.answer
  expect([refused.statusCode, await text(refused)]).toEqual([413, 'too much'])
  early.sent.destroy()
  const half = open('GET', '/api/tides/half')
  half.sent.end()
  await expect(text(await half.answer)).rejects.toThrow()
  const leaving = open('POST', '/api/tides/takes', { 'content-length': '100' })
  leaving.sent.on('error', () => {}).write('some')
  setTimeout(() => leaving.sent.destroy(), 30)
  await broken.promise
})

test('healthy instances take turns over kept connections, and main learns how often', async () => {
  const calls: string[] = []
  const sockets = new Set<unknown>()
  const member = (name: string, status = 200) =>
    serve((req, res) => {
      calls.push(name)
      sockets.add(req.socket)
      res.writeHead(status).end()
    })
  const [a, b, c] = await Promise.all([member('a'), member('b', 500), member('c')])
  const { table, send, heard, asked } = await startRegistry()
  const down = { kind: 'down', since: 0, reason: 'no heartbeat' } as const
  table.set([
    instance(a.url),
    instance(b.url),
    instance(c.url, { state: down }),
    instance(c.url, { id: 'o', name: 'other' }),
  ])
  for (let i = 0; i < 6; i++) await send('GET', '/api/tides/')
  expect([calls, sockets.size]).toEqual([['a', 'b', 'a', 'b', 'a', 'b'], 2])
  await heard((input: readonly unknown[]) => Array.isArray(input))
  expect(asked).toEqual([
    {
      name: 'instanceReports',
      input: [
        { id: a.url, probe: null, requests: 3, errors: 0 },
        { id: b.url, probe: null, requests: 3, errors: 3 },
      ],
    },
  ])
})

test('what may be repeated is asked once more of another instance; what may not is told', async () => {
  const broken = await hangsUp()
  const bodies: string[] = []
  const { url } = await serve((req, res) => {
    bodies.push(`${req.method}`)
    res.end('here')
  })
  const { table, send } = await startRegistry()
  const both = () => table.set([instance(broken.url), instance(url)])
  both()
  expect((await send('GET', '/api/tides/')).text).toBe('here')
  // It refused just now: the others go first.
  expect((await send('POST', '/api/tides/', {})).text).toBe('here')
  expect([bodies, broken.count()]).toEqual([['GET', 'POST'], 1])
  table.set([instance(broken.url)])
  for (const [method, body, connections] of [
    ['GET', undefined, 3],
    ['POST', undefined, 4],
    ['PUT', 'x', 5],
  ] as const) {
    const { status, json } = await send(method, '/api/tides/', body, { 'x-request-id': 'r' })
    const error = `${broken.url.slice(7)} cannot be reached: it closed the connection`
    expect([status, json, broken.count()]).toEqual([
      502,
      { success: false, error, code: 'UPSTREAM_UNREACHABLE', request_id: 'r' },
      connections,
    ])
  }
})

test('a service that is unknown, down, slow, at a forbidden address or in a circle: each is said', async () => {
  const { url } = await serve(() => {})
  const { table, send, url: own } = await startRegistry({ times: { answerMs: 500 } })
  const failing = async (path: string) => {
    const { status, json } = await send('GET', path)
    return [status, json.code, json.error]
  }
  expect(await failing('/api/tides/x')).toEqual([404, 'SERVICE_NOT_REGISTERED', 'No service is registered as tides.'])
  const down = (reason: string) => ({ state: { kind: 'down', since: 0, reason } }) as const
  table.set([
    instance('http://127.0.0.1:8090', down('no heartbeat for more than 90 s')),
    instance('http://127.0.0.1:8091', down('/healthz answered 500')),
  ])
  expect(await failing('/api/tides/x')).toEqual([
    503,
    'NO_HEALTHY_UPSTREAM',
    'No instance of tides is healthy: http://127.0.0.1:8090 (no heartbeat for more than 90 s); http://127.0.0.1:8091 (/healthz answered 500)',
  ])
  const inChinese = await send('GET', '/api/tides/x', undefined, { 'accept-language': 'zh-CN' })
  expect(inChinese.json.error).toBe(
    'tides 没有健康的实例：http://127.0.0.1:8090（超过 90 秒没有心跳）；http://127.0.0.1:8091（/healthz 返回了 500）',
  )
  table.set([instance(url)])
  expect(await failing('/api/tides/x')).toEqual([504, 'UPSTREAM_TIMEOUT', expect.stringContaining('did not answer')])
  table.set([instance(`${own}/api/tides`)])
  expect(await failing('/api/tides/x')).toEqual([
    503,
    'NO_HEALTHY_UPSTREAM',
    `No instance of tides is healthy: ${own}/api/tides leads back to this platform`,
  ])
  expect((await failing('/api/plugins/none')).slice(0, 2)).toEqual([404, 'PATH_UNKNOWN'])
})

test('a WebSocket passes, is refused where the service refuses, and ends with the platform', async () => {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'chat' })
  const { server: http, url } = await serve((_req: IncomingMessage, res: ServerResponse) => res.end('plain'))
  http.on('upgrade', (req, socket, head) => {
    if (req.url !== '/talk?to=me') return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno')
    server.handleUpgrade(req, socket, head, (client) => {
      client.send(`hello ${req.headers['x-request-id']}`)
      client.on('message', (data, binary) => client.send(data, { binary }))
    })
  })
  const { table, port, stop } = await startRegistry()
  table.set([instance(url)])
  const dial = (path: string) =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, ['chat'], { headers: { 'x-request-id': 'r' } })
  const client = dial('/api/tides/talk?to=me')
  expect(String((await once(client, 'message'))[0])).toBe('hello r')
  const big = randomBytes(3_000_000)
  client.send(big)
  expect([client.protocol, big.equals((await once(client, 'message'))[0])]).toEqual(['chat', true])

  const refused = async (path: string) => {
    const [, response] = (await once(
      dial(path).on('error', () => {}),
      'unexpected-response',
    )) as [unknown, IncomingMessage]
    return [response.statusCode, await text(response)]
  }
  expect(await refused('/api/tides/other')).toEqual([403, 'no'])
  expect(await refused('/api/none/talk')).toEqual([404, expect.stringContaining('SERVICE_NOT_REGISTERED')])
  // One that does not hang up after a refusal is hung up on.
  const staying = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  staying.write('GET /api/none/ HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  await once(staying.resume(), 'end')
  const left = once(staying, 'error')
  const asking = setInterval(() => staying.write('x'), 10)
  onTestFinished(() => clearInterval(asking))
  expect((await left)[0]).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET/) })
  // Another protocol than that is not taken up: the request is answered in its own.
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /api/tides/ HTTP/1.1\r\nhost: a\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK[\s\S]*plain/)
  const [closed] = await Promise.all([once(client, 'close'), stop()])
  expect(closed[0]).toBe(1006)
})
