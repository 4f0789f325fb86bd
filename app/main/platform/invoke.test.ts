import { readFile, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { context, startPlatform, tides } from './test-world.ts'

const upstreamOf = () =>
  startUpstream(({ url }, response) => {
    const broken = url.startsWith('/broken')
    response
      .writeHead(broken ? 500 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(broken ? { error: 'dry' } : { high: ['04:12'], url }))
  })

test('a tool is called by the plugin’s id, its name for the model, and its slug', async () => {
  const upstream = await upstreamOf()
  const { send } = await startPlatform({ plugins: [await tides(upstream.url)] })
  for (const plugin of ['7001', 'tides', 'tide-tables']) {
    const { status, json, headers } = await send(
      'POST',
      `/api/plugin/invoke/${plugin}/high_water`,
      { harbour: 'Husum', wind: 3 },
      { 'x-request-id': 'mine' },
    )
    expect([status, json]).toEqual([
      200,
      {
        ...{ success: true, data: { high: ['04:12'], url: '/tides?harbour=Husum' }, request_id: 'mine' },
        ...{ duration_ms: expect.any(Number), status_code: 200, dropped: ['wind'] },
      },
    ])
    expect(headers.get('x-request-id')).toBe('mine')
  }
})

test('every failure has its code and its HTTP status', async () => {
  const upstream = await upstreamOf()
  const disabled = await tides(upstream.url, { id: 'off', nameForModel: 'off', state: 'disabled' })
  const forbidden = await tides('http://169.254.169.254', { id: 'far', nameForModel: 'far' })
  const { send } = await startPlatform({ plugins: [await tides(upstream.url), disabled, forbidden] })
  const failed = async (path: string, body: object, language = 'en') => {
    const { status, json } = await send('POST', `/api/plugin/invoke/${path}`, body, { 'accept-language': language })
    const keys = path.startsWith('nobody') ? {} : { duration_ms: expect.any(Number) }
    expect(json).toMatchObject({ success: false, error: expect.any(String), request_id: expect.any(String), ...keys })
    return [status, json.code, json.status_code]
  }
  expect(await failed('tides/high_water', {})).toEqual([400, 'ARGUMENT_MISSING', null])
  expect(await failed('tides/set_alert', { level: 'high' })).toEqual([400, 'ARGUMENT_INVALID', null])
  expect(await failed('nobody/high_water', {})).toEqual([404, 'PLUGIN_NOT_FOUND', undefined])
  expect(await failed('tides/low_water', {})).toEqual([404, 'TOOL_NOT_FOUND', null])
  expect(await failed('off/gauge', {})).toEqual([409, 'PLUGIN_NOT_ACTIVE', null])
  expect(await failed('far/gauge', {})).toEqual([403, 'ADDRESS_FORBIDDEN', null])
  expect(await failed('tides/gauge', {})).toEqual([502, 'UPSTREAM_FAILED', 500])
  const chinese = await send('POST', '/api/plugin/invoke/off/gauge', {}, { 'accept-language': 'zh-CN,zh' })
  expect(chinese.json.error).toMatch(/未启用/)
})

test('a caller that hangs up ends its call at the other end', async () => {
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>()
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  const upstream = await startUpstream((_heard, response) => {
    response.once('close', leave)
    hear()
  })
  const { base, heard: told, of } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const sent = request({ port: base, host: '127.0.0.1', method: 'POST', path: '/api/plugin/invoke/tides/gauge' })
  sent.on('error', () => {})
  sent.end()
  await heard
  sent.destroy()
  await left
  await told('calls')
  expect(of('calls')[0]!.records).toMatchObject([{ operationId: 'gauge', error: 'CANCELLED', statusCode: null }])
})

test('each call is one line of the log and one of the history', async () => {
  const upstream = await upstreamOf()
  const plugin = await tides(upstream.url)
  const { send, stop, callLog, of } = await startPlatform({ plugins: [plugin] })
  await send('POST', '/api/plugin/invoke/tides/high_water', { harbour: 'Husum' })
  await send('POST', '/api/plugin/invoke/tides/gauge', {})
  await send('POST', '/api/plugin/invoke/tides/high_water', {})
  await stop()
  const lines = (await readFile(callLog, 'utf8')).trimEnd().split('\n')
  const [ok, broken, refused] = lines.map((line) => JSON.parse(line))
  expect(ok).toEqual({
    ...{ timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), level: 'info', component: 'plugin' },
    ...{ plugin_name: 'tides', operation_id: 'high_water', method: 'GET' },
    ...{ url: `${upstream.url}/tides?harbour=Husum`, duration_ms: expect.any(Number), status_code: 200 },
  })
  expect(broken).toMatchObject({ level: 'error', status_code: 500, error: 'UPSTREAM_FAILED' })
  // Operators' scripts compare the status with 400: it is a number where nothing was sent, too.
  expect(refused).toMatchObject({ method: '', url: '', status_code: 400, error: 'ARGUMENT_MISSING' })
  expect((await stat(callLog)).mode & 0o777).toBe(0o600)
  const records = of('calls').flatMap((one) => one.records)
  expect(records).toEqual([
    {
      ...{ pluginId: '7001', versionId: plugin.versionId, operationId: 'high_water', at: expect.any(Number) },
      ...{ surface: 'invoke', method: 'GET', url: `${upstream.url}/tides?harbour=Husum`, statusCode: 200 },
      ...{ durationMs: expect.any(Number), error: null, payload: null },
    },
    expect.objectContaining({ operationId: 'gauge', error: 'UPSTREAM_FAILED', statusCode: 500 }),
    expect.objectContaining({ operationId: 'high_water', error: 'ARGUMENT_MISSING', statusCode: null }),
  ])
})

