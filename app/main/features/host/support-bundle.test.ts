import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient } from '../../../shared/rpc/client.ts'
import { memoryLinks } from '../../../shared/rpc/memory-link.ts'
import { runConsole } from '../../console.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import type { Host } from '../../lib/host.ts'
import { silentLog } from '../../lib/log.ts'
import { createLog } from '../../lib/log-file.ts'
import { serveLink } from '../../rpc/serve-link.ts'
import { makeSupportBundle } from './support-bundle.ts'

const secret = 'zq7-Planted-81Secret'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-bundle-'))
  process.env['PLANTED_API_KEY'] = secret
})
afterEach(() => {
  delete process.env['PLANTED_API_KEY']
  rmSync(folder, { recursive: true, force: true })
})

const read = (bundle: Uint8Array) =>
  Object.fromEntries(Object.entries(unzipSync(bundle)).map(([name, bytes]) => [name, strFromU8(bytes)]))

test('a console exports what helps and nothing that is secret', async () => {
  const docker = createFakeDocker({
    db: {
      state: { kind: 'running', startedAt: 1 },
      details: { environment: [{ name: 'POSTGRES_PASSWORD', value: secret }] },
    },
  })
  const log = createLog(folder)
  const saved: Uint8Array[] = []
  const host: Host = {
    kind: 'browser',
    capabilities: {
      tray: false,
      startAtLogin: false,
      nativeNotifications: false,
      saveDialog: false,
      secretStorage: 'key-file',
    },
    async saveFile(name, _type, source) {
      for await (const chunk of source()) saved.push(chunk)
      return { kind: 'saved', file: name }
    },
    notify: () => {},
    setStartAtLogin: () => {},
  }
  const running = await runConsole({ dataFolder: folder, log, docker, platformPorts: { kind: 'off' } }, host)
  const { near, far, close } = memoryLinks()
  serveLink(far, running.router(), 'browser', log)
  const rpc = createClient(near)
  log.warn('docker', `tcp://admin:${secret}@engine:2375 does not answer`, {
    token: secret,
    list: [`API_KEY=${secret}`],
  })
  await rpc.settings.set({ dockerEndpoint: { kind: 'address', address: `tcp://admin:${secret}@engine:2375` } })

  expect(await rpc.host.exportSupportBundle()).toEqual({
    kind: 'saved',
    file: expect.stringMatching(/^pilothouse-support-\d{4}-\d\d-\d\d\.zip$/),
  })
  close()
  await running.stop()
  log.stop()

  const files = read(saved[0]!)
  expect(Object.keys(files).sort()).toEqual([
    'README.txt',
    'audit-summary.json',
    'pilothouse.log',
    'services.json',
    'settings.json',
    'versions.json',
  ])
  expect(Object.values(files).join('\n')).not.toContain(secret)
  expect(files['pilothouse.log']).toContain('does not answer')
  expect(JSON.parse(files['services.json']!)).toMatchObject([{ name: 'db', state: { kind: 'running' } }])
  expect(JSON.parse(files['versions.json']!)).toMatchObject({
    node: process.versions.node,
    docker: { kind: 'ready' },
    database: { sqlite: expect.stringMatching(/^3\./) },
  })
  const audit = JSON.parse(files['audit-summary.json']!)
  expect(audit.counts).toEqual([{ action: 'settings.set', outcome: 'done', count: 1 }])
  expect(Object.keys(audit.newest[0])).not.toContain('after')
})

test('a part that fails, or a damaged database, leaves the rest in the bundle', async () => {
  const files = read(await makeSupportBundle({ ...silentLog, tail: () => 'a line\n' }, null))
  expect(files['pilothouse.log']).toBe('a line\n')
  expect(JSON.parse(files['settings.json']!)).toBe('could not be read: the database is damaged')
  expect(JSON.parse(files['versions.json']!)).toMatchObject({ node: process.versions.node })
})
