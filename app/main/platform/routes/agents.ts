import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Agent, AgentFacts, MOST_SAID, type ToolCall } from '../../../shared/contracts/agents.ts'
import { AppError, type ErrorDetails, knownCode } from '../../../shared/errors.ts'
import type { AgentTurn } from '../agents/agent-messages.ts'
import type { Answer, AnswerListener } from '../agents/answer.ts'
import { ModelRefused } from '../agents/model.ts'
import type { PlatformParts } from '../parts.ts'
import { replyFailure, sentenceOf, userOf } from '../replies.ts'
import { hangUp } from './invoke.ts'

type OfAgent = { Params: { id: string } }

const NewAgent = z.object({
  name: AgentFacts.shape.name,
  description: AgentFacts.shape.description.default(''),
  /** Ids, names for the model or slugs. */
  plugins: AgentFacts.shape.plugins.default([]),
  instructions: AgentFacts.shape.instructions.default(''),
  model: AgentFacts.shape.model.default(null),
})
const Id = z.string().min(1).max(64)
const Said = z.object({
  agent_id: Id,
  message: z.string().trim().min(1).max(MOST_SAID),
  session_id: Id.nullish(),
  stream: z.boolean().default(false),
})

/** Agents, and talking to them. */
export async function agentRoutes(app: FastifyInstance, { main, table, agents }: PlatformParts) {
  const find = async (id: string): Promise<Agent> => {
    const agent = (await main.ask('agentList', undefined)).find((one) => one.id === id)
    if (!agent) throw new AppError('AGENT_NOT_FOUND', { name: id.slice(0, 100) })
    return agent
  }

  app.get('/api/agents', async () => {
    const all = (await main.ask('agentList', undefined)).map(agentFields)
    return { agents: all, total: all.length }
  })
  app.post('/api/agents', async (request, reply) => {
    const { model, plugins, ...rest } = read(NewAgent, request.body)
    await table.arrival()
    const facts = {
      ...rest,
      plugins: plugins.map((name) => table.find(name).id),
      model: model === 'auto' ? null : model,
    }
    const { id } = await main.ask('agentAdd', { facts, userId: userOf(request) })
    return reply.code(201).header('location', `/api/agents/${id}`).send({ agent_id: id })
  })
  app.get<OfAgent>('/api/agents/:id', async (request) => agentFields(await find(request.params.id)))
  app.delete<OfAgent>('/api/agents/:id', async (request, reply) => {
    await main.ask('agentRemove', { id: request.params.id, userId: userOf(request) })
    return reply.code(204).send()
  })

  app.post('/api/chat', async (request, reply) => {
    const { agent_id: agentId, message: text, session_id: given, stream } = read(Said, request.body)
    const signal = hangUp(request, reply)
    const caller = request.gatewayToken?.id ?? null
    const turn = await main.ask('agentTurnBegin', { agentId, sessionId: given ?? null, text, caller })
    const { id: sessionId } = turn.session
    const events = stream ? createEvents(request, reply, sessionId) : null
    try {
      const answer = await agents.run({
        ...{ turn, signal, token: request.gatewayToken, requestId: request.id },
        ...{ streams: stream || turn.followed, listener: events?.listener ?? {} },
      })
      const done = answerFields(request, turn, answer)
      return events ? events.end('done', done) : reply.header('x-pilothouse-session', sessionId).send(done)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (events?.begun()) {
        const { code, details } = error
        const told = { error: sentenceOf(request, { code, details }), code, request_id: request.id }
        return events.end('error', { ...told, session_id: sessionId })
      }
      reply.header('x-pilothouse-session', sessionId)
      return refuse(request, reply, error, sessionId)
    } finally {
      await main.ask('agentTurnEnd', { sessionId })
    }
  })
}

/** Before anything of the answer went out: with the status that the model's failure has. */
function refuse(request: FastifyRequest, reply: FastifyReply, error: AppError, sessionId: string): FastifyReply {
  const refused = error instanceof ModelRefused ? error : null
  if (refused?.retryAfter) reply.header('retry-after', refused.retryAfter)
  const how = { more: { session_id: sessionId }, ...(refused && { status: refused.status }) }
  return replyFailure(request, reply, error, how)
}

/** Server-sent events; the stream begins with the first of them, so that what fails before has its status. */
function createEvents(request: FastifyRequest, reply: FastifyReply, sessionId: string) {
  let raw: ServerResponse | null = null
  function send(event: string, data: object): void {
    if (!raw) {
      reply.hijack()
      raw = reply.raw
      raw.writeHead(200, {
        ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
        // For proxies that would hold the words back.
        ...{ 'x-accel-buffering': 'no', 'x-request-id': request.id, 'x-pilothouse-session': sessionId },
      })
    }
    raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const listener: AnswerListener = {
    text: (delta) => send('message', { delta }),
    calling: ({ id, name, arguments: given }, { plugin, operation }) =>
      send('tool_call', { id, name, plugin, operation, arguments: given }),
    called: (call) => send('tool_result', { id: call.id, ...callFields(request, call) }),
  }
  return {
    listener,
    begun: () => raw !== null,
    end(event: 'done' | 'error', data: object): FastifyReply {
      send(event, data)
      raw!.end()
      return reply
    },
  }
}

function answerFields(request: FastifyRequest, { session }: AgentTurn, answer: Answer) {
  const { text, calls, inputTokens, outputTokens } = answer
  return {
    ...{ message: text, session_id: session.id, tool_calls: calls.map((call) => callFields(request, call)) },
    usage: { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
  }
}
function callFields(request: FastifyRequest, call: ToolCall) {
  const { name, plugin, operation, answer, durationMs, failure } = call
  return {
    ...{ name, plugin, operation, arguments: call.arguments, answer, duration_ms: Math.round(durationMs * 100) / 100 },
    error: failure && { code: failure.code, message: sentenceOf(request, failed(failure)) },
  }
}
const failed = ({ code, details }: { readonly code: string; readonly details: ErrorDetails }) => ({
  ...{ code: knownCode(code), details },
})
const agentFields = ({ id, name, description, plugins, instructions, model, createdAt, updatedAt }: Agent) => ({
  ...{ agent_id: id, name, description, plugins, instructions, model },
  ...{ created_at: new Date(createdAt).toISOString(), updated_at: new Date(updatedAt).toISOString() },
})

/** The body, or BAD_INPUT with what is wrong with which field. */
function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const given = shape.safeParse(body ?? {})
  if (given.success) return given.data
  const reason = given.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  throw new AppError('BAD_INPUT', { reason: reason.slice(0, 500) })
}
