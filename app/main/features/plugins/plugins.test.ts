import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CallablePlugin } from './calling/call-types.ts'
import { document, xpkg } from './test-packages.ts'
import { codeOf, filesBelow, me, openWorld } from './test-world.ts'

const tools = (plugin: CallablePlugin | undefined): string[] | null =>
  plugin ? JSON.parse(readFileSync(plugin.definitionFile, 'utf8')).tools.map((tool: { id: string }) => tool.id) : null

test('a dropped package waits; activated, the worker has it with its secrets in clear', async () => {
  const world = await openWorld()
  const { handlers, table } = world
  const result = await world.upload('vendor', xpkg({}))
  const [imported] = result.plugins
  const waiting = world.plugin('vendor')
  await handlers.configure(
    { id: 'vendor', values: { api_key: 'sk-planted-secret-1', base_url: 'https://v.example' } },
    me,
  )
  const { before } = await handlers.activate({ versions: [{ id: 'vendor', versionId: imported!.versionId }] }, me)
  const active = world.plugin('vendor')

  expect({
    imported: [
      imported?.state,
      imported?.replaces,
      imported?.unchanged,
      imported?.provenance.source,
      imported?.provenance.by,
    ],
    waiting: [waiting?.state, waiting?.missingConfiguration],
    before,
    active: [active?.state, active?.modelCount, active?.missingConfiguration, active?.requested],
    table: [table.get('vendor')?.state, table.get('vendor')?.configuration],
    audited: world.audited(),
    staging: readdirSync(world.plugins.stagingFolder),
  }).toEqual({
    imported: ['waiting', null, false, 'drop', 'browser'],
    waiting: ['waiting', ['api_key']],
    before: [],
    active: ['active', 2, [], null],
    table: ['active', { api_key: 'sk-planted-secret-1', base_url: 'https://v.example', retries: '3' }],
    audited: ['plugin.import plugin Vendor', 'plugin.configure plugin Vendor', 'plugin.activate plugin Vendor'],
    staging: [],
  })
})

test('the same files again are no new version; a second one is used, rolled back, and the roll back undone', async () => {
  const world = await openWorld()
  const { handlers, table } = world
  const first = (await world.upload('weather.json', { 'weather.json': document('Weather', '1.0.0', ['now']) }, true))
    .plugins[0]!
  const again = (await world.upload('w.json', { 'weather.json': document('Weather', '1.0.0', ['now']) }, true))
    .plugins[0]!
  const second = (
    await world.upload('w.json', { 'weather.json': document('Weather', '1.1.0', ['now', 'later']) }, true)
  ).plugins[0]!
  const { id } = first
  const seen = [tools(table.get(id))]
  const back = await handlers.activate({ versions: [{ id, versionId: first.versionId }] }, me)
  seen.push(tools(table.get(id)))
  await handlers.activate({ versions: back.before }, me)
  seen.push(tools(table.get(id)))

  expect({
    again: [again.versionId === first.versionId, again.unchanged, again.state],
    second: [second.replaces, second.version, second.state],
    seen,
    packages: readdirSync(join(world.folder, 'plugins', 'packages')).length,
  }).toEqual({
    again: [true, true, 'active'],
    second: ['1.0.0', '1.1.0', 'active'].map((text, at) => (at < 2 ? `v${text}` : text)),
    seen: [['now', 'later'], ['now'], ['now', 'later']],
    packages: 2,
  })
})

test('what comes from somebody else waits for the operator; what is wrongly signed or empty cannot be used', async () => {
  const world = await openWorld()
  const { handlers } = world
  const versionsOf = async (manifest: Parameters<typeof xpkg>[0], signed?: 'well' | 'badly') =>
    (await world.upload('vendor', xpkg(manifest, signed), true)).plugins[0]!
  const ours = await versionsOf({}, 'well')
  const unsigned = await versionsOf({ version: '1.0.1' })
  const stranger = await versionsOf({ version: '1.0.2', author: 'Bob' }, 'well')
  const forged = await versionsOf({ version: '1.0.3' }, 'badly')
  const empty = await versionsOf({ version: '1.0.4', capabilities: [] }, 'well')
  const use = (versionId: number) => codeOf(handlers.activate({ versions: [{ id: 'vendor', versionId }] }, me))
  const before = world.plugin('vendor')

  expect({
    states: [ours, unsigned, stranger, forged, empty].map(({ state, provenance }) => [
      state,
      provenance.foreign,
      provenance.signature,
    ]),
    inUse: [before?.version, before?.waitingVersionId === empty.versionId],
    refused: [await use(forged.versionId), await use(empty.versionId)],
    byHand: await use(unsigned.versionId),
  }).toEqual({
    states: [
      ['active', false, 'valid'],
      ['waiting', true, 'none'],
      ['waiting', true, 'valid'],
      ['waiting', true, 'invalid'],
      ['error', false, 'valid'],
    ],
    inUse: ['v1.0.0', true],
    refused: ['PLUGIN_VERSION_UNUSABLE', 'PLUGIN_VERSION_UNUSABLE'],
    byHand: { before: [{ id: 'vendor', versionId: ours.versionId }] },
  })
})

