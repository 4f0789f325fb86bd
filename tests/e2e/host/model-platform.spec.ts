import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import { isFree } from '../../lib/free-ports.ts'
import { curl, curlMissing } from '../../lib/shell.ts'

// The platform's documents are full of commands with ports in them. Here they are run as they are written.

const ports = [8000, 8001, 8002, 8003, 8004, 8080]
const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
let folder: string
let console_: ConsoleProcess
let demo: ChildProcess | null = null

const noCurl = curlMissing()
test.skip(noCurl !== null, noCurl ?? '')
test.beforeEach(async () => {
  const free = await Promise.all(ports.map(isFree))
  const taken = ports.filter((_port, i) => !free[i])
  if (taken.length > 0 && process.env['CI']) throw new Error(`CI is set, but another program has port ${taken}`)
  test.skip(taken.length > 0, `another program has port ${taken.join(', ')}`)
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-models-'))
  console_ = await startConsole({ data: join(folder, 'data'), platform: [], env })
})
test.afterEach(async () => {
  if (demo && demo.exitCode === null) {
    const ended = once(demo, 'exit')
    demo.kill('SIGKILL')
    await ended
  }
  demo = null
  if (console_?.child.exitCode === null) await console_.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const healthy = (service: string) => ({
  status: 200,
  body: {
    status: 'healthy',
    service,
    version: expect.any(String),
    uptime_s: expect.any(Number),
    timestamp: expect.any(String),
  },
})
const masked = { api_key: expect.stringMatching(/^.{0,4}\*{4}.{0,4}$/) }

test('every port of the documents answers for its part', async () => {
  expect(console_.platform?.skipped).toEqual([])
  expect(await curl('curl http://localhost:8000/healthz')).toEqual(healthy('gateway'))
  expect(await curl('curl http://localhost:8001/healthz')).toEqual(healthy('config-centre'))
  expect(await curl('curl http://localhost:8002/healthz')).toEqual(healthy('plugin-service'))
  expect(await curl('curl http://localhost:8003/healthz')).toEqual(healthy('registry'))
  expect(await curl('curl http://localhost:8004/healthz')).toEqual(healthy('router-engine'))
  // "Is the registry there?"
  expect(await curl('curl http://localhost:8001')).toEqual(healthy('config-centre'))
})

test('features, keys, services and a decision, by the commands of the documents', async () => {
  const features = await curl('curl http://localhost:8001/api/v1/features')
  const seeded = ['chat', 'embedding', 'image_to_image', 'rerank', 'speech_to_text', 'text_generation', 'text_to_image']
  const { features: list, total } = features.body as { features: { name: string }[]; total: number }
  expect([features.status, total, list.map(({ name }) => name).sort()]).toEqual([200, 8, [...seeded, 'text_to_speech']])

  const feature = await curl('curl http://localhost:8001/api/v1/features/text_to_image')
  expect(feature).toEqual({
    status: 200,
    body: {
      ...{ name: 'text_to_image', revision: 1, description: expect.any(String), strategy: 'weighted', seeded: true },
      candidates: [{ vendor: 'sandbox', service: 'sandbox', model: 'sandbox-image', tier: 'sandbox', weight: 100 }],
      ...{ updated_at: expect.any(String), updated_by: expect.any(String) },
    },
  })
  expect(await curl('curl http://localhost:8002/api/v1/keys')).toMatchObject({
    status: 200,
    body: { keys: [{ vendor: 'sandbox', key_name: 'Sandbox', ...masked }], total: 1 },
  })
  expect(await curl('curl http://localhost:8003/api/v1/services')).toEqual({
    status: 200,
    body: { services: [], total: 0 },
  })

  const added = await curl(`curl http://localhost:8002/api/v1/keys -X POST -H "Content-Type: application/json" -d '{
    "vendor": "openai",
    "service": "dalle",
    "key_name": "OpenAI DALL-E Key",
    "api_key": "sk-your-actual-key-here",
    "tier": "primary"
}'`)
  const key = { vendor: 'openai', service: 'dalle', key_name: 'OpenAI DALL-E Key', tier: 'primary', ...masked }
  expect(added).toMatchObject({ status: 201, body: key })
  const listed = await curl('curl http://localhost:8002/api/v1/keys -X GET')
  expect(listed).toMatchObject({ status: 200, body: { total: 2 } })
  expect((listed.body as { keys: object[] }).keys).toContainEqual(expect.objectContaining(key))
  expect(JSON.stringify(listed)).not.toContain('sk-your-actual-key-here')

  // The document's table of keys: each brings its candidates.
  for (const [vendor, service] of [
    ['openai', 'gpt-4'],
    ['aliyun', 'wanx'],
    ['aliyun', 'qwen'],
  ]) {
    const body = JSON.stringify({ vendor, service, key_name: service, api_key: `sk-test-${service}` })
    const answer = await curl(
      `curl http://localhost:8002/api/v1/keys -X POST -H "Content-Type: application/json" -d '${body}'`,
    )
    expect(answer).toMatchObject({ status: 201, body: { vendor, service, ...masked } })
  }
  const decided = await curl(`curl -X POST http://localhost:8004/api/v1/route/text_to_image \\
  -H "Content-Type: application/json" \\
  -d '{"prompt":"a cat","width":1024,"height":1024}'`)
  expect(decided).toMatchObject({
    status: 200,
    body: {
      ...{ decision_id: expect.any(String), feature: 'text_to_image', strategy: 'weighted', rejected: [] },
      ...{ least_bad: false, explanation: expect.stringMatching(/./), duration_us: expect.any(Number) },
    },
  })
  const { selected, fallbacks } = decided.body as Decided
  expect([selected, ...fallbacks].map(({ vendor, service }) => `${vendor} ${service}`).sort()).toEqual([
    'aliyun wanx',
    'openai dalle',
    'sandbox sandbox',
  ])
  // What needs no network stands last.
  expect(fallbacks.at(-1)).toMatchObject({ vendor: 'sandbox', key_name: 'Sandbox', tier: 'sandbox' })
  expect(selected.endpoint).toMatch(/^https:/)
})
interface Decided {
  readonly selected: { readonly vendor: string; readonly service: string; readonly endpoint: string }
  readonly fallbacks: readonly { readonly vendor: string; readonly service: string }[]
}

test('a service registers, beats, is listed, is reached through the gateway, and leaves', async () => {
  // As the document starts it: on its own, with nothing set.
  const { REGISTRY_URL: _url, SERVICE_NAME: _name, PORT: _port, TTL_S: _ttl, ...clean } = process.env
  demo = spawn(process.execPath, ['examples/demo-service/demo-service.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: clean,
  })
  const lines = createInterface({ input: demo.stdout! })
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => line.startsWith('registered as demo-service') && resolve())
  })

  const listed = await curl('curl http://localhost:8001/api/registry/services')
  const service = { name: 'demo-service', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), version: '1.0.0' }
  expect(listed).toMatchObject({ status: 200, body: { services: [service], total: 1 } })
  expect(await curl('curl http://localhost:8003/api/v1/services')).toEqual(listed)

  const items = await curl("curl 'http://localhost:8000/api/demo-service/items?search=lamp'")
  const [{ id, url }] = (listed.body as { services: [{ id: string; url: string }] }).services
  expect(items).toEqual({
    status: 200,
    body: { items: [{ id: 2, name: 'Signal lamp', stock: 12 }], total: 1, instance: url },
  })
  expect(await curl('curl http://localhost:8000/api/demo-service/items')).toMatchObject({ body: { total: 3 } })
  // The service's own 404, not the gateway's.
  expect(await curl('curl http://localhost:8000/api/demo-service/nothing')).toEqual({
    ...{ status: 404, body: { error: 'there is no /nothing' } },
  })
  expect(await curl('curl http://localhost:8000/api/other-service/items')).toMatchObject({
    status: 404,
    body: { code: 'SERVICE_NOT_REGISTERED' },
  })
  const beat = await curl(`curl -X PUT http://localhost:8001/api/registry/services/${id}/heartbeat`)
  expect(beat).toMatchObject({ status: 200, body: { id, name: 'demo-service' } })

  // A second instance by hand, with nothing behind it.
  const added = await curl(`curl -X POST http://localhost:8001/api/registry/services \\
  -H "Content-Type: application/json" \\
  -d '{"name":"paper-service","host":"127.0.0.1","port":9,"health_path":"/healthz","ttl_s":30}'`)
  expect(added).toMatchObject({ status: 201, body: { name: 'paper-service', url: 'http://127.0.0.1:9' } })
  const { id: paper } = added.body as { id: string }
  const unreachable = await curl('curl http://localhost:8000/api/paper-service/items')
  expect(unreachable).toMatchObject({ status: 503, body: { code: 'NO_HEALTHY_UPSTREAM' } })
  expect(JSON.stringify(unreachable.body)).toContain('127.0.0.1:9')
  const gone = await curl(`curl -X DELETE http://localhost:8001/api/registry/services/${paper}`)
  expect([200, 204]).toContain(gone.status)

  const ended = once(demo, 'exit')
  demo.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await curl('curl http://localhost:8001/api/registry/services')).toEqual({
    status: 200,
    body: { services: [], total: 0 },
  })
})
