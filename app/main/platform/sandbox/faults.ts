import { member, textOf } from '../vendors/openai-dialect.ts'
import type { Body } from './chat.ts'
import { type Refusal, wrong } from './tricks.ts'
import { mostDimensions } from './vectors.ts'

// What OpenAI would refuse, so that a caller who tries it offline hears of it then; null for a request that is right.

const roles: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

export function chatFault(body: Body): Refusal | null {
  const { messages, tools, stream, temperature } = body
  if (messages === undefined) return wrong('messages')
  if (!Array.isArray(messages) || messages.length === 0) return wrong('messages', 'is no list of messages')
  const odd = messages.findIndex((message) => !roles.has(member(message, 'role')))
  if (odd >= 0) return wrong(`messages[${odd}]`, 'has no role that is known')
  if (tools !== undefined && !Array.isArray(tools)) return wrong('tools', 'is no list')
  const nameless = (tools ?? []).findIndex((tool: unknown) => !isFunction(tool))
  if (nameless >= 0) return wrong(`tools[${nameless}]`, 'is no function with a name')
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    return wrong('stream', 'is not true or false')
  for (const name of ['max_tokens', 'max_completion_tokens'])
    if (body[name] != null && !isCount(body[name])) return wrong(name, 'is no whole number from 1 on')
  if (temperature != null && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 2))
    return wrong('temperature', 'is no number from 0 to 2')
  return countFault(body, 'n', 128)
}
export const imagesFault = (body: Body): Refusal | null =>
  textOf(body['prompt']) === null ? wrong('prompt') : countFault(body, 'n', 10)
export const embeddingsFault = (body: Body): Refusal | null => countFault(body, 'dimensions', mostDimensions)

function countFault(body: Body, name: string, most: number): Refusal | null {
  const value = body[name]
  return value == null || (isCount(value) && (value as number) <= most)
    ? null
    : wrong(name, `is no whole number from 1 to ${most}`)
}
const isFunction = (tool: unknown) =>
  member(tool, 'type') === 'function' && (textOf(member(member(tool, 'function'), 'name')) ?? '') !== ''
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1
