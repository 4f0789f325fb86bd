import { create } from 'zustand'
import type { Plugin, PluginsUpdate } from '../../../shared/contracts/plugins.ts'
import { conditionOf } from './plugin-condition.ts'

/** A mirror of main's plugins. Only `applyPlugins` writes it; components read. */
export interface PluginsState {
  readonly byId: ReadonlyMap<string, Plugin>
  /** False until the first snapshot: the list is still loading, not empty. */
  readonly heard: boolean
  /** Main refused to tell; null while it tells. */
  readonly failure: Error | null
}

export const usePlugins = create<PluginsState>(() => ({ byId: new Map(), heard: false, failure: null }))

export function applyPlugins(state: PluginsState, update: PluginsUpdate): PluginsState {
  if (update.kind === 'snapshot') {
    return { byId: new Map(update.plugins.map((plugin) => [plugin.id, plugin])), heard: true, failure: null }
  }
  const byId = new Map(state.byId)
  for (const plugin of update.upserted) byId.set(plugin.id, plugin)
  for (const id of update.removed) byId.delete(id)
  return { ...state, byId }
}

/** Several updates in their order as one, so that a burst is applied, and painted, once. */
export function joinPlugins(updates: readonly PluginsUpdate[]): PluginsUpdate {
  const start = updates.findLastIndex(({ kind }) => kind === 'snapshot')
  const upserted = new Map<string, Plugin>()
  const removed = new Set<string>()
  for (const update of updates.slice(Math.max(0, start))) {
    for (const plugin of update.kind === 'snapshot' ? update.plugins : update.upserted) {
      removed.delete(plugin.id)
      upserted.set(plugin.id, plugin)
    }
    for (const id of update.kind === 'snapshot' ? [] : update.removed) {
      upserted.delete(id)
      removed.add(id)
    }
  }
  const plugins = [...upserted.values()]
  if (start >= 0) return { kind: 'snapshot', plugins }
  return { kind: 'change', upserted: plugins, removed: [...removed] }
}

/** How many plugins cannot do what they are there for: the number on the rail. */
export function countAttention(byId: ReadonlyMap<string, Plugin>): number {
  let count = 0
  for (const plugin of byId.values()) {
    const condition = conditionOf(plugin)
    if (condition === 'fail' || condition === 'warn') count++
  }
  return count
}
