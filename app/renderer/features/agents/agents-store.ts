import { create } from 'zustand'
import type { Agent, AgentsUpdate } from '../../../shared/contracts/agents.ts'

/** A mirror of main's agents. Only `applyAgents` writes it; components read. */
export interface AgentsState {
  readonly byId: ReadonlyMap<string, Agent>
  /** False until the first snapshot: the list is still loading, not empty. */
  readonly heard: boolean
  /** Main refused to tell; null while it tells. */
  readonly failure: Error | null
}

export const useAgents = create<AgentsState>(() => ({ byId: new Map(), heard: false, failure: null }))

export function applyAgents(state: AgentsState, update: AgentsUpdate): AgentsState {
  if (update.kind === 'snapshot')
    return { byId: new Map(update.agents.map((one) => [one.id, one])), heard: true, failure: null }
  const byId = new Map(state.byId)
  for (const one of update.upserted) byId.set(one.id, one)
  for (const id of update.removed) byId.delete(id)
  return { ...state, byId }
}

/** By name, as people look for them. */
export const inOrder = (byId: ReadonlyMap<string, Agent>): Agent[] =>
  [...byId.values()].sort((a, b) => a.name.localeCompare(b.name) || a.createdAt - b.createdAt)
