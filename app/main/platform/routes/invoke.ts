import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { CallArguments, CallOutcome } from '../../features/plugins/calling/call-types.ts'
import { checkPlugin } from '../gateway/tokens.ts'
import type { PlatformParts } from '../parts.ts'
import { replyFailure } from '../replies.ts'

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

/** Calling one tool, as Coze's callers do. */
export async function invokeRoutes(app: FastifyInstance, { table, calls }: PlatformParts) {
  app.post<{ Params: { plugin: string; operation: string } }>(
    '/api/plugin/invoke/:plugin/:operation',
    async (request, reply) => {
      const { plugin, operation } = request.params
      const found = table.find(plugin)
      checkPlugin(request.gatewayToken, found.id, found.name)
      const wish = { plugin: found, operation, arguments: argumentsOf(request.body) }
      const outcome = await calls.call({
        ...{ ...wish, requestId: request.id, surface: 'invoke', signal: hangUp(request, reply) },
      })
      return replyOutcome(request, reply, outcome)
    },
  )
}