test('what is kept of a recorded plugin holds none of its secrets', async () => {
  const upstream = await startUpstream(({ headers, body }, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ seen: headers['x-key'], body })),
  )
  const secret = 'it"is\\a secret'
  const plugin = await tides(
    upstream.url,
    { recording: true, configuration: { service_token: secret } },
    { auth: { kind: 'serviceToken', name: 'X-Key', token: '', place: 'header' } },
  )
  const { send, stop, of, callLog } = await startPlatform({ plugins: [plugin] })
  const note = `my note ${secret} sk-abcdefabcdefabcdef12`
  const { json } = await send('POST', '/api/plugin/invoke/tides/set_alert', { level: 3, note })
  expect(json.data.seen).toBe(secret)
  await stop()
  const [record] = of('calls').flatMap((one) => one.records)
  expect(JSON.parse(record!.payload!.arguments)).toEqual({ level: 3, note: 'my note *** ***' })
  const kept = record!.payload!.answer + (await readFile(callLog, 'utf8'))
  expect(kept).toContain('my note')
  for (const part of ['secret', 'sk-abc']) expect(kept).not.toContain(part)
})

test('calls under way are finished before it stops; new ones are not begun', async () => {
  const { promise: heard, resolve: hear } = Promise.withResolvers<() => void>()
  const upstream = await startUpstream((_heard, response) =>
    hear(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')),
  )
  const { send, stop, url } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const answer = send('POST', '/api/plugin/invoke/tides/gauge', {})
  const release = await heard
  const stopped = stop()
  await expect(fetch(`${url}/healthz`, { headers: { connection: 'close' } })).rejects.toThrow()
  release()
  expect((await answer).json).toMatchObject({ success: true, data: { ok: true } })
  await stopped
})

test('a disk that takes no log fails no call', async () => {
  const upstream = await upstreamOf()
  const options = { callLog: '/dev/null/nowhere/calls.log' }
  const { send, stop, of } = await startPlatform({ plugins: [await tides(upstream.url)], options })
  expect((await send('POST', '/api/plugin/invoke/tides/high_water', { harbour: 'x' })).status).toBe(200)
  await stop()
  expect(of('log')).toEqual([expect.objectContaining({ level: 'warn', message: 'calls not logged' })])
})

test('more than a thousand calls at once are refused', async () => {
  const releases: (() => void)[] = []
  const upstream = await startUpstream((_heard, response) => void releases.push(() => response.end('{}')))
  const { platform, send, stop } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const call = {
    ...{ plugin: 'tides', operation: 'gauge', arguments: {}, requestId: 'r', surface: 'command' as const },
  }
  const leaving = new AbortController()
  const running = Array.from({ length: 1000 }, () =>
    platform.call(call, { signal: leaving.signal, report: context.report }),
  )
  await expect.poll(() => releases.length).toBeGreaterThan(100)
  const { status, json } = await send('POST', '/api/plugin/invoke/tides/gauge', {})
  expect([status, json.code]).toEqual([503, 'CALL_TOO_MANY'])
  leaving.abort()
  const outcomes = await Promise.all(running)
  expect(new Set(outcomes.map(({ failure }) => failure?.code))).toEqual(new Set(['CANCELLED']))
  for (const release of releases) release()
  await stop()
})

test('a thousand calls are under way at most; the next is refused at once, and taken when there is room', async () => {
  const waiting: (() => void)[] = []
  const upstream = await startUpstream(({ url }, response) => {
    const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    if (url === '/broken') waiting.push(answer)
    else answer()
  })
  const { platform, send } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const gauge = { plugin: 'tides', operation: 'gauge', arguments: {}, requestId: 'r', surface: 'command' } as const
  const calls = Array.from({ length: 1000 }, () => platform.call(gauge, context))
  await expect.poll(() => waiting.length).toBeGreaterThan(100)
  const refused = await send('POST', '/api/plugin/invoke/tides/high_water', { harbour: 'x' })
  expect([refused.status, refused.json.code]).toEqual([503, 'CALL_TOO_MANY'])
  let ended = 0
  for (const call of calls) void Promise.resolve(call).then(() => ended++)
  await expect
    .poll(
      () => {
        for (const answer of waiting.splice(0)) answer()
        return ended
      },
      { timeout: 10_000 },
    )
    .toBe(1000)
  expect((await send('POST', '/api/plugin/invoke/tides/high_water', { harbour: 'x' })).status).toBe(200)
})

test('a call of the console is finished before it stops', async () => {
  const { promise: heard, resolve: hear } = Promise.withResolvers<() => void>()
  const upstream = await startUpstream((_heard, response) =>
    hear(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')),
  )
  const { platform, stop } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const gauge = { plugin: 'tides', operation: 'gauge', arguments: {}, requestId: 'r', surface: 'console' } as const
  const call = platform.call(gauge, context)
  const release = await heard
  const stopped = stop()
  release()
  expect(await call).toMatchObject({ ok: true, data: { ok: true } })
  await stopped
})
