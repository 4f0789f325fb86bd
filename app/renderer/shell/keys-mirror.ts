import { create } from 'zustand'
import type { Key, KeysUpdate } from '../../shared/contracts/keys.ts'

/** The one mirror of main's keys, for every page that looks at them. Only mirrors.ts writes it, with `applyKeys`. */
export interface KeysState {
  readonly byId: ReadonlyMap<string, Key>
  /** False until the first snapshot: the list is still loading, not empty. */
  readonly heard: boolean
  /** Main refused to tell; null while it tells. */
  readonly failure: Error | null
}

export const useKeys = create<KeysState>(() => ({ byId: new Map(), heard: false, failure: null }))

/** Keys that did not change stay the same objects, so that their rows are not painted again. */
export function applyKeys(state: KeysState, update: KeysUpdate): KeysState {
  if (update.kind === 'snapshot') {
    return { byId: new Map(update.keys.map((key) => [key.id, key])), heard: true, failure: null }
  }
  const byId = new Map(state.byId)
  for (const key of update.upserted) byId.set(key.id, key)
  for (const id of update.removed) byId.delete(id)
  return { ...state, byId }
}

/** Several updates in their order as one, so that a burst is applied, and painted, once. */
export function joinKeys(updates: readonly KeysUpdate[]): KeysUpdate {
  const start = updates.findLastIndex(({ kind }) => kind === 'snapshot')
  const upserted = new Map<string, Key>()
  const removed = new Set<string>()
  for (const update of updates.slice(Math.max(0, start))) {
    for (const key of update.kind === 'snapshot' ? update.keys : update.upserted) {
      removed.delete(key.id)
      upserted.set(key.id, key)
    }
    for (const id of update.kind === 'snapshot' ? [] : update.removed) {
      upserted.delete(id)
      removed.add(id)
    }
  }
  const keys = [...upserted.values()]
  if (start >= 0) return { kind: 'snapshot', keys }
  return { kind: 'change', upserted: keys, removed: [...removed] }
}
