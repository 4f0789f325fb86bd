import { type Agent, MOST_TOOLS, type ToolCall, type ToolWish } from '../../../shared/contracts/agents.ts'
import { AppError, describeError } from '../../../shared/errors.ts'
import type { CallArguments } from '../../features/plugins/calling/call-types.ts'
import type { OpenAiFunction } from '../../features/plugins/calling/openai-functions.ts'
import { fromJson } from '../../lib/json.ts'
import { type GatewayToken, opensPlugin } from '../gateway/tokens.ts'
import type { PlatformParts } from '../parts.ts'
import { MOST_ARGUMENTS } from './gathered.ts'

/** Bytes of a tool's answer that a model is told. */
const MOST_ANSWER = 32 * 1024

export interface AgentTools {
  readonly functions: readonly OpenAiFunction[]
  /** What is behind a function's name; nulls for a name that none of them has. */
  named(name: string): Pick<ToolCall, 'plugin' | 'pluginId' | 'operation'>
  /** Never fails: what went wrong is told in the answer, so that the model can do better. */
  call(wish: ToolWish, how: { readonly requestId: string; readonly signal: AbortSignal }): Promise<ToolCall>
}
export type ToolParts = Pick<PlatformParts, 'table' | 'calls' | 'functions'>

/** The active tools of an agent's plugins; of those, what a caller's token opens. */
export async function toolsOf(agent: Agent, token: GatewayToken | null, parts: ToolParts): Promise<AgentTools> {
  const { table, calls } = parts
  await table.arrival()
  const { functions: all, find } = await parts.functions()
  const mine = new Set(agent.plugins.filter((id) => opensPlugin(token, id)))
  const functions = all.filter((one) => mine.has(find(one.function.name)?.pluginId ?? '')).slice(0, MOST_TOOLS)
  const known = new Set(functions.map((one) => one.function.name))

  const named = (name: string) => {
    const found = known.has(name) ? find(name) : null
    const plugin = found && table.get(found.pluginId)
    if (!found || !plugin) return { plugin: null, pluginId: null, operation: null }
    return { plugin: plugin.name, pluginId: plugin.id, operation: found.operationId }
  }

  return {
    functions,
    named,
    async call(wish, { requestId, signal }) {
      const target = named(wish.name)
      const told = { ...wish, ...target }
      const plugin = target.pluginId === null ? null : table.get(target.pluginId)
      if (!plugin || target.operation === null) {
        const details = { plugin: agent.name.slice(0, 100), tool: wish.name.slice(0, 100) }
        return { ...told, ...failed(new AppError('TOOL_NOT_FOUND', details)), durationMs: 0 }
      }
      const given = argumentsOf(wish.arguments)
      if (!given) {
        const reason = `"arguments" is the text of a JSON object, at most ${MOST_ARGUMENTS} characters`
        return { ...told, ...failed(new AppError('BAD_INPUT', { reason })), durationMs: 0 }
      }
      const { failure, data, durationMs } = await calls.call({
        ...{ plugin, operation: target.operation, arguments: given, requestId, surface: 'agent', signal },
        // What comes back is kept and shown: secrets of the plugin are masked in it.
        withExchange: true,
      })
      if (failure) return { ...told, ...failed(failure, data), durationMs }
      return { ...told, answer: cut(JSON.stringify(data)), failure: null, durationMs }
    },
  }
}

/** A failure with its sentence, as a model reads it; what the service said of it is told too. */
export function failed(
  { code, details }: Pick<AppError, 'code' | 'details'>,
  data: unknown = null,
): Pick<ToolCall, 'answer' | 'failure'> {
  const error = describeError(code, details, 'en').sentence
  const answer = cut(JSON.stringify(data === null ? { error } : { error, answer: data }))
  return { answer, failure: { code, details } }
}

/** What a model wrote; null for what is no object, or too long. */
export function argumentsOf(text: string): CallArguments | null {
  if (text.trim() === '') return {}
  if (text.length > MOST_ARGUMENTS) return null
  const value = fromJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as CallArguments) : null
}

/** The beginning of what is too long, and that it is. */
export function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MOST_ANSWER) return text
  // A character that was cut in two is left out.
  const kept = bytes.toString('utf8', 0, MOST_ANSWER).replace(/\uFFFD+$/, '')
  return `${kept}\n[cut: ${MOST_ANSWER} of ${bytes.length} bytes]`
}
