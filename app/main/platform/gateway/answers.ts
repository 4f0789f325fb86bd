import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { Json } from '../../features/plugins/packages/package-types.ts'
import { type Asked, askedOf, failureReply, type Reply, sendReply } from '../replies.ts'
import type { VendorFailure } from '../vendors/vendor.ts'
import { createHangUp, type HangUp } from './hang-up.ts'
import { listOf, objectOf } from './neutral.ts'
import type { Refusal } from './refusals.ts'
import type { Trace } from './serve.ts'

type Headers = Record<string, string | number>

/** Who answered, in headers; a name that is no ASCII is percent-encoded. */
export function traceHeaders({ decisionId, choice, attempts, leastBad }: Trace): Headers {
  return {
    'x-pilothouse-vendor': choice.vendor,
    'x-pilothouse-key': /^[\x20-\x7e]*$/.test(choice.keyName) ? choice.keyName : encodeURIComponent(choice.keyName),
    'x-pilothouse-decision': decisionId,
    'x-pilothouse-attempts': attempts,
    ...(leastBad && { 'x-pilothouse-least-bad': 1 }),
  }
}

/** Straight to the socket: every call of a model passes here. Headers and a text go out in one write, bytes would take two. */
export function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: Headers,
  body: string,
): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(status, {
    ...{
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'x-request-id': request.id,
    },
    ...headers,
  })
  reply.raw.end(body)
  return reply
}

/** Begins a stream of events. */
export function beginStream(request: FastifyRequest, reply: FastifyReply, trace: Trace) {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'x-request-id': request.id },
    // For proxies that would hold the words back.
    'x-accel-buffering': 'no',
    ...traceHeaders(trace),
  })
  return reply.raw
}
/** Begins an answer that is sound of that type. */
export function beginSound(request: FastifyRequest, reply: FastifyReply, trace: Trace, type: string) {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': type, 'x-request-id': request.id, ...traceHeaders(trace) })
  return reply.raw
}
/** Ends it; what broke off is broken off, since sound has no words for it. */
export function endSound(reply: FastifyReply, failure: VendorFailure | AppError | null): FastifyReply {
  if (failure) reply.raw.destroy()
  else reply.raw.end()
  return reply
}
/** A whole chat as the events of a stream, for a caller of a vendor that does not stream. */
export function eventsOf(chat: Json, withUsage: boolean): string {
  const { choices, usage, ...rest } = objectOf(chat)
  const chunk = { ...rest, object: 'chat.completion.chunk' }
  const pieces = listOf(choices).map((one) => {
    const { message, ...more } = objectOf(one)
    const { tool_calls: tools, ...said } = objectOf(message)
    // In a stream each says which one it is.
    const numbered = listOf(tools).map((tool, index) => ({ index, ...objectOf(tool) }))
    return { ...more, delta: tools === undefined ? said : { ...said, tool_calls: numbered } }
  })
  const events = [
    { ...chunk, choices: pieces },
    ...(withUsage ? [{ ...chunk, choices: [], usage: usage ?? null }] : []),
  ]
  return [...events.map((one) => JSON.stringify(one)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('')
}

/** Ends it, with what broke it off where something did. */
export function endStream(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: VendorFailure | AppError | null,
): FastifyReply {
  // Writing to one that was destroyed would be an error that nobody hears.
  if (reply.raw.destroyed) return reply
  if (failure) {
    reply.raw.write(`data: ${failure instanceof AppError ? saidInStream(request, failure) : vendorSaid(failure)}\n\n`)
  }
  reply.raw.end()
  return reply
}

/** Streams are OpenAI's on every path. */
const saidInStream = (request: FastifyRequest, error: AppError): string =>
  failureReply({ ...askedOf(request), path: '/v1/' }, error).body
function vendorSaid({ message, type, code, kind }: VendorFailure): string {
  return JSON.stringify({ error: { message, type: type ?? 'server_error', param: null, code: code ?? kind } })
}

/** Why nothing came, in the shape of the path; what the vendor said of the caller's own fault is passed on. */
export function refusalReply(asked: Asked, refusal: Refusal, trace: Trace | null, beside: object = {}): Reply {
  const { status, error, retryAfter, vendor, once } = refusal
  const headers = {
    ...(trace && traceHeaders(trace)),
    ...(retryAfter !== null && { 'retry-after': retryAfter }),
    // OpenAI's clients try a 502 twice more by themselves.
    ...(once && { 'x-should-retry': 'false' }),
  }
  if (vendor && asked.path.startsWith('/v1/')) {
    const { message, type, code } = vendor
    const told = { message, type: type ?? 'invalid_request_error', param: null, code: code ?? null }
    return { status, headers, body: JSON.stringify({ error: told }) }
  }
  const told = vendor ? { vendor_error: { message: vendor.message, type: vendor.type, code: vendor.code } } : {}
  const reply = failureReply(asked, error, { status, more: { ...told, ...beside } })
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
export const refuse = (
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  trace: Trace | null,
  beside: object = {},
): FastifyReply => sendReply(reply, refusalReply(askedOf(request), refusal, trace, beside))

/** Whether the caller of a request is still there. */
export function hangUpOf(reply: FastifyReply): HangUp {
  // It may have gone while its body was read.
  const hangUp = createHangUp(reply.raw.destroyed)
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) hangUp.leave()
  })
  return hangUp
}
