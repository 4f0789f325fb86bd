import { expect, test } from 'vitest'
import { key as testKey } from '../../../tests/lib/keys-samples.ts'
import type { Key, KeysUpdate } from '../../shared/contracts/keys.ts'
import { applyKeys, joinKeys, type KeysState } from './keys-mirror.ts'

const change = (upserted: Key[], removed: string[] = []): KeysUpdate => ({ kind: 'change', upserted, removed })
const names = (state: KeysState) => [...state.byId.values()].map(({ name }) => name).sort()
const empty: KeysState = { byId: new Map(), heard: false, failure: null }

test('a burst joined into one update leaves the state that its parts leave', () => {
  const burst = [
    change([testKey('lost')]),
    { kind: 'snapshot' as const, keys: [testKey('a'), testKey('b')] },
    change([testKey('c'), testKey('a', { name: 'a2' })], ['b']),
    change([testKey('b', { name: 'b again' })], ['c']),
  ]
  expect({
    joined: names(applyKeys(empty, joinKeys(burst))),
    oneByOne: names(burst.reduce(applyKeys, empty)),
  }).toEqual({ joined: ['a2', 'b again'], oneByOne: ['a2', 'b again'] })
})

test('a change leaves the objects of the other keys alone, and a snapshot ends what was refused before', () => {
  const before = applyKeys(
    { ...empty, failure: new Error('no') },
    { kind: 'snapshot', keys: [testKey('a'), testKey('b')] },
  )
  const after = applyKeys(before, change([testKey('b', { tier: 'backup' })]))
  expect([before.failure, before.heard, after.byId.get('a') === before.byId.get('a')]).toEqual([null, true, true])
})
