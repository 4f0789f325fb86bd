import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import type { CallArguments, CallOutcome } from '../../features/plugins/calling/call-types.ts'
import type { Surface } from '../messages.ts'
import type { PlatformParts } from '../parts.ts'
import { replyFailure, sentenceOf } from '../replies.ts'

/** The body as arguments; fails with BAD_INPUT for anything but an object. */
export function argumentsOf(body: unknown): CallArguments {
  if (body === undefined || body === null) return {}
  if (typeof body === 'object' && !Array.isArray(body)) return body as CallArguments
  throw new AppError('BAD_INPUT', { reason: 'the arguments are a JSON object' })
}

/** Aborts when the caller has hung up. */
export function hangUp(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  if (request.raw.destroyed && !request.raw.complete) controller.abort()
  return controller.signal
}

/** How a call ended, in the words of Coze's callers. */
export function replyOutcome(request: FastifyRequest, reply: FastifyReply, outcome: CallOutcome): FastifyReply {
  const told = {
    request_id: outcome.requestId,
    duration_ms: Math.round(outcome.durationMs * 100) / 100,
    status_code: outcome.statusCode,
    ...(outcome.dropped.length > 0 && { dropped: outcome.dropped }),
  }
  const { failure, data } = outcome
  if (!failure) return reply.send({ success: true, data, ...told })
  return replyFailure(request, reply, failure, { more: { ...told, ...(data !== null && { data }) } })
}

/** Upstream's numbers of what can go wrong with a plugin. */
const cozeCodes: Partial<Record<ErrorCode, number>> = {
  BAD_INPUT: 109000000,
  ARGUMENT_MISSING: 109000000,
  ARGUMENT_INVALID: 109000000,
  ADDRESS_FORBIDDEN: 109000001,
  PLUGIN_NOT_CONFIGURED: 109000002,
  PLUGIN_NOT_FOUND: 109000005,
  TOOL_NOT_FOUND: 109000005,
  PLUGIN_NOT_ACTIVE: 109000006,
  TOOL_DISABLED: 109000006,
  RESPONSE_UNREADABLE: 109000012,
  OAUTH_SIGN_IN_NEEDED: 109000013,
  OAUTH_REFUSED: 109000013,
}
const EXECUTE_FAILED = 109000009

/** Calling one tool: Coze's invoke, and the call that Coze Studio itself makes. */
export async function invokeRoutes(app: FastifyInstance, { table, calls }: PlatformParts) {
  const run = (
    surface: Surface,
    asked: string,
    operation: string,
    given: CallArguments,
    request: FastifyRequest,
    signal: AbortSignal,
  ) => calls.call({ plugin: table.find(asked), operation, arguments: given, requestId: request.id, surface, signal })

  app.post<{ Params: { plugin: string; operation: string } }>(
    '/api/plugin/invoke/:plugin/:operation',
    async (request, reply) => {
      const { plugin, operation } = request.params
      const outcome = await run('invoke', plugin, operation, argumentsOf(request.body), request, hangUp(request, reply))
      return replyOutcome(request, reply, outcome)
    },
  )

  app.post('/api/plugin_api/debug_api', async (request, reply) => {
    const failed = (code: ErrorCode, reason: string, more: object = {}) =>
      reply.send({
        ...{ code: cozeCodes[code] ?? EXECUTE_FAILED, msg: reason, success: false, reason },
        ...{ resp: '', raw_req: '', raw_resp: '', response_params: [] },
        ...more,
      })
    try {
      const { plugin_id: asked, api_id: operation, parameters } = argumentsOf(request.body)
      const given = typeof parameters === 'string' && parameters !== '' ? parse(parameters) : (parameters ?? {})
      const requestId = request.id || randomUUID()
      const plugin = table.find(String(asked ?? ''))
      const wish = { plugin, operation: String(operation ?? ''), arguments: argumentsOf(given), requestId }
      const outcome = await calls.call({ ...wish, surface: 'debug', signal: hangUp(request, reply) })
      const text = outcome.data === null ? '' : JSON.stringify(outcome.data)
      const told = { resp: text, raw_req: `${outcome.method} ${outcome.url}`, raw_resp: text }
      if (outcome.failure) return failed(outcome.failure.code, sentenceOf(request, outcome.failure), told)
      return reply.send({ code: 0, msg: 'success', success: true, reason: '', ...told, response_params: [] })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return failed(error.code, sentenceOf(request, error))
    }
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('BAD_INPUT', { reason: '"parameters" is the text of a JSON object' })
  }
}
