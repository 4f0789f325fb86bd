import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { context, startPlatform, tides } from './test-world.ts'

test('every port says that it is healthy, and which part it is', async () => {
  const { wishes, send } = await startPlatform({ parts: ['gateway', 'coze-api'] })
  for (const { part, port } of wishes) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        ...{ status: 'healthy', service: part, version: '1.2.3', uptime_s: expect.any(Number) },
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ])
  }
  expect((await send('GET', '/health')).json.status).toBe('healthy')
})

test('a store that does not answer is unhealthy', async () => {
  const { send } = await startPlatform({ answers: { health: () => ({ ok: false, error: 'disk I/O error' }) } })
  const { status, json } = await send('GET', '/healthz')
  expect([status, json]).toEqual([503, { status: 'unhealthy', error: 'disk I/O error' }])
})

test('the store is asked once, however many want to know', async () => {
  const { promise: slow, resolve: answer } = Promise.withResolvers<void>()
  const { url, of, heard } = await startPlatform({
    answers: { health: () => slow.then(() => ({ ok: true, error: null })) },
  })
  const all = Array.from({ length: 50 }, () => fetch(`${url}/healthz`))
  await heard('health')
  answer()
  expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]))
  expect(of('health')).toHaveLength(1)
})

test('it is ready once it knows the plugins', async () => {
  const { send, platform } = await startPlatform({ plugins: null })
  const before = await send('GET', '/ready')
  expect([before.status, before.json]).toEqual([503, { status: 'not ready', reason: expect.any(String) }])
  await platform.plugins({ reset: true, upserted: [], removed: [] }, context)
  const after = await send('GET', '/ready')
  expect([after.status, after.json]).toEqual([200, { status: 'ready' }])
})

test('the metrics are those that dashboards know', async () => {
  const { send, base } = await startPlatform({ plugins: [await tides('http://127.0.0.1:1')] })
  await send('POST', '/api/plugin/invoke/tides/high_water', {})
  await send('POST', '/api/plugin/invoke/tides/whatever%20one%20writes', {})
  const { text: metrics, headers } = await send('GET', '/metrics')
  expect(headers.get('content-type')).toContain('text/plain')
  const labels = 'plugin_name="tides",operation="high_water"'
  expect(metrics).toContain(`coze_plugin_requests_total{${labels},status="error"} 1`)
  expect(metrics).toContain('coze_plugin_requests_total{plugin_name="tides",operation="unknown",status="error"} 1')
  for (const le of ['0.1', '0.5', '1', '2', '5', '10', '+Inf'])
    expect(metrics).toContain(`coze_plugin_request_duration_seconds_bucket{le="${le}",${labels}} 1`)
  expect(metrics).toContain('coze_active_plugins{plugin_type="openapi"} 1')
  expect(metrics).toContain(`pilothouse_requests_total{port="${base}"} 3`)
  expect(metrics).toContain('process_cpu_seconds_total')
})

test('a port that is taken is told, the others open; one that is not wished any more closes', async () => {
  const { platform, base, wishes } = await startPlatform({ parts: ['gateway'] })
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port: taken } = holder.address() as { port: number }
  const wish = { part: 'registry', port: taken } as const
  expect(await platform.listen({ ports: [...wishes, wish] }, context)).toEqual([
    { part: 'gateway', port: base, error: null },
    { ...wish, error: 'taken' },
  ])
  holder.close()
  await once(holder, 'close')
  expect(await platform.listen({ ports: [wish] }, context)).toEqual([{ ...wish, error: null }])
  expect((await fetch(`http://127.0.0.1:${taken}/healthz`)).status).toBe(200)
  await expect(fetch(`http://127.0.0.1:${base}/healthz`, { headers: { connection: 'close' } })).rejects.toThrow()
})

test('requests are told by port', async () => {
  const { of, heard, send, base } = await startPlatform()
  await send('GET', '/ready')
  await heard('requests')
  expect(of('requests')).toEqual([[{ port: base, requests: 1 }]])
})

test('a request id that is sane comes back; any other is made anew', async () => {
  const { send } = await startPlatform()
  const id = async (given: string) =>
    (await send('GET', '/ready', undefined, { 'x-request-id': given })).headers.get('x-request-id')
  expect(await id('mine-1')).toBe('mine-1')
  expect(await id('x'.repeat(129))).toMatch(/^[\w-]{3,36}$/)
  expect(await id('a b')).toMatch(/^[\w-]{3,36}$/)
})

