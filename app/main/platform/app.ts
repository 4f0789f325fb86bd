import type { IncomingMessage } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors.ts'
import { wholeError } from './gateway/tokens.ts'
import { jsonBody } from './json-body.ts'
import { isLocalHost, isLocalOrigin } from './local-names.ts'
import type { PlatformParts } from './parts.ts'
import { failureOf, replyFailure } from './replies.ts'
import { agentRoutes } from './routes/agents.ts'
import { audioRoutes } from './routes/audio.ts'
import { cozePluginRoutes } from './routes/coze-plugins.ts'
import { debugRoutes } from './routes/debug.ts'
import { featureRoutes } from './routes/features.ts'
import { functionRoutes } from './routes/functions.ts'
import { gatewayRoutes } from './routes/gateway.ts'
import { healthRoutes } from './routes/health.ts'
import { hubPluginRoutes } from './routes/hub-plugins.ts'
import { invokeRoutes } from './routes/invoke.ts'
import { keyRoutes } from './routes/keys.ts'
import { mcpRoutes } from './routes/mcp.ts'
import { modelRoutes } from './routes/models.ts'
import { registryRoutes } from './routes/registry.ts'
import { routeRoutes } from './routes/routes.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { uploadRoutes } from './routes/upload.ts'
import { CALLBACK } from './sign-ins.ts'
import { createTakenMethods } from './taken-methods.ts'

export const BODY_BYTES = 10 * 1024 * 1024
const DRAIN_MS = 2000
/** Paths whose handlers look at what a token opens; what there is beside them is for tokens that open everything. */
const scoped =
  /^\/(?:v1\/|api\/v1\/(?::feature|route\/:feature|jobs(?:\/:id)?)$|api\/plugin\/invoke\/|api\/plugin_api\/|api\/chat$|mcp$|api\/plugins\/(?:functions|:id\/(?:embed|rerank|models)$))/
/** Answered whoever asks, also while open local mode is off: a vendor that sends somebody back here has no token. */
const always = new Set(['/healthz', '/health', '/ready', '/metrics', CALLBACK])

/** The HTTP application behind every port of the local platform. */
export async function createApp(parts: PlatformParts): Promise<FastifyInstance> {
  const app = fastify({
    ...{ logger: false, bodyLimit: BODY_BYTES, requestIdHeader: false },
    genReqId: ({ headers }) => parts.requestId(headers['x-request-id']),
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, request, reply) => refuse(error, request, reply),
  })

  app.decorateRequest('gatewayToken', null)
  // A callback, not a promise: every call passes here.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    const refused = refusal(request)
    if (refused?.code === 'TOKEN_NEEDED' || refused?.code === 'TOKEN_UNKNOWN')
      reply.header('www-authenticate', 'Bearer')
    done(refused ?? undefined)
  })
  function refusal(request: FastifyRequest): AppError | null {
    const { headers, url } = request
    if (parts.ports.closing) return new AppError('PLATFORM_NOT_RUNNING', { reason: 'it is stopping' })
    // A page of another site can make a name of its own lead here, or post here; it cannot choose these two headers.
    const { host, origin } = headers
    if (host === undefined) return new AppError('BAD_INPUT', { reason: 'the request has no Host header' })
    if (!isLocalHost(host)) return new AppError('FOREIGN_HOST', { host: host.slice(0, 100) })
    if (origin !== undefined && !isLocalOrigin(origin))
      return new AppError('FOREIGN_ORIGIN', { origin: origin.slice(0, 100) })
    if (always.has(url.split('?', 1)[0]!)) return null
    const admission = parts.gateway.tokens.admit(headers.authorization, parts.options().openLocalMode)
    if (admission.refusal) return admission.refusal
    request.gatewayToken = admission.token
    const path = request.routeOptions.url
    return admission.token && path !== undefined && !scoped.test(path) ? wholeError(admission.token, path) : null
  }

  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^application\/([\w.+-]+\+)?json\b/, { parseAs: 'buffer' }, (request, body, done) => {
    const packed = request.headers['content-encoding'] ?? 'identity'
    if (packed !== 'identity') return done(refusedBody(415, `a body in ${packed.slice(0, 40)} is not read`))
    try {
      done(null, jsonBody(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
  // What curl says of `-d` without a content type.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, jsonBody(body as Buffer))
    } catch {
      done(refusedBody(415, 'the body is JSON, with content-type application/json'))
    }
  })

  const taken = createTakenMethods()
  app.addHook('onRoute', taken.add)
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const failure = { code: 'PATH_UNKNOWN', details: { method: request.method, path: path.slice(0, 200) } } as const
    const methods = taken.of(path)
    if (methods === '') return replyFailure(request, reply, failure)
    return replyFailure(request, reply.header('allow', methods), failure, { status: 405 })
  })
  app.setErrorHandler(refuse)

  for (const routes of [
    healthRoutes,
    hubPluginRoutes,
    uploadRoutes,
    modelRoutes,
    cozePluginRoutes,
    invokeRoutes,
    debugRoutes,
    functionRoutes,
    mcpRoutes,
    signInRoutes,
    keyRoutes,
    featureRoutes,
    routeRoutes,
    gatewayRoutes,
    audioRoutes,
    registryRoutes,
    agentRoutes,
  ]) {
    await routes(app, parts)
  }
  await app.ready()
  return app

  async function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { failure, status } = failureOf(error, (bug) => parts.failed(bug, request.routeOptions.url ?? '', request.id))
    // What the router itself refuses has passed no hook.
    reply.header('x-request-id', request.id)
    if (!request.raw.complete && hasBody(request.raw)) {
      // A client that is still sending reads the answer only when it is done.
      reply.header('connection', 'close')
      await drained(request.raw)
    }
    return replyFailure(request, reply, failure, status === undefined ? {} : { status })
  }
}

const refusedBody = (statusCode: number, reason: string) => Object.assign(new Error(reason), { statusCode })

/** A request without one is not complete yet while its head is answered. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Reads on for a while, into nothing. */
function drained(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(limit)
      resolve()
    }
    const limit = setTimeout(done, DRAIN_MS)
    request.once('end', done).once('close', done).once('error', done)
    request.resume()
  })
}
