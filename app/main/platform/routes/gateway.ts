import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import { fromJson } from '../../lib/json.ts'
import { beginStream, endStream, eventsOf, hangUpOf, refuse, sendJson, traceHeaders } from '../gateway/answers.ts'
import { wantsUsage } from '../gateway/attempt.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Job, JobQuery } from '../gateway/gateway-messages.ts'
import type { LiveJob } from '../gateway/jobs.ts'
import { callOf, modelOf, namedModel, needAudio, openAiBody, outputOf, usageOf } from '../gateway/neutral.ts'
import type { Trace } from '../gateway/serve.ts'
import type { GatewayToken } from '../gateway/tokens.ts'
import type { Use, VendorCall } from '../vendors/vendor.ts'
import { goesRound } from '../via.ts'

/** A caller waits so long for a job of a vendor; then it is told where to ask. */
const JOB_WAIT_MS = 120_000

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null for a caller of open local mode. */
    gatewayToken: GatewayToken | null
  }
}

export interface GatewayRouteParts {
  readonly gateway: Gateway
}

/** Models behind one address: OpenAI's interface, and one that speaks no vendor's language. */
export async function gatewayRoutes(app: FastifyInstance, { gateway }: GatewayRouteParts) {
  for (const [path, feature, call] of [
    ['/v1/chat/completions', 'chat', 'chat'],
    ['/v1/embeddings', 'embedding', 'embeddings'],
    ['/v1/images/generations', 'text_to_image', 'images'],
  ] as const) {
    app.post(path, (request, reply) => {
      const body = objectOf(request.body)
      const wanted = { ...modelOf(gateway, { feature, call }, body), call, body }
      return answer(request, reply, wanted, (json, text) => text ?? JSON.stringify(json))
    })
  }
  app.post<{ Params: { feature: string } }>('/api/v1/:feature', (request, reply) => {
    const { feature } = request.params
    if (!gateway.hasFeature(feature)) throw new AppError('FEATURE_NOT_FOUND', { name: feature.slice(0, 100) })
    const given = objectOf(request.body)
    const call = callOf(feature, given)
    needAudio(call, given)
    const named = namedModel(given)
    // The name of the feature itself stands for any model of it.
    const model = named === feature ? null : named
    return answer(request, reply, { feature, model, call, body: openAiBody(call, given) }, (json, _text, trace, use) =>
      JSON.stringify({
        ...{ id: request.id, feature, vendor: trace.choice.vendor, model: trace.choice.model },
        ...{ output: outputOf(call, json), usage: usageOf(use), decision_id: trace.decisionId },
      }),
    )
  })

  const models = (token: GatewayToken | null) =>
    gateway.models(token).map(({ id, ownedBy }) => ({ id, object: 'model', created: 0, owned_by: ownedBy }))
  app.get('/v1/models', (request) => ({ object: 'list', data: models(request.gatewayToken) }))
  app.get<{ Params: { '*': string } }>('/v1/models/*', (request) => {
    const { '*': id } = request.params
    const found = models(request.gatewayToken).find((one) => one.id === id)
    if (!found) throw new AppError('MODEL_UNKNOWN', { model: id.slice(0, 200) })
    return found
  })
  app.get('/api/v1/jobs', async (request) => {
    const query = jobQuery(request.query)
    const { jobs, total } = await gateway.jobs.list(query, request.gatewayToken)
    const next = jobs.length === query.limit ? (jobs.at(-1)?.id ?? null) : null
    return { jobs: jobs.map(jobFields), total, next }
  })
  app.get<{ Params: { id: string } }>('/api/v1/jobs/:id', async (request) =>
    jobReply(await gateway.jobs.find(request.params.id, request.gatewayToken)),
  )

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    wanted: {
      readonly feature: string
      readonly model: string | null
      readonly call: VendorCall
      readonly body: JsonObject
    },
    written: (json: Json, text: string | null, trace: Trace, use: Use) => string,
  ): Promise<FastifyReply> {
    const streams = wanted.body['stream'] === true
    if (streams && wanted.call !== 'chat')
      throw new AppError('BAD_INPUT', { reason: 'stream: only chats are streamed' })
    const { via } = request.headers
    if (goesRound(via)) throw new AppError('GATEWAY_LOOP')
    const hangUp = hangUpOf(reply)
    const served = await gateway.serve({
      ...{ ...wanted, token: request.gatewayToken, hangUp, via },
      stream: streams ? (trace) => beginStream(request, reply, trace) : null,
    })
    switch (served.kind) {
      case 'answered': {
        const { json, text, trace, use } = served
        if (streams) {
          beginStream(request, reply, trace).write(eventsOf(json, wantsUsage(wanted.body)))
          return endStream(request, reply, null)
        }
        return sendJson(request, reply, 200, traceHeaders(trace), written(json, text, trace, use))
      }
      case 'streamed':
        return endStream(request, reply, served.failure)
      case 'refused':
        return refuse(request, reply, served.refusal, served.trace)
      case 'gone':
        return reply.hijack()
      case 'job': {
        const { job: live, trace } = served
        // What its vendor answered at once runs nowhere.
        const atOnce = prefersAsync(request) && live.job.state === 'running'
        const job = atOnce ? live.job : await waited(live, hangUp, gateway.jobs.left)
        return replyJob(request, reply, trace, job, written, atOnce)
      }
    }
  }
}

