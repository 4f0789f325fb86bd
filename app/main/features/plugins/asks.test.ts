import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Entry } from '../../../shared/contracts/audit.ts'
import { document, xpkg } from './test-packages.ts'
import { codeOf, filesBelow, openWorld } from './test-world.ts'

const context = {} as never

test('a package that the local platform received is used, named and switched by its callers', async () => {
  const world = await openWorld()
  const { asks } = world
  const userId = 'alice'
  const receive = async (name: string, bytes: Uint8Array, folder = world.plugins.stagingFolder) => {
    const file = join(folder, name)
    writeFileSync(file, bytes)
    return await asks.importStaged({ file, name, userId }, context)
  }
  const pack = (files: ReturnType<typeof xpkg>) =>
    zipSync(Object.fromEntries(Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string)])))
  const first = await receive('vendor.xpkg', pack(xpkg({})))
  await receive('vendor.xpkg', pack(xpkg({ version: '1.1.0' })))
  await receive('w.json', Buffer.from(document('Weather', '1.0.0', ['now', 'later'])))
  const listed = (await asks.list(undefined as never, context)).map(({ id, version, state, tools, capabilities }) => ({
    ...{ id, version, state, tools, capabilities },
  }))
  const back = await asks.activate({ id: 'vendor', version: '1.0.0', userId }, context)
  const versions = (await asks.versions({ id: 'vendor' }, context)).map(({ version, active }) => [version, active])
  await asks.setEnabled({ id: 'weather', enabled: false, userId }, context)
  await asks.configure({ id: 'vendor', values: { api_key: 'sk-0123456789-abcd' }, userId }, context)
  const configuration = await asks.configuration({ id: 'vendor' }, context)
  await asks.remove({ id: 'weather', userId }, context)
  const last = world.db.get<Entry>('SELECT * FROM audit ORDER BY sequence DESC LIMIT 1')

  expect({
    first,
    listed,
    back: [back.version, back.active],
    versions,
    configuration,
    outside: await codeOf(receive('x.json', Buffer.from('{}'), tempFolder())),
    gone: await codeOf(() => asks.versions({ id: 'weather' }, context)),
    last: [last?.actor, last?.action, last?.after],
    staging: filesBelow(world.plugins.stagingFolder),
  }).toEqual({
    first: { plugins: [{ id: 'vendor', version: 'v1.0.0' }], findings: expect.any(Array) },
    listed: [
      {
        ...{ id: 'vendor', version: 'v1.1.0', state: 'active', tools: [] },
        capabilities: [{ type: 'chat', models: ['small', 'large'] }],
      },
      { id: 'weather', version: 'v1.0.0', state: 'active', tools: ['now', 'later'], capabilities: [] },
    ],
    back: ['v1.0.0', true],
    versions: [
      ['v1.1.0', false],
      ['v1.0.0', true],
    ],
    configuration: { api_key: 'sk-0****abcd', base_url: null, retries: '3', region: null },
    outside: 'PACKAGE_REFUSED',
    gone: 'PLUGIN_NOT_FOUND',
    last: ['platform', 'plugin.remove', '{"userId":"alice"}'],
    staging: [],
  })
})

test('a worker that begins anew gets the whole table, without what was uninstalled', async () => {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  await world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true)
  await world.handlers.remove({ ids: ['weather'] }, { actor: 'browser' })
  world.table.clear()
  world.restart()
  expect([...world.table.keys()]).toEqual(['vendor'])
})
