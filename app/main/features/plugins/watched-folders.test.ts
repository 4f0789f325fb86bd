import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { WatchedFolder } from '../../../shared/contracts/plugins.ts'
import { document, writeFiles } from './test-packages.ts'
import { codeOf, me, openWorld, type World } from './test-world.ts'

/** A console that watches a folder with two plugins, and what it shows of it. */
async function open() {
  const world = await openWorld()
  const path = join(tempFolder(), 'mine')
  const edit = (files: Record<string, string>) => writeFiles(path, files)
  edit({ 'a.json': document('Alpha', '1.0.0', ['a']), 'b.json': document('Beta', '1.0.0', ['b']) })
  await world.handlers.watch({ path }, me)
  return { world, path, edit, shown: follow(world) }
}
function follow({ handlers }: World): () => WatchedFolder {
  let folders: readonly WatchedFolder[] = []
  const listen = (update: { folders: readonly WatchedFolder[] }) => {
    folders = update.folders
    return true
  }
  onTestFinished(handlers.onWatchedFolders(listen as never, undefined, me))
  return () => folders[0]!
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 })
const versions = ({ plugin }: World) => ['alpha', 'beta'].map((id) => `${plugin(id)?.version} ${plugin(id)?.state}`)

test('an edit is in use a moment later, and only what was edited gets a version', async () => {
  const { world, edit, path, shown } = await open()
  const first = [versions(world), shown().pluginCount, shown().failure]
  const beta = world.plugin('beta')?.versionId
  edit({ 'a.json': document('Alpha', '1.1.0', ['a', 'more']) })
  await soon(() => expect(world.plugin('alpha')?.version).toBe('v1.1.0'))
  const count = world.db.get<{ n: number }>('SELECT count(*) AS n FROM plugin_versions')!.n
  await soon(() => expect(shown().failure).toBe(null))
  const { unchanged, reloaded } = await world.handlers.reload(undefined, me)

  expect([
    first,
    world.plugin('beta')?.versionId === beta,
    count,
    world.table.get('alpha')?.version,
    unchanged,
    reloaded,
  ]).toEqual([[['v1.0.0 active', 'v1.0.0 active'], 2, null], true, 3, 'v1.1.0', ['Alpha', 'Beta'], []])
  await world.handlers.unwatch({ path }, me)
  expect(await codeOf(() => world.handlers.unwatch({ path }, me))).toBe('WATCHED_FOLDER_UNUSABLE')
})

test('a bad edit keeps the last good version and says what is wrong; mending it goes on', async () => {
  const { world, edit, shown } = await open()
  edit({ 'a.json': document('Alpha', '1.1.0', ['a']).slice(0, 200) })
  await soon(() => expect(shown().failure).not.toBe(null))
  const broken = [
    versions(world),
    shown().failure?.code,
    shown().findings.some(({ file, line }) => file === 'a.json' && line !== null),
  ]
  const { failed, unchanged } = await world.handlers.reload(undefined, me)
  edit({ 'a.json': document('Alpha', '1.1.0', []) })
  const empty = await world.handlers.reload(undefined, me)
  edit({ 'a.json': document('Alpha', '1.2.0', ['a']) })
  await soon(() => expect(shown().failure).toBe(null))

  expect([
    broken,
    failed.map(({ plugin, findings }) => [plugin, findings.length > 0]),
    unchanged,
    empty.failed.length,
    versions(world),
  ]).toEqual([
    [['v1.0.0 active', 'v1.0.0 active'], 'PACKAGE_NOTHING_FOUND', true],
    [['Alpha', true]],
    ['Beta'],
    1,
    ['v1.2.0 active', 'v1.0.0 active'],
  ])
})

test('a folder that goes away is a state; it is read again when it comes back, and by the next console', async () => {
  const { world, path, edit, shown } = await open()
  renameSync(path, `${path}-away`)
  await soon(() => expect(shown().failure?.code).toBe('PACKAGE_NOTHING_FOUND'))
  const away = versions(world)
  renameSync(`${path}-away`, path)
  await soon(() => expect(shown().failure).toBe(null))
  await world.close()
  edit({ 'b.json': document('Beta', '2.0.0', ['b']) })
  const later = await openWorld({ folder: world.folder })
  await soon(() => expect(versions(later)).toEqual(['v1.0.0 active', 'v2.0.0 active']))

  expect([away, await codeOf(() => later.handlers.watch({ path: join(path, 'a.json') }, me))]).toEqual([
    ['v1.0.0 active', 'v1.0.0 active'],
    'WATCHED_FOLDER_UNUSABLE',
  ])
})

test('what the operator decided outlives an edit: a roll back until the next one, a disabled plugin stays disabled', async () => {
  const { world, edit } = await open()
  const first = world.plugin('alpha')!.versionId
  edit({ 'a.json': document('Alpha', '1.1.0', ['a']) })
  await soon(() => expect(world.plugin('alpha')?.version).toBe('v1.1.0'))
  await world.handlers.activate({ versions: [{ id: 'alpha', versionId: first }] }, me)
  await world.handlers.disable({ ids: ['beta'] }, me)
  await world.handlers.reload(undefined, me)
  const rolledBack = versions(world)
  edit({ 'a.json': document('Alpha', '1.2.0', ['a']), 'b.json': document('Beta', '1.1.0', ['b']) })
  await soon(() => expect(versions(world)).toEqual(['v1.2.0 active', 'v1.1.0 disabled']))
  expect(rolledBack).toEqual(['v1.0.0 active', 'v1.0.0 disabled'])
})

test('no more folders are watched than twenty, and none that is too much for a package', async () => {
  const world = await openWorld()
  const root = tempFolder()
  const watch = (name: string) => codeOf(() => world.handlers.watch({ path: join(root, name) }, me))
  let deep = join(root, 'deep')
  for (let level = 0; level < 40; level++) deep = join(deep, 'x')
  mkdirSync(deep, { recursive: true })
  const tooDeep = await watch('deep')
  rmSync(join(root, 'deep'), { recursive: true })
  const outcomes: unknown[] = []
  for (let n = 0; n < 21; n++) {
    mkdirSync(join(root, `${n}`))
    outcomes.push(await watch(`${n}`))
  }
  expect([tooDeep, await watch('missing'), outcomes.slice(0, 20), outcomes[20]]).toEqual([
    'WATCHED_FOLDER_UNUSABLE',
    'WATCHED_FOLDER_UNUSABLE',
    Array.from({ length: 20 }, () => undefined),
    'WATCHED_FOLDER_UNUSABLE',
  ])
})
