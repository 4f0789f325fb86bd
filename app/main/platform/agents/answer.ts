import {
  type MessageBody,
  MOST_ROUNDS,
  MOST_TOOL_CALLS,
  type ToolCall,
  type ToolWish,
} from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { GatewayToken } from '../gateway/tokens.ts'
import type { AgentTurn } from './agent-messages.ts'
import { assistantRow, historyOf, toolRow } from './history.ts'
import { type Chat, cancelled } from './model.ts'
import { type AgentTools, failed } from './tools.ts'

/** Told as it happens, in order. */
export interface AnswerListener {
  readonly text?: (text: string) => void
  readonly calling?: (wish: ToolWish, tool: Pick<ToolCall, 'plugin' | 'operation'>) => void
  readonly called?: (call: ToolCall) => void
}
export interface AnswerWish {
  readonly turn: AgentTurn
  readonly token: GatewayToken | null
  readonly requestId: string
  readonly signal: AbortSignal
  /** Whether words are told as they come. */
  readonly streams: boolean
  readonly listener: AnswerListener
}
export interface AnswerParts {
  readonly chat: Chat
  readonly tools: AgentTools
  /** Writes a message down when it is whole. */
  readonly keep: (body: MessageBody) => Promise<void>
}
export interface Answer {
  readonly text: string
  readonly calls: readonly ToolCall[]
  readonly inputTokens: number
  readonly outputTokens: number
}

/**
 * Asks the model, calls the tools that it asks for, one after the other, and asks again with what they answered, until it
 * answers in words. In the last round it may not ask for tools. Fails with why there is no answer.
 */
export async function makeAnswer(wish: AnswerWish, { chat, tools, keep }: AnswerParts): Promise<Answer> {
  const { turn, token, requestId, signal, streams, listener } = wish
  const { instructions, model } = turn.agent
  const messages = historyOf(instructions, turn.messages)
  const calls: ToolCall[] = []
  let inputTokens = 0
  let outputTokens = 0

  for (let round = 1; ; round++) {
    const last = round === MOST_ROUNDS
    const mayCall = !last && calls.length < MOST_TOOL_CALLS
    const answer = await chat(
      { model, messages, tools: tools.functions, mayCall, token },
      { signal, onText: streams ? (listener.text ?? (() => {})) : null },
    )
    inputTokens += answer.inputTokens
    outputTokens += answer.outputTokens
    const { text, wishes, failure, model: answered, vendor } = answer
    const kept = { kind: 'answered', text, model: answered, vendor } as const
    if (failure) {
      if (text !== '') await keep({ ...kept, wishes: [], cut: true })
      throw failure
    }
    if (wishes.length === 0) {
      await keep({ ...kept, wishes: [], cut: false })
      return { text, calls, inputTokens, outputTokens }
    }
    if (last) {
      if (text !== '') await keep({ ...kept, wishes: [], cut: true })
      throw new AppError('AGENT_ROUNDS', { most: MOST_ROUNDS })
    }
    await keep({ ...kept, wishes: [...wishes], cut: false })
    messages.push(assistantRow(text, wishes))
    for (const wished of wishes) {
      const call = await callOne(wished)
      calls.push(call)
      listener.called?.(call)
      await keep({ kind: 'called', call })
      messages.push(toolRow(call.id, call.answer))
      const ended = cancelled(signal)
      if (ended) throw ended
    }
  }

  async function callOne(wished: ToolWish): Promise<ToolCall> {
    listener.calling?.(wished, tools.named(wished.name))
    if (calls.length < MOST_TOOL_CALLS) return await tools.call(wished, { requestId, signal })
    const reason = `an answer may call ${MOST_TOOL_CALLS} tools, and has`
    const refused = failed(new AppError('BAD_INPUT', { reason }))
    return { ...wished, ...tools.named(wished.name), ...refused, durationMs: 0 }
  }
}
