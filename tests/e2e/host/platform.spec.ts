import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from '@playwright/test'
import { type ConsoleProcess, runCommand, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { startTides, writeTidesPackage } from '../../lib/tides.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
let folder: string
let base: number
let console_: ConsoleProcess
let tides: Awaited<ReturnType<typeof startTides>>

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-platform-'))
  base = await freePorts(6)
  console_ = await startConsole({ data: join(folder, 'data'), platform: ['--port-base', String(base)], env })
  tides = await startTides()
})
test.afterEach(async () => {
  if (console_.child.exitCode === null) await console_.stop()
  tides.stop()
  rmSync(folder, { recursive: true, force: true })
})

const at = (offset: number) => `http://127.0.0.1:${base + offset}`
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const command = (...args: string[]) => runCommand([...args, '--data', console_.data], env)

test('the line of --json names every port, and the process that has one of them', async () => {
  expect(console_.platform).toEqual({
    gateway: at(0),
    ports: {
      ...{ gateway: base, 'config-centre': base + 1, 'plugin-service': base + 2 },
      ...{ registry: base + 3, 'router-engine': base + 4, 'coze-api': base + 5 },
    },
    skipped: [],
  })
  const other = await freePorts(6)
  const holder = createServer().listen(other + 2, '127.0.0.1')
  await once(holder, 'listening')
  const second = await startConsole({ platform: ['--port-base', String(other)], env })
  try {
    expect(second.platform?.skipped).toEqual([{ port: other + 2, pid: process.pid, command: expect.any(String) }])
    expect(Object.keys(second.platform?.ports ?? {})).toHaveLength(5)
  } finally {
    await second.stop()
    holder.close()
  }
})

test('every port answers for its health, its readiness and its metrics', async () => {
  for (const offset of [0, 1, 2, 3, 4, 5]) {
    const health = await fetch(`${at(offset)}/healthz`)
    expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ status: 'healthy' })])
    expect(health.headers.get('x-request-id')).toMatch(/./)
  }
  await expect.poll(async () => (await fetch(`${at(2)}/ready`)).status).toBe(200)
  const metrics = await (await fetch(`${at(5)}/metrics`)).text()
  for (const name of ['coze_plugin_requests_total', 'coze_plugin_request_duration_seconds', 'coze_active_plugins']) {
    expect(metrics).toContain(name)
  }
})

test('one import, then the tool answers over HTTP, to an agent, over MCP and on the command line', async () => {
  const imported = await command('plugins', 'import', writeTidesPackage(folder, tides.url))
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('Tide tables') })

  const listed = await (await fetch(`${at(5)}/admin/plugins`)).json()
  expect(listed.plugins).toEqual([
    expect.objectContaining({ plugin_id: '7001', name: 'tides', status: 'active', version: 'v1.0.0' }),
  ])
  const high = { harbour: 'Husum', high: ['04:12', '16:40'] }
  const invoked = await post(
    `${at(5)}/api/plugin/invoke/tides/high_water`,
    { harbour: 'Husum' },
    { 'x-request-id': 'mine' },
  )
  expect(invoked.headers.get('x-request-id')).toBe('mine')
  expect(await invoked.json()).toMatchObject({ success: true, data: high, request_id: 'mine', status_code: 200 })
  expect(tides.heard.at(-1)).toMatchObject({ method: 'GET', url: '/tides?harbour=Husum' })
  expect(tides.heard.at(-1)?.headers['user-agent']).toBe('Tides/1.0')

  const missing = await post(`${at(5)}/api/plugin/invoke/tides/high_water`, {})
  expect([missing.status, await missing.json()]).toEqual([
    400,
    expect.objectContaining({ success: false, code: 'ARGUMENT_MISSING' }),
  ])
  const failed = await post(`${at(5)}/api/plugin/invoke/tides/gauge`, {})
  expect([failed.status, await failed.json()]).toEqual([
    502,
    expect.objectContaining({ success: false, code: 'UPSTREAM_FAILED', status_code: 500 }),
  ])

  const functions = await (await fetch(`${at(2)}/api/plugins/functions`)).json()
  const list: { function: { name: string; parameters: object } }[] = functions.data?.functions ?? functions
  expect(list.map((one) => one.function.name).sort()).toEqual(['tides__gauge', 'tides__high_water', 'tides__set_alert'])

  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${at(0)}/mcp`)))
  try {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual(['tides__gauge', 'tides__high_water', 'tides__set_alert'])
    const answer = await client.callTool({ name: 'tides__set_alert', arguments: { level: 3.5 } })
    expect(JSON.stringify(answer.content)).toContain('3.5')
    expect(tides.heard.at(-1)).toMatchObject({ method: 'POST', url: '/alerts', body: '{"level":3.5,"loud":false}' })
  } finally {
    await client.close()
  }

  const called = await command('plugins', 'call', 'tides', 'high_water', '--json', '{"harbour":"Husum"}')
  expect({ ...called, stdout: JSON.parse(called.stdout) }).toEqual({ code: 0, stdout: high, stderr: '' })
  expect(await command('plugins', 'call', 'tides', 'gauge')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('UPSTREAM_FAILED'),
  })
  const tested = await command('plugins', 'test', 'tides')
  expect(tested.stdout).toContain('set_alert')
  expect(tested.stdout).toContain('skipped')
})

test('an upload over HTTP is a new version; the old one is a switch away', async () => {
  await command('plugins', 'import', writeTidesPackage(folder, tides.url))
  await command('plugins', 'import', writeTidesPackage(folder, tides.url, { version: 'v1.1.0', query: 'port' }))
  const call = async (body: unknown) => (await post(`${at(2)}/api/plugin/invoke/7001/high_water`, body)).status
  expect([await call({ port: 'Husum' }), await call({ harbour: 'Husum' })]).toEqual([200, 400])
  const rolled = await post(`${at(2)}/api/plugins/7001/versions/v1.0.0/activate`, {}, { 'x-user-id': '1' })
  expect(rolled.status).toBe(200)
  expect([await call({ port: 'Husum' }), await call({ harbour: 'Husum' })]).toEqual([400, 200])
  const disabled = await post(`${at(2)}/api/plugins/7001/disable`, {})
  expect([disabled.status, await call({ harbour: 'Husum' })]).toEqual([200, 409])
})

test('after kill -9 everything that was active is active again', async () => {
  await command('plugins', 'import', writeTidesPackage(folder, tides.url))
  const ended = once(console_.child, 'exit')
  console_.child.kill('SIGKILL')
  await ended
  console_ = await startConsole({ data: console_.data, platform: ['--port-base', String(base)], env })
  await expect.poll(async () => (await fetch(`${at(5)}/ready`)).status).toBe(200)
  const invoked = await post(`${at(5)}/api/plugin/invoke/tides/high_water`, { harbour: 'Husum' })
  expect(await invoked.json()).toMatchObject({ success: true })
})
