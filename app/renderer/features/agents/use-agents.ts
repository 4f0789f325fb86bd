import { useEffect, useState } from 'react'
import type { Session } from '../../../shared/contracts/agents.ts'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { asAppError } from '../../shell/run.ts'
import { applyConversation, type Conversation } from './conversation.ts'

/** One conversation, live for as long as the component is on screen. */
export function useConversation(sessionId: string): Conversation {
  const [state, setState] = useState<Conversation>({ kind: 'loading' })
  useEvent(
    rpc.agents.onConversation,
    { sessionId },
    (update) => setState((before) => applyConversation(before, update)),
    (error) => setState(asAppError(error).code === 'SESSION_NOT_FOUND' ? { kind: 'gone' } : { kind: 'failed', error }),
  )
  return state
}

/** The conversations with one agent, the latest first; null until main has told. */
export function useSessions(agentId: string): readonly Session[] | null {
  const [sessions, setSessions] = useState<readonly Session[] | null>(null)
  useEvent(rpc.agents.onSessions, { agentId }, (list) => setSessions(list.sessions))
  return sessions
}

/** The plugins that were not removed, by name; null until main has told. */
export function useInstalledPlugins(): readonly Plugin[] | null {
  const [byId, setById] = useState<ReadonlyMap<string, Plugin> | null>(null)
  useEvent(rpc.plugins.onUpdates, undefined, (update) =>
    setById((before) => {
      if (update.kind === 'snapshot') return new Map(update.plugins.map((one) => [one.id, one]))
      const next = new Map(before)
      for (const one of update.upserted) next.set(one.id, one)
      for (const id of update.removed) next.delete(id)
      return next
    }),
  )
  return byId && [...byId.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/** Whether agents can call its tools now. */
export const isCallable = ({ state, restorableUntil }: Plugin): boolean =>
  state === 'active' && restorableUntil === null

/** Names of models that can be asked now; none while nobody can tell. */
export function useModels(): readonly string[] {
  const [models, setModels] = useState<readonly string[]>([])
  useEffect(() => {
    let shown = true
    rpc.agents.models(undefined).then(
      (answer) => {
        if (shown) setModels(answer.models)
      },
      // Without the local platform there is nothing to choose from; a name can still be written.
      () => {},
    )
    return () => {
      shown = false
    }
  }, [])
  return models
}
