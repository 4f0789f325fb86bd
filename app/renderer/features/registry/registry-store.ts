import { create } from 'zustand'
import type { Instance, registry } from '../../../shared/contracts/registry.ts'
import type { Client } from '../../../shared/rpc/contract.ts'

export type RegistryUpdate = Parameters<Parameters<Client<typeof registry>['onUpdates']>[0]>[0]

/** A mirror of main's registered instances. Only `applyInstances` writes it; components read. */
export interface RegistryState {
  readonly byId: ReadonlyMap<string, Instance>
  /** False until the first snapshot: the list is still loading, not empty. */
  readonly heard: boolean
  /** Main refused to tell; null while it tells. */
  readonly failure: Error | null
}

export const useRegistry = create<RegistryState>(() => ({ byId: new Map(), heard: false, failure: null }))

export function applyInstances(state: RegistryState, update: RegistryUpdate): RegistryState {
  if (update.kind === 'snapshot')
    return { byId: new Map(update.instances.map((one) => [one.id, one])), heard: true, failure: null }
  const byId = new Map(state.byId)
  for (const one of update.upserted) byId.set(one.id, one)
  for (const id of update.removed) byId.delete(id)
  return { ...state, byId }
}

/** How many services no instance of which can be reached: the number on the rail. One of two that is down is no outage. */
export function countUnreachable(byId: ReadonlyMap<string, Instance>): number {
  const names = new Set<string>()
  const reached = new Set<string>()
  for (const { name, state } of byId.values()) (state.kind === 'up' ? reached : names).add(name)
  return [...names].filter((name) => !reached.has(name)).length
}
