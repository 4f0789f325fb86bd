import { expect, test } from 'vitest'
import type { Service, ServicesUpdate } from '../../../shared/contracts/services.ts'
import { applyUpdate, joinUpdates, type ServicesState } from './services-store.ts'

const service = (id: string, name = id) => ({ id, name }) as Service
const change = (upserted: Service[], removed: string[] = []): ServicesUpdate => ({ kind: 'change', upserted, removed })
const names = (state: ServicesState) => [...state.byId.values()].map(({ name }) => name)
const empty: ServicesState = { byId: new Map(), heard: false }

test('a burst joined into one update leaves the state that its parts leave', () => {
  const burst = [
    change([service('lost')]),
    { kind: 'snapshot' as const, services: [service('a'), service('b')] },
    change([service('c'), service('a', 'a2')], ['b']),
    change([service('b', 'b again')], ['c']),
  ]
  expect({
    joined: names(applyUpdate(empty, joinUpdates(burst))).sort(),
    oneByOne: names(burst.reduce(applyUpdate, empty)).sort(),
  }).toEqual({ joined: ['a2', 'b again'], oneByOne: ['a2', 'b again'] })
})

test('changes alone join into a change', () => {
  expect(joinUpdates([change([service('a')]), change([], ['a']), change([service('b')])])).toEqual({
    kind: 'change',
    upserted: [service('b')],
    removed: ['a'],
  })
})
