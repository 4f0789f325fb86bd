import { member } from '../vendors/openai-dialect.ts'
import type { Body } from './chat.ts'
import { type Refusal, wrong } from './tricks.ts'

const roles: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

/** What OpenAI would refuse, so that a caller who tries it offline hears of it then; null for a chat that is right. */
export function chatFault(body: Body): Refusal | null {
  const { messages, tools, stream } = body
  if (messages === undefined) return wrong('messages')
  if (!Array.isArray(messages) || messages.length === 0) return wrong('messages', 'is no list of messages')
  const odd = messages.findIndex((message) => !roles.has(member(message, 'role')))
  if (odd >= 0) return wrong(`messages[${odd}]`, 'has no role that is known')
  if (tools !== undefined && !Array.isArray(tools)) return wrong('tools', 'is no list')
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    return wrong('stream', 'is not true or false')
  for (const name of ['max_tokens', 'max_completion_tokens', 'n'])
    if (body[name] != null && !isCount(body[name])) return wrong(name, 'is no whole number from 1 on')
  return null
}
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1
