import { expect, test } from 'vitest'
import type { CallablePlugin } from '../features/plugins/calling/call-types.ts'
import { createPluginTable } from './plugin-table.ts'

const plugin = (id: string, change: Partial<CallablePlugin> = {}): CallablePlugin => ({
  ...{ id, name: `Plugin ${id}`, nameForModel: `model_${id}`, kind: 'coze', versionId: 1, version: 'v1.0.0' },
  ...{ state: 'active', definitionFile: '', configuration: {}, tokens: null, recording: false },
  ...change,
})

test('a plugin is found by its id, then by its name for the model, then by its slug; an active one first', () => {
  const table = createPluginTable()
  expect(() => table.find('1')).toThrow(expect.objectContaining({ code: 'PLATFORM_NOT_RUNNING' }))
  table.change(
    true,
    [
      plugin('1', { nameForModel: 'tides', state: 'disabled' }),
      plugin('2', { nameForModel: 'tides' }),
      plugin('3', { nameForModel: '1' }),
      plugin('4', { name: 'Tides', nameForModel: '' }),
      plugin('5', { name: 'Fog & Mist' }),
    ],
    [],
  )
  const found = (name: string) => table.find(name).id
  expect(['1', '2', 'tides', 'model_5', 'fog-mist'].map(found)).toEqual(['1', '2', '2', '5', '5'])
  table.change(false, [plugin('2', { nameForModel: 'ebb' })], ['5'])
  expect(['tides', 'ebb'].map(found)).toEqual(['1', '2'])
  for (const name of ['fog-mist', '', '__proto__', 'constructor', 'toString'])
    expect(() => found(name)).toThrow(expect.objectContaining({ code: 'PLUGIN_NOT_FOUND' }))
  table.change(true, [], [])
  expect([table.all(), table.get('1')]).toEqual([[], null])
})

test('a question that comes before the plugins waits for them', async () => {
  const table = createPluginTable()
  const arrived = table.arrival().then(() => table.find('1').id)
  table.change(true, [plugin('1')], [])
  expect(await arrived).toBe('1')
})
