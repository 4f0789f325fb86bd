import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRegistry } from './test-world.ts'

const file = join(import.meta.dirname, '../../../../examples/demo-service/demo-service.mjs')

test('the example registers, beats, is reached through the platform, and takes itself out when it is ended', async () => {
  const { url, send, heard, asked, table } = await startRegistry()
  const env = { ...process.env, REGISTRY_URL: url, TTL_S: '1', PORT: '0' }
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await heard((input: { id?: string }) => input.id === '17')
  const [instance] = table.list()
  expect(instance).toMatchObject({ name: 'demo-service', healthPath: '/healthz', version: '1.0.0', ttlSeconds: 1 })
  const { status, json } = await send('GET', '/api/demo-service/items?search=LAMP')
  const items = [{ id: 2, name: 'Signal lamp', stock: 12 }]
  expect([status, json]).toEqual([200, { items, total: 1, instance: instance!.url }])
  expect((await send('GET', '/api/demo-service/healthz')).status).toBe(200)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
  expect(asked.filter(({ name }) => name !== 'instanceReports').at(-1)).toEqual({
    ...{ name: 'instanceRemove', input: { id: '17' } },
  })
  expect((await send('GET', '/api/demo-service/items')).json.code).toBe('SERVICE_NOT_REGISTERED')
})
