import type { agents as contract, MessageBody } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Log } from '../../lib/log.ts'
import type { Peer, PeerHandlers } from '../../lib/peer.ts'
import { createScope, type Stop } from '../../lib/scope.ts'
import type { AgentAsks, AgentTurn, AgentWorkerAsks } from '../../platform/agents/agent-messages.ts'
import { createAgentList } from './agent-list.ts'
import { createConversations } from './conversations.ts'
import { createSessions, shown } from './sessions.ts'

const PRUNE_MS = 6 * 3_600_000

export interface AgentWorker extends Pick<Peer<AgentWorkerAsks>, 'ask' | 'tell'> {
  onStarted(listener: () => void): Unsubscribe
}
export interface Agents {
  readonly handlers: Handlers<typeof contract>
  /** What the local platform's worker asks. */
  readonly asks: PeerHandlers<AgentAsks>
  readonly stop: Stop
}

/** Agents and what is said with them: main keeps both, the local platform's worker makes the answers. */
export function createAgents(options: {
  readonly db: Db
  readonly worker: AgentWorker
  readonly audit: Audit
  readonly log: Log
  readonly clock?: () => number
}): Agents {
  const { db, worker, audit, log, clock = Date.now } = options
  const scope = createScope()
  const list = createAgentList({ db, audit, clock })
  const sessions = createSessions({ db, clock })
  const conversations = createConversations({ db, sessions, clock })
  /** Sessions whose answer a caller of the HTTP interface waits for; nobody else hears when the worker dies. */
  const callers = new Set<string>()

  function prune(): void {
    const gone = sessions.outlived().filter((id) => !conversations.busy(id))
    if (gone.length > 0) conversations.remove(gone)
  }
  const pruneLater = () => {
    try {
      prune()
    } catch (error) {
      // Later again.
      log.warn('agents', 'nothing pruned', { error })
    }
  }
  pruneLater()
  const pruning = setInterval(pruneLater, PRUNE_MS)
  pruning.unref()
  scope.add(() => clearInterval(pruning))

  /** `caller` undefined: the console itself, which may continue any session. */
  function begin(wish: {
    readonly agentId: string
    readonly sessionId: string | null
    readonly text: string
    readonly caller?: string | null
  }): AgentTurn {
    const { agentId, text, caller } = wish
    const agent = list.find(agentId)
    const known = wish.sessionId === null ? null : sessions.find(wish.sessionId)
    if (known && (known.agentId !== agentId || (caller !== undefined && known.caller !== caller)))
      throw new AppError('SESSION_NOT_FOUND', { name: known.id })
    if (known && conversations.busy(known.id)) throw new AppError('SESSION_BUSY')
    const id = db.transaction(() => {
      const made = known?.id ?? sessions.create(agentId, text, caller ?? null)
      conversations.append(made, { kind: 'said', text })
      return made
    })
    conversations.begin(id)
    if (!known) pruneLater()
    const messages = sessions.messages(id).map(({ body }) => body)
    return { agent, session: shown(sessions.find(id)), messages, followed: conversations.isFollowed(id) }
  }
  /** Writes down why there is no answer, unless the worker has. */
  function fail(id: string, error: unknown): void {
    if (!sessions.get(id)) return
    const last = sessions.messages(id).at(-1)
    if (last?.body.kind === 'failed') return
    const { code, details } = error instanceof AppError ? error : new AppError('INTERNAL', { incident: 'agent' })
    conversations.append(id, { kind: 'failed', failure: { code, details } } satisfies MessageBody)
  }
  // No answer is being made yet: an earlier console ended in the middle of these.
  for (const id of sessions.unanswered())
    fail(id, new AppError('PLATFORM_NOT_RUNNING', { reason: 'the console ended meanwhile' }))

  async function answer(turn: AgentTurn): Promise<void> {
    const { id } = turn.session
    try {
      await worker.ask('agentTurn', turn)
    } catch (error) {
      if (!(error instanceof AppError)) log.error('agents', 'answer failed', { error })
      fail(id, error)
    } finally {
      conversations.end(id)
    }
  }
  /** What they are told comes with the worker's own end. */
  function give(ids: readonly string[]): void {
    for (const id of ids) worker.tell('agentStop', { sessionId: id })
  }
  scope.add(
    worker.onStarted(() => {
      for (const id of callers) {
        fail(id, new AppError('PLATFORM_NOT_RUNNING', { reason: 'it ended meanwhile' }))
        conversations.end(id)
      }
      callers.clear()
    }),
  )

  function removeAgents(ids: readonly string[], asker: Parameters<typeof list.remove>[1]): void {
    const gone = ids.flatMap((id) => sessions.idsOf(id))
    list.remove(ids, asker)
    give(gone.filter(conversations.busy))
    conversations.removed(gone)
  }

  return {
    handlers: {
      create: (facts, { actor }) => ({ id: list.create(facts, { actor }).id }),
      change: ({ id, facts }, { actor }) => void list.change(id, facts, { actor }),
      remove: ({ ids }, { actor }) => removeAgents(ids, { actor }),
      removeSessions({ ids }) {
        give(ids.filter(conversations.busy))
        conversations.remove(ids)
      },
      models: async () => ({ models: [...(await worker.ask('agentModels', undefined))] }),
      say(wish) {
        const turn = begin(wish)
        void answer(turn).catch((error) => log.error('agents', 'answer not kept', { error }))
        return { sessionId: turn.session.id }
      },
      stop: ({ sessionId }) => give([sessionId].filter(conversations.busy)),
      onUpdates: (emit) => list.follow(emit),
      onSessions(emit, { agentId }) {
        list.find(agentId)
        return conversations.followList(agentId, emit)
      },
      onConversation: (emit, { sessionId }) => conversations.follow(sessionId, emit),
    },
    asks: {
      agentList: () => list.list(),
      agentAdd: ({ facts, userId }) => list.create(facts, { actor: 'platform', userId }),
      agentRemove: ({ id, userId }) => removeAgents([id], { actor: 'platform', userId }),
      agentTurnBegin(wish) {
        const turn = begin(wish)
        callers.add(turn.session.id)
        return turn
      },
      agentProgress: ({ sessionId, progress }) => conversations.progress(sessionId, progress),
      agentMessage: ({ sessionId, body }) => conversations.append(sessionId, body),
      agentTurnEnd({ sessionId }) {
        callers.delete(sessionId)
        conversations.end(sessionId)
      },
    },
    stop: scope.close,
  }
}