/** RFC 7240: the caller does not want to wait. */
const prefersAsync = ({ headers: { prefer = '' } }: FastifyRequest): boolean =>
  [prefer].flat().some((text) => text.split(',').some((one) => /^\s*respond-async\s*(;|$)/i.test(one)))

/** The job at its end, or as it stands when the caller has waited long enough or has gone, or the platform stops. */
async function waited(live: LiveJob, hangUp: ReturnType<typeof hangUpOf>, left: AbortSignal): Promise<Job> {
  const leave = () => {
    enough.resolve(live.job)
  }
  const enough = Promise.withResolvers<Job>()
  const timer = setTimeout(leave, JOB_WAIT_MS)
  hangUp.listen(leave)
  left.addEventListener('abort', leave)
  if (left.aborted) leave()
  try {
    return await Promise.race([live.ended, enough.promise])
  } finally {
    clearTimeout(timer)
    hangUp.listen(null)
    left.removeEventListener('abort', leave)
  }
}

function replyJob(
  request: FastifyRequest,
  reply: FastifyReply,
  trace: Trace,
  job: Job,
  written: (json: Json, text: null, trace: Trace, use: Use) => string,
  atOnce: boolean,
): FastifyReply {
  const headers = { ...traceHeaders(trace), ...(atOnce && { 'preference-applied': 'respond-async' }) }
  switch (job.state) {
    case 'succeeded': {
      const json = (fromJson(job.result ?? 'null') ?? null) as Json
      const images = (outputOf('images', json)['images'] as readonly Json[]).length
      return sendJson(
        request,
        reply,
        200,
        headers,
        written(json, null, trace, { inputTokens: 0, outputTokens: 0, images }),
      )
    }
    case 'submitting':
    case 'running': {
      const location = `/api/v1/jobs/${job.id}`
      return sendJson(request, reply, 202, { ...headers, location }, JSON.stringify({ ...jobReply(job), location }))
    }
    case 'failed':
    case 'unknown': {
      const message = job.error ?? ''
      const error = new AppError('VENDOR_FAILED', { vendor: trace.choice.vendor, status: job.state, reason: message })
      const vendor = job.fault ? ({ kind: 'caller', retryAfterMs: null, message, ...job.fault } as const) : null
      return refuse(request, reply, { status: vendor ? 400 : 502, retryAfter: null, error, vendor, once: true }, trace)
    }
  }
}

/** A job in the words of the HTTP interface, without what came of it. */
const jobFields = ({ id, feature, model, state, error, at, updatedAt }: Job) => ({
  ...{ id, object: 'job', feature, model, status: state, error },
  ...{ created_at: new Date(at).toISOString(), updated_at: new Date(updatedAt).toISOString() },
})
function jobReply(job: Job) {
  const json = job.result === null ? null : ((fromJson(job.result) ?? null) as Json)
  return { ...jobFields(job), output: json === null ? null : outputOf('images', json) }
}

const JobQuestion = z.object({
  /** A time, or the id of a job, as `next` of the list before. */
  before: z
    .union([z.iso.datetime({ offset: true }).transform(Date.parse), z.string().min(1).max(64)])
    .nullable()
    .default(null),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  state: z.enum(['submitting', 'running', 'succeeded', 'failed', 'unknown']).nullable().default(null),
})
function jobQuery(query: unknown): Omit<JobQuery, 'tokenId'> {
  const read = JobQuestion.safeParse(query)
  if (read.success) return read.data
  throw new AppError('BAD_INPUT', {
    reason: `${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`,
  })
}

export function objectOf(body: unknown): JsonObject {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject
  throw new AppError('BAD_INPUT', { reason: 'the body is a JSON object' })
}
