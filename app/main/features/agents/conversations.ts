import type { ConversationUpdate, MessageBody, Session, Turn } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { AgentProgress } from '../../platform/agents/agent-messages.ts'
import { type Sessions, shown } from './sessions.ts'

/** Which conversations are followed, and where an answer is being made: what is not written down yet is held here. */
export function createConversations(parts: {
  readonly db: Db
  readonly sessions: Sessions
  readonly clock: () => number
}) {
  const { db, sessions, clock } = parts
  const turns = new Map<string, Turn>()
  const followed = new Map<string, ReturnType<typeof createEmitter<ConversationUpdate>>>()
  const lists = createEmitter<string>()

  const tell = (id: string, update: ConversationUpdate) => followed.get(id)?.emit(update)
  function setTurn(id: string, turn: Turn | null): void {
    if (turn) turns.set(id, turn)
    else turns.delete(id)
    tell(id, { kind: 'turn', turn })
  }

  return {
    busy: (id: string): boolean => turns.has(id),
    isFollowed: (id: string): boolean => followed.has(id),
    /** Holds the session until `end`. */
    begin(id: string): void {
      if (turns.has(id)) throw new AppError('SESSION_BUSY')
      setTurn(id, { startedAt: clock(), text: '', calling: null })
    },
    end(id: string): void {
      if (turns.has(id)) setTurn(id, null)
    },
    progress(id: string, progress: AgentProgress): void {
      const turn = turns.get(id)
      if (!turn) return
      if (progress.kind === 'text') turns.set(id, { ...turn, text: turn.text + progress.text })
      else turns.set(id, { ...turn, calling: progress.wish })
      tell(id, progress)
    },
    append(id: string, body: MessageBody): void {
      const message = sessions.append(id, body)
      db.afterCommit(() => {
        const turn = turns.get(id)
        if (turn) turns.set(id, { ...turn, text: '', calling: null })
        tell(id, { kind: 'message', message })
        lists.emit(sessions.find(id).agentId)
      })
    },
    remove(ids: readonly string[]): void {
      const agents = new Set(ids.flatMap((id) => sessions.get(id)?.agentId ?? []))
      sessions.remove(ids)
      this.removed(ids)
      for (const agentId of agents) lists.emit(agentId)
    },
    /** Of sessions that are gone already. */
    removed(ids: readonly string[]): void {
      for (const id of ids) {
        turns.delete(id)
        tell(id, { kind: 'removed' })
      }
    },
    followList(agentId: string, emit: Emit<{ sessions: Session[] }>): Unsubscribe {
      const show = () => void emit({ sessions: sessions.of(agentId) })
      show()
      return lists.listen((changed) => {
        if (changed === agentId) show()
      })
    },
    /** A snapshot first; fails with SESSION_NOT_FOUND. */
    follow(id: string, emit: Emit<ConversationUpdate>): Unsubscribe {
      const session = shown(sessions.find(id))
      emit({ kind: 'snapshot', session, messages: sessions.messages(id), turn: turns.get(id) ?? null })
      const emitter = followed.get(id) ?? createEmitter<ConversationUpdate>()
      followed.set(id, emitter)
      const stop = emitter.listen((update) => void emit(update))
      return () => {
        stop()
        if (emitter.size === 0 && followed.get(id) === emitter) followed.delete(id)
      }
    },
  }
}
export type Conversations = ReturnType<typeof createConversations>
