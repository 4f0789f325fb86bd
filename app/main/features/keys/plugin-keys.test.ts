import { expect, test } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import { pluginClash, pluginOff } from '../../../shared/contracts/keys.ts'
import type { PluginAccess } from './plugin-keys.ts'
import { codeOf, me, openKeys } from './test-world.ts'

const river: PluginAccess = {
  ...{ name: 'River models', nameForModel: 'river_models', active: true, vendor: 'openai-compatible' },
  ...{ base: 'https://models.river.example/v1', key: 'sk-test-river-0001' },
}

/** A console with one plugin whose models the gateway asks. */
async function openRiver(folder = tempFolder()) {
  const world = await openKeys({ folder })
  const { id: pluginId } = { id: 'river' }
  world.db.run('INSERT OR IGNORE INTO plugins (id, created_at, updated_at) VALUES (?, 0, 0)', pluginId)
  world.changePlugin(pluginId, river)
  const { id } = await world.handlers.addFromPlugin({ pluginId }, me)
  return { ...world, id, pluginId, given: () => world.table.get(id) }
}

test('a plugin becomes a key: its models are asked with what the plugin is configured with', async () => {
  const { id, key, given, list, handlers, pluginId, asks } = await openRiver()
  expect(key(id)).toMatchObject({
    ...{ vendor: 'openai-compatible', service: 'river_models', name: 'River models', tier: 'primary' },
    ...{ baseUrl: 'https://models.river.example/v1', pluginId: 'river', state: { kind: 'ready' } },
  })
  expect(given()).toMatchObject({ baseUrl: 'https://models.river.example/v1', secret: 'sk-test-river-0001' })
  // It is tested at once, so that its models are known.
  await expect.poll(() => key(id).models).toEqual(['gpt-4.1', 'gpt-image-1'])
  const before = list().length
  expect(await handlers.addFromPlugin({ pluginId }, me)).toEqual({ id })
  expect(list()).toHaveLength(before)
  expect((await asks.keyList(undefined, {} as never)).find((one) => one.id === id)?.pluginId).toBe('river')
})

test('it follows the plugin: its secret, its address, whether it is in use', async () => {
  const { id, key, given, changePlugin, handlers } = await openRiver()
  changePlugin('river', { ...river, base: 'http://127.0.0.1:9/v1', key: 'sk-test-river-0002' })
  await expect.poll(given).toMatchObject({ baseUrl: 'http://127.0.0.1:9/v1', secret: 'sk-test-river-0002' })
  changePlugin('river', { ...river, active: false })
  await expect.poll(() => key(id).state).toMatchObject({ kind: 'disabled', reason: pluginOff })
  changePlugin('river', river)
  await expect.poll(() => key(id).state.kind).toBe('ready')
  expect(given()).toMatchObject({ baseUrl: river.base, secret: river.key })
  changePlugin('river', null)
  await expect.poll(() => key(id).state).toMatchObject({ kind: 'disabled', reason: pluginOff })

  // What the operator disabled stays so.
  handlers.enable({ ids: [id] }, me)
  handlers.disable({ ids: [id], reason: 'too dear' }, me)
  changePlugin('river', { ...river, key: 'sk-test-river-0003' })
  await expect.poll(() => given()?.secret).toBe('sk-test-river-0003')
  expect(key(id).state).toMatchObject({ kind: 'disabled', reason: 'too dear' })
})

test('what an earlier console left undone is done at the start', async () => {
  const folder = tempFolder()
  const first = await openRiver(folder)
  await first.close()
  // Nobody knows the plugin any more.
  const { key } = await openKeys({ folder })
  await expect.poll(() => key(first.id).state).toMatchObject({ kind: 'disabled', reason: pluginOff })
})

test('a plugin that is not configured, not active, or whose key is there already, becomes none', async () => {
  const { handlers, changePlugin, add, db, list } = await openKeys()
  db.run("INSERT INTO plugins (id, created_at, updated_at) VALUES ('river', 0, 0)")
  const wish = () => codeOf(() => handlers.addFromPlugin({ pluginId: 'river' }, me))
  const codes = [await wish()]
  changePlugin('river', { ...river, active: false })
  codes.push(await wish())
  await add({ name: 'By hand', secret: 'sk-test-river-0001' })
  changePlugin('river', river)
  codes.push(await wish())
  expect(codes).toEqual(['PLUGIN_NOT_CONFIGURED', 'PLUGIN_NOT_ACTIVE', 'KEY_DUPLICATE_SECRET'])
  expect(list().filter(({ pluginId }) => pluginId !== undefined)).toEqual([])
})

test('a key that is removed may be taken again; one whose name is taken gets another', async () => {
  const { handlers, id, pluginId, add, key } = await openRiver()
  handlers.remove({ ids: [id] }, me)
  await add({ vendor: 'openai-compatible', name: 'River models', baseUrl: 'http://127.0.0.1:9', secret: 'sk-test-own' })
  const { id: second } = await handlers.addFromPlugin({ pluginId }, me)
  expect(key(second).name).toBe('River models 2')
})

test('plugins that want no key stand beside each other; one with the secret of another key is not asked', async () => {
  const { id, key, given, changePlugin, handlers, add, db } = await openRiver()
  db.run("INSERT INTO plugins (id, created_at, updated_at) VALUES ('lake', 0, 0)")
  changePlugin('river', { ...river, key: null })
  await expect.poll(() => given()?.secret).toBe('none')
  changePlugin('lake', { ...river, name: 'Lake models', key: null })
  const lake = await handlers.addFromPlugin({ pluginId: 'lake' }, me)
  expect(key(lake.id)).toMatchObject({ name: 'Lake models', state: { kind: 'ready' } })

  await add({ name: 'By hand', secret: 'sk-test-by-hand-0001' })
  changePlugin('river', { ...river, base: 'http://127.0.0.1:9/v1', key: 'sk-test-by-hand-0001' })
  await expect.poll(() => key(id).state).toMatchObject({ kind: 'disabled', reason: pluginClash })
  changePlugin('river', river)
  await expect.poll(() => key(id).state.kind).toBe('ready')
  expect(given()?.secret).toBe(river.key)
})
