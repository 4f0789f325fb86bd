import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { context, startPlatform, tides } from './test-world.ts'

// What agents see: the list of functions, and the Model Context Protocol.

const upstreamOf = () =>
  startUpstream(({ url, body }, response) => {
    const broken = url.startsWith('/broken')
    response
      .writeHead(broken ? 500 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(broken ? { error: 'dry' } : { url, body }))
  })
const names = ['tides__gauge', 'tides__high_water', 'tides__set_alert']

test('active tools are functions, of all plugins or of one; a function is called by its name', async () => {
  const upstream = await upstreamOf()
  const fog = await tides(upstream.url, { id: '8001', nameForModel: 'fog', name: 'Fog' })
  const off = await tides(upstream.url, { id: '9001', nameForModel: 'off', state: 'disabled' })
  const { send, of, stop } = await startPlatform({ plugins: [await tides(upstream.url), fog, off] })
  const list = async (query = ''): Promise<string[]> => {
    const { json } = await send('GET', `/api/plugins/functions${query}`)
    return json.data.functions.map((one: { function: { name: string } }) => one.function.name).sort()
  }
  expect(await list()).toEqual([...names.map((name) => name.replace('tides', 'fog')), ...names])
  expect(await list('?plugin=7001')).toEqual(names)
  expect(await list('?plugin=tides')).toEqual(names)
  expect((await send('GET', '/api/plugins/functions?plugin=none')).status).toBe(404)

  const call = (name: unknown, given: unknown) =>
    send('POST', '/api/plugins/functions/call', { name, arguments: given })
  expect((await call('tides__high_water', { harbour: 'Husum' })).json).toMatchObject({
    ...{ success: true, data: { url: '/tides?harbour=Husum' }, status_code: 200 },
  })
  // Models answer with the text of the arguments.
  expect((await call('fog__set_alert', '{"level":3.5}')).json.data.body).toBe('{"level":3.5}')
  const failures = [
    await call('off__gauge', {}),
    await call('tides__high_water', '{'),
    await call('tides__high_water', ''),
    await call(7, {}),
  ]
  expect(failures.map(({ status, json }) => [status, json.code])).toEqual([
    [404, 'TOOL_NOT_FOUND'],
    [400, 'BAD_INPUT'],
    [400, 'ARGUMENT_MISSING'],
    [404, 'TOOL_NOT_FOUND'],
  ])
  await stop()
  expect(of('calls').flatMap(({ records }) => records.map(({ pluginId }) => pluginId))).toEqual([
    '7001',
    '8001',
    '7001',
  ])
})

async function connected(url: string, mode: 'auto' | 'legacy' = 'legacy') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)))
  onTestFinished(() => client.close())
  return client
}

test('every active tool is offered and called over MCP', async () => {
  const upstream = await upstreamOf()
  const plugin = await tides(upstream.url)
  const { url, of, stop, platform } = await startPlatform({ plugins: [plugin] })
  const client = await connected(url)
  expect(client.getServerVersion()).toMatchObject({ name: 'pilothouse', version: '1.2.3' })
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name).sort()).toEqual(names)
  expect(tools.find(({ name }) => name === 'tides__high_water')).toMatchObject({
    inputSchema: { type: 'object', required: ['harbour'] },
  })
  const answer = await client.callTool({ name: 'tides__set_alert', arguments: { level: 3.5 } })
  expect(answer.isError ?? false).toBe(false)
  expect(answer.content).toEqual([{ type: 'text', text: JSON.stringify({ url: '/alerts', body: '{"level":3.5}' }) }])
  const failed = await client.callTool({ name: 'tides__gauge', arguments: {} })
  expect([failed.isError, JSON.stringify(failed.content)]).toEqual([true, expect.stringContaining('answered 500')])
  const missing = await client.callTool({ name: 'tides__high_water', arguments: {} })
  expect([missing.isError, JSON.stringify(missing.content)]).toEqual([true, expect.stringContaining('harbour')])
  const invalid = { code: -32602 }
  await expect(client.callTool({ name: 'nothing', arguments: {} })).rejects.toMatchObject(invalid)
  await expect(client.listTools({ cursor: 'none' })).rejects.toMatchObject(invalid)
  await platform.plugins({ reset: false, upserted: [{ ...plugin, state: 'disabled' }], removed: [] }, context)
  expect((await client.listTools()).tools).toEqual([])
  await stop()
  expect(of('calls').flatMap(({ records }) => records.map(({ surface }) => surface))).toEqual(Array(3).fill('mcp'))
})

test('clients of the newest revision and of an old one are both served', async () => {
  const upstream = await upstreamOf()
  const { url, send } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const newest = await connected(url, 'auto')
  expect((await newest.listTools()).tools).toHaveLength(3)
  expect(await newest.callTool({ name: 'tides__gauge', arguments: {} })).toMatchObject({ isError: true })
  const older = await connected(url)
  const versions = [newest, older].map((client) => client.getNegotiatedProtocolVersion() ?? '')
  expect(versions[0]! > versions[1]!).toBe(true)

  const accept = { accept: 'application/json, text/event-stream' }
  const oldest = async (method: string, params: object) =>
    (await send('POST', '/mcp', { jsonrpc: '2.0', id: 1, method, params }, accept)).text
  const clientInfo = { name: 'old', version: '1' }
  expect(await oldest('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo })).toContain(
    '"protocolVersion":"2024-11-05"',
  )
  expect(await oldest('tools/list', {})).toContain('tides__gauge')
})

test('there is no session: other methods than POST are not taken', async () => {
  const { send } = await startPlatform()
  for (const method of ['GET', 'DELETE']) {
    const { status, headers } = await send(method, '/mcp', undefined, { accept: 'text/event-stream' })
    expect([status, headers.get('allow'), headers.get('x-request-id')]).toEqual([
      405,
      'POST',
      expect.stringMatching(/./),
    ])
  }
  const initialize = {
    ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'curl', version: '1' } },
  }
  const accept = { accept: 'application/json, text/event-stream' }
  const { status, text, headers } = await send('POST', '/mcp', initialize, accept)
  expect([status, headers.get('mcp-session-id')]).toEqual([200, null])
  expect(text).toContain('"pilothouse"')
  const foreign = await send('POST', '/mcp', initialize, { ...accept, origin: 'https://attacker.example' })
  expect(foreign.status).toBe(403)
})

test('three hundred tools come in pages that together hold each once', async () => {
  const many = await Promise.all(
    Array.from({ length: 100 }, (_, i) => tides('http://127.0.0.1:1', { id: `p${i}`, nameForModel: `p${i}` })),
  )
  const { url } = await startPlatform({ plugins: many })
  const client = await connected(url)
  const seen = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor })
    for (const { name } of page.tools) seen.add(name)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  expect(seen.size).toBe(300)
})
