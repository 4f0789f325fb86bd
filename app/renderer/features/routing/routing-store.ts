import { create } from 'zustand'
import type { Key } from '../../../shared/contracts/keys.ts'
import type { Feature, FeaturesUpdate, RouteStandings } from '../../../shared/contracts/routing.ts'
import { type KeysState, useKeys } from '../../shell/keys-mirror.ts'

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

export type RouteStanding = RouteStandings['features'][number]

/** How each feature stands by what the router itself says; empty before it said anything. Only mirrors.ts writes it. */
export const useStandings = create<{ readonly byName: ReadonlyMap<string, RouteStanding> }>(() => ({
  byName: new Map(),
}))
export const standingsByName = ({ features }: RouteStandings) => ({
  byName: new Map(features.map((one) => [one.name, one])),
})

/** What routing looks at of a key: not what it was used for, which changes with every call. */
export type RouteKey = Pick<Key, 'id' | 'vendor' | 'service' | 'name' | 'tier' | 'weight' | 'state' | 'models'>

/** The keys as far as routing looks at them; null until they were heard of. The same value while nothing of that changes. */
export const useRouteKeys = (): ReadonlyMap<string, RouteKey> | null => useKeys(routeKeys)
const routeKeys = routeKeysSelector()

/** Remembers what it answered last, so that the use of a key, which each call changes, paints nothing anew. */
export function routeKeysSelector(): (state: KeysState) => ReadonlyMap<string, RouteKey> | null {
  let seen: ReadonlyMap<string, Key> | null = null
  let last: ReadonlyMap<string, RouteKey> | null = null
  return ({ byId, heard }) => {
    if (!heard || byId === seen) return last
    const next = new Map<string, RouteKey>()
    for (const [id, key] of byId) {
      const before = last?.get(id)
      next.set(id, before && (seen?.get(id) === key || sameForRouting(before, key)) ? before : routeKeyOf(key))
    }
    seen = byId
    if (last?.size !== next.size || [...next].some(([id, key]) => last?.get(id) !== key)) last = next
    return last
  }
}

const routeKeyOf = ({ id, vendor, service, name, tier, weight, state, models }: Key): RouteKey => ({
  ...{ id, vendor, service, name, tier, weight, state, models },
})
const sameForRouting = (before: RouteKey, key: Key) => JSON.stringify(before) === JSON.stringify(routeKeyOf(key))
