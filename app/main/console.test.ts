import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fakeHost } from '../../tests/lib/fake-host.ts'
import { linkPair } from '../../tests/lib/link-pair.ts'
import { tempFolder } from '../../tests/lib/temp-folder.ts'
import type { Settings } from '../shared/contracts/settings.ts'
import type { StoreState } from '../shared/contracts/store.ts'
import { createClient, type Rpc } from '../shared/rpc/client.ts'
import type { Unsubscribe } from '../shared/rpc/contract.ts'
import { runConsole } from './console.ts'
import { createFakeDocker } from './docker/fake-docker.ts'
import { databaseFile } from './lib/data-folder.ts'
import { silentLog } from './lib/log.ts'
import { serveLink } from './rpc/serve-link.ts'

async function open(dataFolder: string) {
  const host = fakeHost()
  const console_ = await runConsole(
    { dataFolder, log: silentLog, docker: createFakeDocker(), platformPorts: { kind: 'off' } },
    host,
  )
  onTestFinished(console_.stop)
  let restarts = 0
  console_.onRestart(() => restarts++)
  /** As a page does after each restart: a new link, new subscriptions. */
  const connect = (): Rpc => {
    const [near, far] = linkPair()
    serveLink(far, console_.router(), 'browser', silentLog)
    return createClient(near)
  }
  return { ...console_, host, connect, restarts: () => restarts }
}
const first = <T>(listen: (listener: (payload: T) => void) => Unsubscribe): Promise<T> => new Promise(listen)
const storeState = (rpc: Rpc) => first<StoreState>((on) => rpc.store.onState(on))
const settings = (rpc: Rpc) => first<Settings>((on) => rpc.settings.onUpdates(on))
const notices = async (rpc: Rpc) =>
  (await first<{ notices: { code: string; details: object }[] }>((on) => rpc.notices.onUpdates(on))).notices

test('a corrupted database is told, repaired from its backup without a restart of the process, and kept', async () => {
  const folder = tempFolder()
  const before = await open(folder)
  await vi.waitFor(async () => {
    const state = await storeState(before.connect())
    expect(state.kind === 'ready' && state.backups).toHaveLength(1)
  })
  await before.connect().settings.set({ theme: 'dark' })
  const backup = await before.connect().store.backup()
  await before.connect().settings.set({ theme: 'light' })
  await before.stop()
  const bytes = readFileSync(databaseFile(folder))
  writeFileSync(databaseFile(folder), bytes.fill(0x5a, 4096))

  const after = await open(folder)
  const damaged = await storeState(after.connect())
  const refused = await after
    .connect()
    .audit.verify()
    .catch((error) => error.code)
  const seenDefaults = (await settings(after.connect())).theme
  await after.connect().store.restore({ name: backup.name })
  await vi.waitFor(() => expect(after.restarts()).toBe(1))
  const rpc = after.connect()
  const { entries } = await rpc.audit.list({ before: null, targetId: 'store', limit: 10 })

  expect({
    damaged: damaged.kind,
    refused,
    seenDefaults,
    offered: damaged.backups.map(({ name }) => name).includes(backup.name),
    state: (await storeState(rpc)).kind,
    theme: (await settings(rpc)).theme,
    verified: (await rpc.audit.verify()).kind,
    audited: entries.map(({ action, outcome }) => `${action} ${outcome}`),
    noticed: (await notices(rpc)).map(({ code }) => code),
    kept: readdirSync(folder).filter((name) => name.includes('before-restore')).length,
  }).toEqual({
    damaged: 'damaged',
    refused: 'STORE_DAMAGED',
    seenDefaults: 'system',
    offered: true,
    state: 'ready',
    theme: 'dark',
    verified: 'whole',
    audited: ['store.restore done'],
    noticed: expect.arrayContaining(['STORE_RESTORED']),
    kept: 1,
  })
})

test('without a good backup the operator begins empty, and the damaged file stays', async () => {
  const folder = tempFolder()
  await (await open(folder)).stop()
  for (const name of readdirSync(`${folder}/backups`)) writeFileSync(`${folder}/backups/${name}`, 'no')
  writeFileSync(databaseFile(folder), 'not a database at all '.repeat(500))
  const console_ = await open(folder)
  const damaged = await storeState(console_.connect())
  await console_.connect().store.startEmpty()
  const rpc = console_.connect()

  expect({
    damaged,
    after: (await storeState(rpc)).kind,
    notices: (await notices(rpc)).map(({ code }) => code),
  }).toEqual({
    damaged: {
      kind: 'damaged',
      file: databaseFile(folder),
      reason: 'file is not a database',
      backups: [],
    },
    after: 'ready',
    notices: expect.arrayContaining(['STORE_STARTED_EMPTY']),
  })
  const aside = readdirSync(folder).find((name) => name.includes('before-empty'))
  expect(readFileSync(`${folder}/${aside}`, 'utf8')).toContain('not a database at all')
})

test('a restore that is refused leaves everything as it is', async () => {
  const folder = tempFolder()
  const console_ = await open(folder)
  const rpc = console_.connect()
  const made = await rpc.store.backup()
  writeFileSync(`${folder}/backups/${made.name}`, 'no')
  const codes: string[] = []
  for (const name of [made.name, '../pilothouse.db', 'pilothouse-20200101T000000000Z.db']) {
    await rpc.store.restore({ name }).catch((error) => codes.push(error.code))
  }
  await rpc.store.startEmpty().catch((error) => codes.push(error.code))

  expect({ codes, restarts: console_.restarts(), state: (await storeState(rpc)).kind }).toEqual({
    codes: ['BACKUP_DAMAGED', 'BACKUP_NOT_FOUND', 'BACKUP_NOT_FOUND', 'NOT_SUPPORTED'],
    restarts: 0,
    state: 'ready',
  })
})

test('a second console on the same data folder is refused with a sentence', async () => {
  const folder = tempFolder()
  await open(folder)
  await expect(open(folder)).rejects.toThrow(`Another Pilothouse (process ${process.pid}) uses the data folder`)
})

test('the Docker socket is said to equal root once, and not again after it was dismissed', async () => {
  const folder = tempFolder()
  const console_ = await open(folder)
  const rpc = console_.connect()
  const [notice] = (await first<{ notices: { id: string; code: string }[] }>((on) => rpc.notices.onUpdates(on))).notices
  await rpc.notices.dismiss({ id: notice!.id })
  await console_.stop()
  const again = await open(folder)
  expect([notice!.code, await notices(again.connect())]).toEqual(['DOCKER_IS_ROOT', []])
})

test('settings reach the system and Docker, survive a restart, and are audited with before and after', async () => {
  const folder = tempFolder()
  const console_ = await open(folder)
  const rpc = console_.connect()
  await rpc.settings.set({ startAtLogin: true, language: 'zh-CN' })
  await rpc.settings.set({ language: 'zh-CN' })
  const { entries } = await rpc.audit.list({ before: null, targetId: 'settings', limit: 10 })
  await console_.stop()
  const again = await open(folder)

  expect({
    system: console_.host.done,
    lines: entries.map(({ target, before, after, actor }) => ({ target, before, after, actor })),
    language: (await settings(again.connect())).language,
  }).toEqual({
    system: ['start at login true'],
    lines: [
      {
        target: 'language, startAtLogin',
        before: '{"language":"system","startAtLogin":false}',
        after: '{"language":"zh-CN","startAtLogin":true}',
        actor: 'browser',
      },
    ],
    language: 'zh-CN',
  })
})