test('an uninstalled plugin can be restored for 30 days, then it is gone but for its audit trail', async () => {
  let now = Date.UTC(2026, 0, 1)
  const world = await openWorld({ clock: () => now })
  const { handlers, table } = world
  const { id } = (await world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true)).plugins[0]!
  await handlers.remove({ ids: [id] }, me)
  const removed = [
    world.plugin(id)?.restorableUntil,
    table.has(id),
    (await handlers.search({ text: 'now' }, me)).tools.length,
  ]
  await handlers.restore({ ids: [id] }, me)
  const restored = [world.plugin(id)?.restorableUntil, table.get(id)?.state]
  await handlers.remove({ ids: [id] }, me)
  await world.close()
  now += 31 * 24 * 3_600_000
  const later = await openWorld({ folder: world.folder, clock: () => now })
  const left = [later.list(), later.audited().filter((line) => line.includes('remove')).length]
  await later.close()

  expect({
    removed,
    restored,
    later: [...left, filesBelow(join(world.folder, 'plugins'))],
  }).toEqual({
    removed: [Date.UTC(2026, 0, 31), false, 0],
    restored: [null, 'active'],
    later: [[], 2, []],
  })
})

test('of several plugins those that can be are disabled, and the answer names the first that cannot', async () => {
  const world = await openWorld()
  const { handlers } = world
  const files = { 'a.json': document('Alpha', '1.0.0', ['a']), 'b.json': document('Beta', '1.0.0', ['b']) }
  await world.upload('two', files, true)
  const shown: string[] = []
  const stop = world.plugins.follow((update) => {
    if (update.kind === 'change')
      shown.push(update.upserted.map(({ id, state, requested }) => `${id} ${requested ?? state}`).join(', '))
    return true
  })
  const outcome = await codeOf(handlers.disable({ ids: ['alpha', 'gone', 'beta'] }, me))
  stop()

  expect([outcome, shown, world.table.get('beta')?.state]).toEqual([
    'ACTION_PARTLY_FAILED',
    ['alpha disable, beta disable', 'alpha disabled, beta disabled'],
    'disabled',
  ])
})

test('a version whose files were lost is told and cannot be used; what was left behind is swept up', async () => {
  const world = await openWorld()
  const { id, versionId } = (await world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true))
    .plugins[0]!
  const { folder } = world
  await world.handlers.beginUpload({ name: 'half', files: [{ path: 'half.json', size: 9 }] }, me)
  const packages = join(folder, 'plugins', 'packages')
  await world.close()
  rmSync(join(packages, readdirSync(packages)[0]!), { recursive: true })
  const later = await openWorld({ folder })
  const use = await codeOf(later.handlers.activate({ versions: [{ id, versionId }] }, me))
  const states = [later.plugin(id)?.state]
  await later.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true)

  expect([
    use,
    ...states,
    later.plugin(id)?.state,
    later.notices,
    existsSync(join(folder, 'plugins', 'staging', 'half')),
  ]).toEqual([...['PLUGIN_VERSION_UNUSABLE', 'error', 'active'], ['PLUGIN_FILES_LOST'], false])
})

test('findings, source and difference of versions are read from what was kept', async () => {
  const world = await openWorld()
  const { handlers } = world
  const first = (await world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now', 'old']) }, true)).plugins[0]!
  const text = document('Weather', '2.0.0', ['now']).replace('"summary": "What now does"', '"x-line": "no summary"')
  const second = (await world.upload('w', { 'w.json': text }, true)).plugins[0]!
  const { id } = first
  const diff = await handlers.diff({ id, from: first.versionId, to: second.versionId }, me)
  const { findings, repairs } = await handlers.findings({ id, versionId: second.versionId }, me)
  const line = findings[0]!.line!
  const { lines } = await handlers.source(
    { id, versionId: second.versionId, file: findings[0]!.file, from: line, count: 1 },
    me,
  )
  const outside = await codeOf(
    async () => await handlers.source({ id, versionId: second.versionId, file: '../../x', from: 1, count: 1 }, me),
  )

  expect([diff.removed.map(({ operationId }) => operationId), repairs.length > 0, lines, outside]).toEqual([
    ['old'],
    true,
    [expect.stringContaining('get')],
    'BAD_INPUT',
  ])
})

test('a tool is told with its form and example, and exported as a collection', async () => {
  const world = await openWorld()
  const { handlers } = world
  const { id } = (await world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true)).plugins[0]!
  const tool = await handlers.tool({ id, operation: 'now' }, me)
  await handlers.exportPostman({ id }, me)
  const [file] = world.saved

  expect([
    [tool.operationId, tool.method, tool.safe, Object.keys(tool.example)],
    [tool.schema['type'], Object.keys(tool.schema['properties'] as object), tool.schema['required']],
    [file?.name, JSON.parse(file!.bytes.toString()).item.length],
    await codeOf(() => handlers.tool({ id, operation: 'never' }, me)),
  ]).toEqual([
    ['now', 'GET', true, ['city']],
    ['object', ['city'], ['city']],
    ['weather.postman_collection.json', 1],
    'TOOL_NOT_FOUND',
  ])
})
