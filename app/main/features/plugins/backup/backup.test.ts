import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { document, writeFiles, xpkg } from '../test-packages.ts'
import { codeOf, filesBelow, me, openWorld, sendUpload, type World } from '../test-world.ts'

const secret = 'sk-planted-0123456789-end'

/** A console with a configured plugin of two versions, one that was uninstalled, and the backup of both. */
async function backedUp() {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  await world.upload('vendor', xpkg({ version: '1.1.0' }), true)
  await world.upload(
    'w',
    { 'pack/w.json': document('Weather', '1.0.0', ['now']), 'pack/notes.txt': 'kept as it came' },
    true,
  )
  // A name that no zip for all systems may hold.
  const onDisk = join(world.folder, 'on-disk')
  writeFiles(onDisk, { 'notes: a.txt': 'kept', 'tool.json': document('Tool', '1.0.0', ['use']) })
  await world.handlers.importPath({ path: onDisk, activate: true }, me)
  await world.handlers.configure({ id: 'vendor', values: { api_key: secret, region: 'cn' } }, me)
  await world.handlers.remove({ ids: ['weather'] }, me)
  await world.handlers.backup(undefined, me)
  const { bytes, name } = world.saved[0]!
  return { world, bytes, name }
}
async function restore(world: World, bytes: Uint8Array) {
  const uploadId = await sendUpload(world.handlers, 'backup.zip', { 'backup.zip': bytes })
  const plan = await world.handlers.restoreBackup({ uploadId, apply: false }, me)
  const before = world.list().map(({ version }) => version)
  await world.handlers.restoreBackup({ uploadId, apply: true }, me)
  return { plan, before }
}
const brief = (world: World) =>
  world.list().map(({ id, version, state, restorableUntil }) => [id, version, state, restorableUntil !== null])

test('a backup holds no secret in clear and brings everything back in the data folder it is from', async () => {
  const { world, bytes, name } = await backedUp()
  const folder = tempFolder()
  copyFileSync(join(world.folder, 'data-key.json'), join(folder, 'data-key.json'))
  const other = await openWorld({ folder })
  const { plan, before } = await restore(other, bytes)
  const { handlers, table } = other
  const versions = other.db.all<{ n: number }>('SELECT count(*) AS n FROM plugin_versions')[0]!.n
  await handlers.restore({ ids: ['weather'] }, me)

  expect({
    name: /^pilothouse-plugins-\d{4}-\d\d-\d\d\.zip$/.test(name),
    clear: Object.values(unzipSync(bytes)).some((file) => Buffer.from(file).includes('planted')),
    plan: { ...plan, createdAt: plan.createdAt > 0 },
    before,
    after: brief(other),
    configuration: table.get('vendor')?.configuration,
    versions,
    files: filesBelow(join(folder, 'plugins')).filter((path) => path.endsWith('notes.txt')).length,
    staging: filesBelow(other.plugins.stagingFolder),
  }).toEqual({
    name: true,
    clear: false,
    plan: { createdAt: true, added: ['Vendor', 'Weather', 'Tool'], replaced: [], unreadableSecrets: 0 },
    before: [],
    after: [
      ['vendor', 'v1.1.0', 'active', false],
      ['weather', 'v1.0.0', 'active', false],
      ['tool', 'v1.0.0', 'active', false],
    ],
    configuration: { api_key: secret, region: 'cn', retries: '3' },
    versions: 4,
    files: 1,
    staging: [],
  })
})

test('with another key its secrets are told as unreadable, and what is here stays', async () => {
  const { bytes } = await backedUp()
  const other = await openWorld()
  const mine = (await other.upload('vendor', xpkg({ version: '2.0.0' }), true)).plugins[0]!
  await other.handlers.configure({ id: 'vendor', values: { api_key: 'sk-mine-mine-mine', region: 'eu' } }, me)
  const { plan } = await restore(other, bytes)
  const after = [brief(other)[0], other.table.get('vendor')?.configuration]
  await other.handlers.activate({ versions: [{ id: 'vendor', versionId: mine.versionId }] }, me)

  expect([plan.replaced, plan.added, plan.unreadableSecrets, ...after, other.plugin('vendor')?.version]).toEqual([
    ['Vendor'],
    ['Weather', 'Tool'],
    1,
    ['vendor', 'v1.1.0', 'active', false],
    { api_key: 'sk-mine-mine-mine', region: 'cn', retries: '3' },
    'v2.0.0',
  ])
})

test('what was changed in a backup, or is none, is refused and changes nothing', async () => {
  const { bytes } = await backedUp()
  const other = await openWorld()
  const files = unzipSync(bytes)
  const with_ = (change: Record<string, string>) =>
    zipSync({
      ...files,
      ...Object.fromEntries(Object.entries(change).map(([path, text]) => [path, Buffer.from(text)])),
    })
  const rows = Buffer.from(files['backup.json']!).toString()
  const refused = async (candidate: Uint8Array) => {
    const uploadId = await sendUpload(other.handlers, 'x.zip', { 'x.zip': candidate })
    return await codeOf(other.handlers.restoreBackup({ uploadId, apply: true }, me))
  }
  const outcomes = [
    await refused(with_({ 'packages/2/0': 'not as it came' })),
    await refused(with_({ 'packages/0/../../x': 'out' })),
    await refused(with_({ 'backup.json': rows.replace('"createdAt":', '"createdAt":"x","was":') })),
    await refused(with_({ 'backup.json': '{}' })),
    await refused(with_({ 'backup.json': rows.replace('pack/notes.txt', '../../notes.txt') })),
    await refused(with_({ 'backup.json': rows.replace('"pack/w.json"', '"pack/w.json","missing"') })),
    await refused(Buffer.from('no zip at all')),
  ]

  expect([new Set(outcomes), other.list(), filesBelow(join(other.folder, 'plugins'))]).toEqual([
    new Set(['PLUGIN_BACKUP_UNUSABLE']),
    [],
    [],
  ])
})
