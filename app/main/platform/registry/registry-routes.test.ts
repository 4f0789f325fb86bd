import { expect, test } from 'vitest'
import { instance, serve, startRegistry } from './test-world.ts'

test('a service registers, beats, is listed and takes itself out, under both paths', async () => {
  const { send, asked } = await startRegistry()
  const sent = { name: 'demo-service', url: 'http://127.0.0.1:8090/', health_path: '/healthz', metadata: { zone: 1 } }
  const registered = await send('POST', '/api/registry/services', sent)
  const told = {
    ...{ id: '17', name: 'demo-service', url: 'http://127.0.0.1:8090', version: null, metadata: { zone: '1' } },
    ...{ health_path: '/healthz', ttl_s: 30, status: 'up', reason: null, since: '1970-01-01T00:00:00.000Z' },
    ...{
      registered_at: '1970-01-01T00:00:00.000Z',
      last_heartbeat: '1970-01-01T00:01:00.000Z',
      requests: 0,
      errors: 0,
    },
  }
  expect([registered.status, registered.json]).toEqual([201, told])
  expect((await send('PUT', '/api/v1/services/17/heartbeat')).json).toEqual(told)
  expect((await send('GET', '/api/v1/services')).json).toEqual({ services: [told], total: 1 })
  expect((await send('DELETE', '/api/registry/services/17')).status).toBe(204)
  expect((await send('GET', '/api/registry/services')).json).toEqual({ services: [], total: 0 })
  const gone = await send('PUT', '/api/registry/services/17/heartbeat')
  expect([gone.status, gone.json.code]).toEqual([404, 'INSTANCE_NOT_FOUND'])
  expect(asked[0]).toEqual({
    name: 'instanceRegister',
    input: {
      ...{ name: 'demo-service', url: 'http://127.0.0.1:8090', healthPath: '/healthz', version: null },
      ...{ metadata: { zone: '1' }, ttlSeconds: 30 },
    },
  })
  const other = { name: 'x', host: '::1', port: 80, version: '2', ttl_s: 5 }
  expect((await send('POST', '/api/v1/services', other)).json).toMatchObject({ url: 'http://[::1]', ttl_s: 5 })
})

test('what cannot be registered is refused, and says why', async () => {
  const { send, asked } = await startRegistry()
  const refused = async (body: unknown) => {
    const { status, json } = await send('POST', '/api/registry/services', body)
    return [status, json.code]
  }
  const url = 'http://127.0.0.1:1'
  for (const name of ['plugins', 'v1', 'chat', 'registry', 'Demo', 'a_b', '-a', '', 'a'.repeat(64), 7])
    expect(await refused({ name, url })).toEqual([400, 'BAD_INPUT'])
  for (const body of [
    [],
    { name: 'a' },
    { name: 'a', host: '127.0.0.1' },
    { name: 'a', host: 'a/b', port: 1 },
    { name: 'a', url: 'nothing' },
    { name: 'a', url: 'http://me:word@127.0.0.1' },
    { name: 'a', url: `${url}/?x=1` },
    { name: 'a', url, health_path: 'healthz' },
    { name: 'a', url, ttl_s: 0 },
    { name: 'a', url, ttl_s: 'soon' },
    { name: 'a', url, ttl_s: { toString: 1, valueOf: 1 } },
    { name: 'a', url, ttl_s: [30] },
    { name: 'a', host: '127.0.0.1', port: { toString: 1, valueOf: 1 } },
    { name: 'a', host: '127.0.0.1', port: [80] },
    { name: 'a', url, metadata: { deep: {} } },
    { name: 'a', url, metadata: { long: 'x'.repeat(600) } },
  ])
    expect(await refused(body)).toEqual([400, 'BAD_INPUT'])
  for (const address of [
    'http://169.254.169.254',
    'http://[fe80::1]',
    'http://100.100.100.200/',
    'ftp://127.0.0.1',
    'file:///etc',
  ])
    expect(await refused({ name: 'a', url: address })).toEqual([403, 'ADDRESS_FORBIDDEN'])
  expect(asked).toEqual([])
})

test('probes find out what is well, once and again, and only while there is something to ask', async () => {
  let answers = 200
  const paths: string[] = []
  const { url } = await serve((req, res) => {
    paths.push(req.url!)
    if (answers > 0) res.writeHead(answers).end('x')
  })
  const { table, heard, asked } = await startRegistry({ times: { probeEveryMs: 20, probeLimitMs: 150 } })
  const probe = (ok: boolean, reason: string | null) => (input: { probe?: unknown }[]) =>
    JSON.stringify(input[0]?.probe) === JSON.stringify({ ok, reason })
  table.set([instance(`${url}/base`, { healthPath: '/healthz?deep=1' }), instance('http://127.0.0.1:1')])
  await heard(probe(true, null))
  answers = 503
  await heard(probe(false, '/healthz?deep=1 answered 503'))
  answers = 0
  await heard(probe(false, '/healthz?deep=1 did not answer within 0.15 s'))
  expect(new Set(paths)).toEqual(new Set(['/base/healthz?deep=1']))
  table.set([instance('http://127.0.0.1:1', { healthPath: '/' })])
  await heard(probe(false, '/: nothing listens there'))
  expect(asked.every(({ name }) => name === 'instanceReports')).toBe(true)
})

test('a probe whose answer does not end holds its connection no longer than it may take', async () => {
  const { url, server } = await serve((_req, res) => res.writeHead(200, { 'content-length': 2 }).flushHeaders())
  const { table, heard, asked } = await startRegistry({ times: { probeEveryMs: 10, probeLimitMs: 100 } })
  table.set([instance(url, { healthPath: '/' })])
  await heard(() => asked.length === 60)
  const open = await new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
  expect(open).toBeLessThan(30)
})
