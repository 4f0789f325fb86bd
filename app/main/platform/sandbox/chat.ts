import { countInputTokens, countTextTokens } from '../vendors/count-tokens.ts'
import { member, numberOf, textOf } from '../vendors/openai-dialect.ts'
import { hashOf, hex } from './hash.ts'
import { sampleOf } from './sample-arguments.ts'

// What the sandbox says. It has no model: it repeats what it heard, calls the first tool it is given, and reports what
// the tool said; always the same for the same conversation.

export type Body = Readonly<Record<string, unknown>>

interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}
export interface Reply {
  readonly id: string
  readonly model: string
  readonly text: string
  readonly toolCall: ToolCall | null
  readonly finish: 'stop' | 'length' | 'tool_calls'
  readonly choices: number
  readonly inputTokens: number
  readonly outputTokens: number
}

const mostQuoted = 400
/** Characters of a name that is repeated in every piece of a stream, and of arguments that are made up. */
const mostNamed = 200
const mostMade = 64 * 1024
/** Results of tools that are repeated, the newest. */
const mostReported = 20
/** A fixed time, so that the same request gets the same bytes. */
const created = 1_767_225_600

export function replyTo(body: Body): Reply {
  const model = (textOf(body['model']) ?? 'sandbox-chat').slice(0, mostNamed)
  const messages = Array.isArray(body['messages']) ? (body['messages'] as readonly unknown[]) : []
  const lastUser = messages.findLastIndex((message) => member(message, 'role') === 'user')
  const said = contentOf(messages[lastUser])
  const last = messages.at(-1)
  const results = messages.slice(lastUser + 1).filter((message) => member(message, 'role') === 'tool')
  const hash = hashOf(`${model}\n${messages.length}\n${said}\n${contentOf(last)}`)

  const toolCall = results.length > 0 ? null : callTool(body, said, hash)
  const whole = toolCall !== null ? '' : results.length > 0 ? reportOn(results) : answerTo(body, said, hash)
  const { text, cut } = withinLimit(whole, body)
  const choices = Math.min(8, Math.max(1, Math.floor(numberOf(body['n']) ?? 1)))
  const written = toolCall === null ? text : toolCall.name + toolCall.arguments
  return {
    id: `chatcmpl-${hex(hash)}`,
    model,
    text,
    toolCall,
    finish: toolCall !== null ? 'tool_calls' : cut ? 'length' : 'stop',
    choices,
    inputTokens: countInputTokens(body),
    outputTokens: Math.max(1, Math.ceil(countTextTokens(written))) * choices,
  }
}

/** A message's text, its pictures left out. */
function contentOf(message: unknown): string {
  const content = member(message, 'content')
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => textOf(member(part, 'text')) ?? '').join('')
}
function callTool(body: Body, said: string, hash: number): ToolCall | null {
  const tools = Array.isArray(body['tools']) ? (body['tools'] as readonly unknown[]) : []
  const choice = body['tool_choice']
  if (tools.length === 0 || choice === 'none') return null
  const wanted = textOf(member(member(choice, 'function'), 'name'))
  const functions = tools.map((tool) => member(tool, 'function'))
  const chosen = functions.find((one) => wanted === null || member(one, 'name') === wanted) ?? functions[0]
  const name = textOf(member(chosen, 'name'))
  if (name === null) return null
  return {
    id: `call_${hex(hash)}`,
    name: name.slice(0, mostNamed),
    arguments: madeOf(member(chosen, 'parameters'), said),
  }
}
/** JSON that the schema accepts; an empty object where that would be large. */
function madeOf(schema: unknown, said: string): string {
  const made = JSON.stringify(sampleOf(schema ?? { type: 'object' }, said.trim().slice(0, 200)))
  return made.length <= mostMade ? made : '{}'
}
function answerTo(body: Body, said: string, hash: number): string {
  const format = body['response_format']
  const kind = member(format, 'type')
  if (kind === 'json_schema') return madeOf(member(member(format, 'json_schema'), 'schema') ?? {}, said)
  const quoted = shorten(said.trim())
  if (kind === 'json_object') return JSON.stringify({ answer: quoted })
  return /[\u3400-\u9fff]/.test(said)
    ? `这里是沙箱模型的回答。你说的是：“${quoted}”。（${hex(hash)}）`
    : `This is the sandbox model. You said: "${quoted}". (${hex(hash)})`
}
function reportOn(results: readonly unknown[]): string {
  return results
    .slice(-mostReported)
    .map((message) => `The tool answered: ${shorten(contentOf(message))}`)
    .join('\n')
}
const shorten = (text: string): string => (text.length <= mostQuoted ? text : `${text.slice(0, mostQuoted)}…`)

function withinLimit(text: string, body: Body): { text: string; cut: boolean } {
  const most = numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']) ?? Number.POSITIVE_INFINITY
  if (!(most >= 1) || countTextTokens(text) <= most) return { text, cut: false }
  let kept = ''
  let tokens = 0
  for (const word of wordsOf(text)) {
    tokens += countTextTokens(word)
    if (tokens > most) break
    kept += word
  }
  return { text: kept, cut: true }
}
/** Pieces that a stream is made of; joined they are the text again. */
const wordsOf = (text: string): readonly string[] => text.match(/[\u3400-\u9fff]|\s*[^\s\u3400-\u9fff]+|\s+/g) ?? []

const usageOf = (reply: Reply) => ({
  prompt_tokens: reply.inputTokens,
  completion_tokens: reply.outputTokens,
  total_tokens: reply.inputTokens + reply.outputTokens,
})

/** The reply as one document. */
export function completion(reply: Reply): unknown {
  const { toolCall: call, text, finish } = reply
  const message =
    call === null
      ? { role: 'assistant', content: text, refusal: null }
      : {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [{ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }],
        }
  return {
    id: reply.id,
    object: 'chat.completion',
    created,
    model: reply.model,
    choices: Array.from({ length: reply.choices }, (_, index) => ({
      index,
      message,
      logprobs: null,
      finish_reason: finish,
    })),
    usage: usageOf(reply),
    system_fingerprint: 'fp_sandbox',
  }
}

/** The reply as the lines of a stream, `[DONE]` last. */
export function streamed(reply: Reply, body: Body): readonly string[] {
  const head = { id: reply.id, object: 'chat.completion.chunk', created, model: reply.model }
  const withUsage = member(body['stream_options'], 'include_usage') === true
  const lines: string[] = []
  const chunk = (choices: readonly unknown[], usage: unknown = null) =>
    lines.push(`data: ${JSON.stringify({ ...head, choices, ...(withUsage ? { usage } : {}) })}\n\n`)
  const delta = (part: unknown, finish: string | null = null) => {
    for (let index = 0; index < reply.choices; index++)
      chunk([{ index, delta: part, logprobs: null, finish_reason: finish }])
  }
  const { toolCall: call } = reply
  if (call === null) {
    delta({ role: 'assistant', content: '' })
    for (const content of wordsOf(reply.text)) delta({ content })
  } else {
    const opening = { index: 0, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }
    delta({ role: 'assistant', content: null, tool_calls: [opening] })
    for (const part of call.arguments.match(/[\s\S]{1,12}/g) ?? []) {
      delta({ tool_calls: [{ index: 0, function: { arguments: part } }] })
    }
  }
  delta({}, reply.finish)
  if (withUsage) chunk([], usageOf(reply))
  lines.push('data: [DONE]\n\n')
  return lines
}