test('what cannot be read is refused with a code, and the next request is answered', async () => {
  const { send, base } = await startPlatform({ plugins: [await tides('http://127.0.0.1:1')] })
  const path = '/api/plugin/invoke/tides/high_water'
  const refused = async (method: string, where: string, body?: string, headers?: Record<string, string>) => {
    const { status, json, headers: answered } = await send(method, where, body, headers)
    expect(json).toMatchObject({ success: false, error: expect.any(String), request_id: answered.get('x-request-id') })
    return [status, json.code]
  }
  expect(await refused('GET', '/nothing/here')).toEqual([404, 'PATH_UNKNOWN'])
  expect(await refused('POST', path, '{"harbour":')).toEqual([400, 'BAD_INPUT'])
  expect(await refused('POST', path, '[1]')).toEqual([400, 'BAD_INPUT'])
  expect(await refused('POST', path, '<a/>', { 'content-type': 'text/xml' })).toEqual([415, 'BAD_INPUT'])
  expect(await refused('GET', '/api/plugins/%zz')).toEqual([400, 'BAD_INPUT'])
  expect(await refused('POST', path, JSON.stringify({ harbour: 'x'.repeat(11 * 1024 * 1024) }))).toEqual([
    413,
    'UPLOAD_TOO_LARGE',
  ])
  // An empty body is one without members.
  expect(await refused('POST', path, '', { 'content-type': 'application/json' })).toEqual([400, 'ARGUMENT_MISSING'])
  const raw = (sent: string) => {
    const socket = connect(base, '127.0.0.1')
    socket.end(sent)
    return text(socket)
  }
  expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*x-request-id: \w+.*"code":"BAD_INPUT"/s)
  expect(await raw(`GET / HTTP/1.1\r\nhost: localhost\r\na: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
  const poison = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"harbour":"Husum"}'
  expect(await refused('POST', path, poison)).toEqual([502, 'UPSTREAM_UNREACHABLE'])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty'])
    expect(await refused('POST', `/api/plugin/invoke/${name}/${name}`)).toEqual([404, 'PLUGIN_NOT_FOUND'])
  expect(await refused('POST', '/api/plugin/invoke/tides/__proto__')).toEqual([404, 'TOOL_NOT_FOUND'])
  expect((await send('GET', '/healthz')).status).toBe(200)
})

test('names that lead here from elsewhere, and pages of elsewhere, are refused', async () => {
  const { base, send } = await startPlatform()
  const asHost = async (host: string) => {
    const sent = request({ port: base, host: '127.0.0.1', path: '/healthz', headers: { host } }).end()
    const [response] = await once(sent, 'response')
    return [response.statusCode, JSON.parse(await text(response)).code]
  }
  expect(await asHost('attacker.example')).toEqual([421, 'FOREIGN_HOST'])
  expect(await asHost('127.0.0.1.attacker.example:8000')).toEqual([421, 'FOREIGN_HOST'])
  for (const host of [`localhost:${base}`, '[::1]:8000', '127.0.0.1']) expect((await asHost(host))[0]).toBe(200)
  for (const origin of ['https://attacker.example', 'null', 'file://localhost', 'http://localhost.attacker.example']) {
    const { status, json } = await send('GET', '/api/plugins', undefined, { origin })
    expect([status, json.code]).toEqual([403, 'FOREIGN_ORIGIN'])
  }
  const own = await send('GET', '/api/plugins', undefined, { origin: 'http://localhost:3000' })
  expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, null])
})

test('without open local mode only health, readiness and metrics are answered', async () => {
  const { send, platform, options } = await startPlatform({ options: { openLocalMode: false } })
  for (const path of ['/api/plugins', '/admin/plugins', '/nothing']) {
    const { status, json, headers } = await send('GET', path)
    expect([status, json.code, headers.get('www-authenticate')]).toEqual([401, 'TOKEN_NEEDED', 'Bearer'])
  }
  for (const path of ['/healthz', '/health', '/ready', '/metrics']) expect((await send('GET', path)).status).toBe(200)
  await platform.configure({ ...options, openLocalMode: true }, context)
  expect((await send('GET', '/api/plugins')).status).toBe(200)
})

test('a method that a path does not take is told those that it takes', async () => {
  const { send } = await startPlatform()
  const allowed = async (method: string, path: string) => {
    const { status, json, headers } = await send(method, path)
    return [status, json.code, headers.get('allow')]
  }
  expect(await allowed('GET', '/api/plugin/invoke/tides/gauge')).toEqual([405, 'PATH_UNKNOWN', 'POST'])
  expect(await allowed('POST', '/healthz')).toEqual([405, 'PATH_UNKNOWN', 'GET, HEAD'])
  expect(await allowed('PATCH', '/api/plugins/7001')).toEqual([405, 'PATH_UNKNOWN', 'DELETE, GET, HEAD'])
  expect(await allowed('OPTIONS', '/api/plugins/a/b/c')).toEqual([404, 'PATH_UNKNOWN', null])
})

test('a mistake in the answer to one caller takes no other down', async () => {
  const { promise: slow, resolve: answer } = Promise.withResolvers<void>()
  let asked = 0
  const { send, of } = await startPlatform({
    answers: {
      async list() {
        if (++asked === 1) await slow
        else throw new TypeError('a mistake')
        return []
      },
    },
  })
  const first = send('GET', '/api/plugins')
  await expect.poll(() => asked).toBe(1)
  const failed = await send('GET', '/api/plugins')
  expect([failed.status, failed.json.code, failed.text.includes('a mistake')]).toEqual([500, 'INTERNAL', false])
  answer()
  expect((await first).json).toEqual({ success: true, data: { plugins: [] } })
  expect(of('log')).toMatchObject([
    { level: 'error', fields: { request_id: failed.json.request_id, error: expect.stringContaining('a mistake') } },
  ])
})
