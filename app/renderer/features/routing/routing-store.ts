import { create } from 'zustand'
import type { Key, KeysUpdate } from '../../../shared/contracts/keys.ts'
import type { Feature, FeaturesUpdate } from '../../../shared/contracts/routing.ts'

/** A mirror of main's features. Only `applyFeatures` writes it; components read. */
export interface RoutingState {
  readonly byName: ReadonlyMap<string, Feature>
  /** False until the first snapshot: the list is still loading, not empty. */
  readonly heard: boolean
  /** Main refused to tell; null while it tells. */
  readonly failure: Error | null
}

export const useRouting = create<RoutingState>(() => ({ byName: new Map(), heard: false, failure: null }))

export function applyFeatures(state: RoutingState, update: FeaturesUpdate): RoutingState {
  if (update.kind === 'snapshot') {
    return { byName: new Map(update.features.map((one) => [one.name, one])), heard: true, failure: null }
  }
  const byName = new Map(state.byName)
  for (const feature of update.upserted) byName.set(feature.name, feature)
  for (const name of update.removed) byName.delete(name)
  return { ...state, byName }
}

/** What routing looks at of a key: not what it was used for, which changes with every call. */
export type RouteKey = Pick<Key, 'id' | 'vendor' | 'service' | 'name' | 'tier' | 'weight' | 'state' | 'models'>

/** The keys as far as routing looks at them; null until they were heard of. */
export interface RouteKeysState {
  readonly byId: ReadonlyMap<string, RouteKey> | null
}
export const useRouteKeys = create<RouteKeysState>(() => ({ byId: null }))

export function applyRouteKeys(state: RouteKeysState, update: KeysUpdate): RouteKeysState {
  const known = state.byId
  const byId = new Map(update.kind === 'snapshot' ? [] : known)
  for (const key of update.kind === 'snapshot' ? update.keys : update.upserted) {
    const { id, vendor, service, name, tier, weight, state: own, models } = key
    const next: RouteKey = { id, vendor, service, name, tier, weight, state: own, models }
    const before = known?.get(id)
    byId.set(id, before && JSON.stringify(before) === JSON.stringify(next) ? before : next)
  }
  for (const id of update.kind === 'snapshot' ? [] : update.removed) byId.delete(id)
  const same = known !== null && known.size === byId.size && [...byId].every(([id, key]) => known.get(id) === key)
  // Each call changes the use of a key; nothing here shows it, so nothing is painted anew.
  return same ? state : { byId }
}
