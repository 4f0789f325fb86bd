import { expect, test } from 'vitest'
import { plugin as testPlugin } from '../../../../tests/lib/plugin-samples.ts'
import type { Plugin, PluginsUpdate } from '../../../shared/contracts/plugins.ts'
import { applyPlugins, countAttention, joinPlugins, type PluginsState } from './plugins-store.ts'

const change = (upserted: Plugin[], removed: string[] = []): PluginsUpdate => ({ kind: 'change', upserted, removed })
const names = (state: PluginsState) => [...state.byId.values()].map(({ name }) => name).sort()
const empty: PluginsState = { byId: new Map(), heard: false, failure: null }

test('a burst joined into one update leaves the state that its parts leave', () => {
  const burst = [
    change([testPlugin('lost')]),
    { kind: 'snapshot' as const, plugins: [testPlugin('a'), testPlugin('b')] },
    change([testPlugin('c'), testPlugin('a', { name: 'a2' })], ['b']),
    change([testPlugin('b', { name: 'b again' })], ['c']),
  ]
  expect({
    joined: names(applyPlugins(empty, joinPlugins(burst))),
    oneByOne: names(burst.reduce(applyPlugins, empty)),
  }).toEqual({ joined: ['a2', 'b again'], oneByOne: ['a2', 'b again'] })
})

test('a snapshot ends the loading and what was refused before', () => {
  const refused = { ...empty, failure: new Error('no') }
  expect(applyPlugins(refused, { kind: 'snapshot', plugins: [] })).toEqual({ ...empty, heard: true })
})

test('what cannot do its work needs attention; what is off, waits or is uninstalled does not', () => {
  const plugins = [
    testPlugin('fine'),
    testPlugin('warned', { warningCount: 9 }),
    testPlugin('unconfigured', { missingConfiguration: ['key'] }),
    testPlugin('half', { errorCount: 1 }),
    testPlugin('broken', { state: 'error', errorCount: 4 }),
    testPlugin('off', { state: 'disabled', errorCount: 1 }),
    testPlugin('waits', { state: 'waiting', errorCount: 1 }),
    testPlugin('gone', { errorCount: 1, restorableUntil: 1 }),
    testPlugin('busy', { errorCount: 1, requested: 'disable' }),
  ]
  expect(countAttention(new Map(plugins.map((one) => [one.id, one])))).toBe(3)
})
