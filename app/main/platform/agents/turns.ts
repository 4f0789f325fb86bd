import type { MessageBody, ToolWish } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Peer, PeerHandlers } from '../../lib/peer.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { MainAsks } from '../messages.ts'
import type { AgentAsks, AgentProgress, AgentWorkerAsks } from './agent-messages.ts'
import { type Answer, type AnswerListener, type AnswerWish, makeAnswer } from './answer.ts'
import { type Chat, cancelled, createChat } from './model.ts'
import { type ToolParts, toolsOf } from './tools.ts'

/** A whole answer, all rounds and tools of it. */
const MOST_MS = 10 * 60_000
/** Words for a page are gathered so long. */
const GATHER_MS = 30

export interface AgentTurnParts extends ToolParts {
  readonly main: Pick<Peer<AgentAsks & Pick<MainAsks, 'log'>>, 'ask' | 'tell'>
  readonly gateway: Pick<Gateway, 'serve' | 'hasFeature' | 'models'>
}

/** The answers that are being made, for pages and for callers of the HTTP interface. */
export function createAgentTurns(parts: AgentTurnParts) {
  const { main, gateway } = parts
  const chat: Chat = createChat(gateway)
  const running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<unknown> }>()

  /** Makes the answer and writes it down; where there is none, writes down why, and fails with it. */
  async function run({ turn, signal, ...rest }: AnswerWish): Promise<Answer> {
    const { id: sessionId } = turn.session
    const controller = new AbortController()
    const give = () => controller.abort(cancelled(signal))
    if (signal.aborted) give()
    signal.addEventListener('abort', give)
    const limit = setTimeout(() => {
      controller.abort(new AppError('UPSTREAM_TIMEOUT', { host: turn.agent.name, seconds: MOST_MS / 1000 }))
    }, MOST_MS)
    const work = answer({ ...rest, turn, signal: controller.signal })
    running.set(sessionId, { controller, ended: work.catch(() => {}) })
    try {
      return await work
    } finally {
      running.delete(sessionId)
      clearTimeout(limit)
      signal.removeEventListener('abort', give)
    }
  }
  async function answer(wish: AnswerWish): Promise<Answer> {
    const { turn, token } = wish
    const { id: sessionId } = turn.session
    const progress = gather((told) => main.tell('agentProgress', { sessionId, progress: told }))
    const listener: AnswerListener = {
      ...wish.listener,
      text(words) {
        progress.text(words)
        wish.listener.text?.(words)
      },
      calling(wished, tool) {
        progress.calling(wished)
        wish.listener.calling?.(wished, tool)
      },
    }
    const keep = async (body: MessageBody): Promise<void> => {
      progress.flush()
      await main.ask('agentMessage', { sessionId, body })
    }
    try {
      const tools = await toolsOf(turn.agent, token, parts)
      return await makeAnswer({ ...wish, listener }, { chat, tools, keep })
    } catch (error) {
      const known = error instanceof AppError ? error : new AppError('INTERNAL', { incident: wish.requestId })
      const { code, details } = known
      // A session that was removed meanwhile wants to know nothing any more.
      await keep({ kind: 'failed', failure: { code, details } }).catch(() => {})
      if (known !== error) {
        const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
        const fields = { request_id: wish.requestId, stack }
        main.tell('log', { level: 'error', message: 'answer failed', fields })
      }
      throw known
    }
  }

  const handlers: PeerHandlers<AgentWorkerAsks> = {
    async agentTurn(turn, { signal }) {
      const requestId = `agent-${turn.session.id}`
      await run({ turn, token: null, requestId, signal, streams: true, listener: {} })
    },
    agentStop: ({ sessionId }) => running.get(sessionId)?.controller.abort(new AppError('CANCELLED')),
    agentModels: () => gateway.models(null).map(({ id }) => id),
  }

  return {
    handlers,
    run,
    /** Ends what is being made; before the gateway stops. */
    async stop(): Promise<void> {
      const all = [...running.values()]
      for (const { controller } of all) controller.abort(new AppError('PLATFORM_NOT_RUNNING', { reason: 'it stopped' }))
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}
export type AgentTurns = ReturnType<typeof createAgentTurns>

/** Words come in hundreds of pieces a second; a page is told of them less often. */
function gather(tell: (progress: AgentProgress) => void) {
  let text = ''
  let timer: NodeJS.Timeout | null = null
  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (text !== '') tell({ kind: 'text', text })
    text = ''
  }
  return {
    flush,
    text(more: string): void {
      text += more
      timer ??= setTimeout(flush, GATHER_MS)
    },
    calling(wish: ToolWish): void {
      flush()
      tell({ kind: 'calling', wish })
    },
  }
}
