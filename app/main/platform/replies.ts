import type { FastifyReply, FastifyRequest } from 'fastify'
import { describeFinding } from '../../shared/contracts/plugin-finding-texts.ts'
import type { Finding } from '../../shared/contracts/plugin-findings.ts'
import { AppError, describeError, type ErrorCode, type ErrorDetails, type SpokenLanguage } from '../../shared/errors.ts'

/** The HTTP status of a failure; 500 for what is not listed. */
const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  ARGUMENT_MISSING: 400,
  ARGUMENT_INVALID: 400,
  TOKEN_NEEDED: 401,
  TOKEN_UNKNOWN: 401,
  TOKEN_SCOPE: 403,
  ADDRESS_FORBIDDEN: 403,
  FOREIGN_ORIGIN: 403,
  PATH_UNKNOWN: 404,
  PLUGIN_NOT_FOUND: 404,
  PLUGIN_VERSION_NOT_FOUND: 404,
  TOOL_NOT_FOUND: 404,
  KEY_NOT_FOUND: 404,
  FEATURE_NOT_FOUND: 404,
  REVISION_NOT_FOUND: 404,
  MODEL_UNKNOWN: 404,
  JOB_NOT_FOUND: 404,
  AGENT_NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  SERVICE_NOT_REGISTERED: 404,
  INSTANCE_NOT_FOUND: 404,
  KEY_DUPLICATE_SECRET: 409,
  KEY_NAME_TAKEN: 409,
  SESSION_BUSY: 409,
  FEATURE_SEEDED: 409,
  REVISION_STALE: 412,
  KEY_NEEDS_ADDRESS: 422,
  KEY_ADDRESS_NEEDS_SECRET: 422,
  RULES_UNREADABLE: 422,
  VENDOR_CANNOT: 422,
  TOKEN_LIMIT: 429,
  PLUGIN_NOT_ACTIVE: 409,
  PLUGIN_NOT_CONFIGURED: 409,
  PLUGIN_BUSY: 409,
  PLUGIN_VERSION_UNUSABLE: 409,
  TOOL_DISABLED: 409,
  OAUTH_SIGN_IN_NEEDED: 409,
  UPLOAD_TOO_LARGE: 413,
  REQUEST_OVER_LIMIT: 413,
  FOREIGN_HOST: 421,
  PACKAGE_REFUSED: 422,
  PACKAGE_TIME_LIMIT: 422,
  PACKAGE_NOTHING_FOUND: 422,
  CANCELLED: 499,
  NOT_SUPPORTED: 501,
  UPSTREAM_FAILED: 502,
  UPSTREAM_UNREACHABLE: 502,
  RESPONSE_TOO_LARGE: 502,
  RESPONSE_UNREADABLE: 502,
  OAUTH_REFUSED: 502,
  VENDOR_FAILED: 502,
  AGENT_ROUNDS: 502,
  KEY_VAULT_LOCKED: 503,
  CALL_TOO_MANY: 503,
  NO_CANDIDATE: 503,
  NO_HEALTHY_UPSTREAM: 503,
  PLATFORM_NOT_RUNNING: 503,
  UPSTREAM_TIMEOUT: 504,
  DISK_FULL: 507,
  GATEWAY_LOOP: 508,
}
export const statusOf = (code: string): number => (Object.hasOwn(statuses, code) ? statuses[code as ErrorCode]! : 500)

/** The language that a caller reads: English unless its `Accept-Language` says Chinese. */
export const spokenLanguage = (accepted: string | undefined): SpokenLanguage =>
  /^zh\b/i.test(accepted ?? '') ? 'zh-CN' : 'en'
export const languageOf = (request: FastifyRequest): SpokenLanguage =>
  spokenLanguage(request.headers['accept-language'])

export interface Failure {
  readonly code: ErrorCode
  readonly details: ErrorDetails
}
/** What happened and, where something can be done, what to do. */
function sentenceIn(language: SpokenLanguage, { code, details }: Failure): string {
  const { sentence, advice } = describeError(code, details, language)
  if (!advice) return sentence
  // A reason in somebody else's words may stand at its end.
  const end = /[.!?…。！？]$/.test(sentence) ? '' : language === 'zh-CN' ? '。' : '.'
  return `${sentence}${end} ${advice}`
}
export const sentenceOf = (request: FastifyRequest, failure: Failure): string =>
  sentenceIn(languageOf(request), failure)

/** An answer that is not written yet; JSON where no header says otherwise. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}
/** What an answer says of its request. */
export interface Asked {
  /** Without its query. */
  readonly path: string
  readonly requestId: string
  readonly language: SpokenLanguage
}
export const askedOf = (request: FastifyRequest): Asked => ({
  ...{ path: request.url.split('?', 1)[0]!, requestId: request.id, language: languageOf(request) },
})

/** A failure in the shape that the path's callers expect: problem documents, OpenAI's, or the hub's. */
export function failureReply(
  { path, requestId, language }: Asked,
  failure: Failure,
  options: { readonly status?: number; readonly more?: object } = {},
): Reply {
  const { code } = failure
  const status = options.status ?? statusOf(code)
  const sentence = sentenceIn(language, failure)
  const { retry_after: wait } = failure.details
  const headers = typeof wait === 'number' ? { 'retry-after': wait } : {}
  if (path.startsWith('/api/v1/')) {
    const problem = { type: 'about:blank', title: code, status, detail: sentence, instance: path }
    const body = JSON.stringify({ ...problem, code, request_id: requestId, ...options.more })
    return { status, headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' }, body }
  }
  if (path.startsWith('/v1/')) {
    // Clients of OpenAI's API wait and try again by these two words.
    const [type, told] =
      status === 429
        ? ['rate_limit_error', 'rate_limit_exceeded']
        : [status < 500 ? 'invalid_request_error' : 'server_error', code]
    return { status, headers, body: JSON.stringify({ error: { message: sentence, type, param: null, code: told } }) }
  }
  const body = JSON.stringify({ success: false, error: sentence, code, request_id: requestId, ...options.more })
  return { status, headers, body }
}
export function replyFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: Failure,
  options: { readonly status?: number; readonly more?: object } = {},
): FastifyReply {
  return sendReply(reply, failureReply(askedOf(request), failure, options))
}
export const sendReply = (reply: FastifyReply, { status, headers, body }: Reply): FastifyReply =>
  reply.code(status).type('application/json; charset=utf-8').headers(headers).send(body)

/** Any thrown value as an answer; `incident` is told for what is a bug, and `told` gets to log it. */
export function failureOf(error: unknown, told: (error: unknown) => string): { failure: Failure; status?: number } {
  if (error instanceof AppError) return { failure: error }
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      return { failure: { code: 'UPLOAD_TOO_LARGE', details: { name: 'JSON', megabytes: 10 } } }
    }
    const reason = String(message).slice(0, 200)
    return { failure: { code: 'BAD_INPUT', details: { reason } }, status: statusCode }
  }
  return { failure: { code: 'INTERNAL', details: { incident: told(error) } } }
}

/** A finding with its sentence, as programs get it. */
export function findingReply(request: FastifyRequest, finding: Finding) {
  const { sentence, fix } = describeFinding(finding, languageOf(request))
  const { severity, code, file, line, column, path, fixable } = finding
  return { severity, code, message: sentence, file, line, column, path, fixable, fix }
}

export const userOf = (request: FastifyRequest): string | null => {
  const named = request.headers['x-user-id']
  return typeof named === 'string' && named !== '' ? named.slice(0, 128) : null
}
