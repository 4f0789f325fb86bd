import { create } from 'zustand'
import { conditionOf, type Service, type ServicesUpdate } from '../../../shared/contracts/services.ts'

/** A mirror of main's registry. Only `applyUpdate` writes it; components read. */
export interface ServicesState {
  readonly byId: ReadonlyMap<string, Service>
  /** False until the first snapshot: the list is still loading, not empty. */
  readonly heard: boolean
}

export const useServices = create<ServicesState>(() => ({ byId: new Map(), heard: false }))

export function applyUpdate(state: ServicesState, update: ServicesUpdate): ServicesState {
  if (update.kind === 'snapshot') {
    return { byId: new Map(update.services.map((service) => [service.id, service])), heard: true }
  }
  const byId = new Map(state.byId)
  for (const service of update.upserted) byId.set(service.id, service)
  for (const id of update.removed) byId.delete(id)
  return { byId, heard: state.heard }
}

/** Several updates in their order as one, so that a burst is applied, and painted, once. */
export function joinUpdates(updates: readonly ServicesUpdate[]): ServicesUpdate {
  const start = updates.findLastIndex(({ kind }) => kind === 'snapshot')
  const upserted = new Map<string, Service>()
  const removed = new Set<string>()
  for (const update of updates.slice(Math.max(0, start))) {
    for (const service of update.kind === 'snapshot' ? update.services : update.upserted) {
      removed.delete(service.id)
      upserted.set(service.id, service)
    }
    for (const id of update.kind === 'snapshot' ? [] : update.removed) {
      upserted.delete(id)
      removed.add(id)
    }
  }
  const services = [...upserted.values()]
  if (start >= 0) return { kind: 'snapshot', services }
  return { kind: 'change', upserted: services, removed: [...removed] }
}

/** How many services fail or warn: the number on the rail. */
export function countAttention(byId: ReadonlyMap<string, Service>): number {
  let count = 0
  for (const service of byId.values()) {
    const condition = conditionOf(service)
    if (condition === 'fail' || condition === 'warn') count++
  }
  return count
}
