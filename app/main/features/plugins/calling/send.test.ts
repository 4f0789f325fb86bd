import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { callerFor, inUse, readDocument, startUpstream } from './test-plugins.ts'

const plugin = async (server: string, method = 'get') =>
  inUse(
    await readDocument(`openapi: 3.0.1
info: { title: T, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  /x:
    ${method}:
      operationId: x
      summary: s
      parameters: [{ name: q, in: query, schema: { type: string } }]
      responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } }
`),
  )

test('what was written is submitted once; what never had a connection is sent again', async () => {
  const upstream = await startUpstream((_heard, response) => response.destroy())
  const { call } = callerFor()
  expect(await call(await plugin(upstream.url, 'post'), 'x')).toMatchObject({
    attempts: 1,
    failure: { code: 'UPSTREAM_UNREACHABLE' },
  })
  expect(await call(await plugin(upstream.url, 'put'), 'x')).toMatchObject({
    attempts: 3,
    failure: { code: 'UPSTREAM_UNREACHABLE' },
  })
  expect(upstream.heard.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT', 'PUT'])

  const harbour = await startUpstream()
  let lookups = 0
  const late = callerFor({
    resolver(_host, done) {
      if (lookups++ === 0) done(Object.assign(new Error('not yet'), { code: 'EAI_AGAIN' }), [])
      else done(null, [{ address: '127.0.0.1', family: 4 }])
    },
  })
  const named = await plugin(`http://harbour.test:${harbour.port}`, 'post')
  expect(await late.call(named, 'x')).toMatchObject({ ok: true, attempts: 2 })
  expect(harbour.heard).toHaveLength(1)
})

test('an order on a connection that the other end has closed meanwhile is submitted once', async () => {
  const heard: string[] = []
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      heard.push(request.url ?? '')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}', () => request.socket.end())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { call } = callerFor()
  const post = await plugin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'post')
  const delivered: string[] = []
  for (let i = 0; i < 20; i++) if ((await call(post, 'x', { q: `${i}` })).ok) delivered.push(`/x?q=${i}`)
  // One that met the end of its connection is told as failed; whether it was heard cannot be known.
  expect([new Set(heard).size, delivered.filter((url) => !heard.includes(url))]).toEqual([heard.length, []])
})

test('an answer that began is never asked for again, and what came of it is told', async () => {
  const upstream = await startUpstream(({ url }, response) => {
    if (url.includes('cut')) {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy())
    } else if (url.includes('later')) response.writeHead(503, { 'retry-after': '3' }).end('{"busy":true}')
    else response.writeHead(503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }).end()
  })
  const { call } = callerFor()
  const get = await plugin(upstream.url)
  expect(await call(get, 'x', { q: 'cut' })).toMatchObject({
    ...{ ok: false, attempts: 1, statusCode: 200, data: null, failure: { code: 'RESPONSE_UNREADABLE' } },
  })
  expect(await call(get, 'x', { q: 'later' })).toMatchObject({ attempts: 1, statusCode: 503, data: { busy: true } })
  expect(await call(get, 'x', { q: 'date' })).toMatchObject({ attempts: 1, statusCode: 503 })
  expect(upstream.heard).toHaveLength(3)
})

test('packed answers are unpacked, and what is no such packing is told', async () => {
  const text = '{"tide":"high"}'
  const packed: Record<string, Buffer> = {
    ...{ gzip: gzipSync(text), br: brotliCompressSync(text), deflate: deflateSync(text) },
    'gzip, br': brotliCompressSync(gzipSync(text)),
  }
  const upstream = await startUpstream(({ url }, response) => {
    const wanted = new URL(url, 'http://a').searchParams.get('q')!
    const bytes = wanted === 'raw' ? deflateRawSync(text) : (packed[wanted] ?? Buffer.from(text))
    const encoding = wanted === 'raw' ? 'deflate' : wanted === 'lie' ? 'gzip' : wanted
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(bytes)
  })
  const { call } = callerFor()
  const get = await plugin(upstream.url)
  for (const q of [...Object.keys(packed), 'raw', 'identity']) {
    expect([q, (await call(get, 'x', { q })).data]).toEqual([q, { tide: 'high' }])
  }
  for (const q of ['lie', 'zip']) expect((await call(get, 'x', { q })).failure?.code).toBe('RESPONSE_UNREADABLE')
})

test('stopping ends what is under way, and nothing begins afterwards', async () => {
  const arrived = Promise.withResolvers<void>()
  const silent = await startUpstream(() => arrived.resolve())
  const { call, caller } = callerFor()
  const get = await plugin(silent.url)
  const waiting = call(get, 'x')
  await arrived.promise
  await caller.stop()
  expect([(await waiting).failure?.code, (await call(get, 'x')).failure?.code]).toEqual(['CANCELLED', 'CANCELLED'])
  expect(silent.heard).toHaveLength(1)
})

test('another policy holds for the next call; one that is under way ends as it began', async () => {
  let policy = { allowLoopback: true, allowPrivate: false }
  const answers: (() => void)[] = []
  const arrived = Promise.withResolvers<void>()
  const upstream = await startUpstream((_heard, response) => {
    answers.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
    arrived.resolve()
  })
  const { call } = callerFor({ policy: () => policy })
  const get = await plugin(upstream.url)
  const waiting = call(get, 'x')
  await arrived.promise
  policy = { allowLoopback: false, allowPrivate: false }
  expect((await call(get, 'x')).failure).toEqual({
    code: 'ADDRESS_FORBIDDEN',
    details: { address: '127.0.0.1', reason: 'it is this machine', reasonZh: '这是本机' },
  })
  answers[0]!()
  expect(await waiting).toMatchObject({ ok: true })
  expect(upstream.heard).toHaveLength(1)
})
