import type { Service, ServicesUpdate } from '../../../shared/contracts/services.ts'

/** A mirror of main's registry. Only `applyUpdate` writes it; components read. */
export interface ServicesState {
  readonly byId: ReadonlyMap<string, Service>
}

export function applyUpdate(state: ServicesState, update: ServicesUpdate): ServicesState {
  if (update.kind === 'snapshot') return { byId: new Map(update.services.map((service) => [service.id, service])) }
  const byId = new Map(state.byId)
  for (const service of update.upserted) byId.set(service.id, service)
  for (const id of update.removed) byId.delete(id)
  return { byId }
}
