import type { FastifyInstance } from 'fastify'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import type { Exchange } from '../../features/plugins/calling/call-types.ts'
import { findTool } from '../../features/plugins/calling/compile-tool.ts'
import { fromJson } from '../../lib/json.ts'
import { answerParameters, responseParameters } from '../coze-parameters.ts'
import { checkPlugin } from '../gateway/tokens.ts'
import type { PlatformParts } from '../parts.ts'
import { sentenceOf } from '../replies.ts'
import { argumentsOf, hangUp } from './invoke.ts'

/** Coze Studio's numbers of what can go wrong with a plugin (backend/types/errno/plugin.go). */
const codes: Partial<Record<ErrorCode, number>> = {
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
/** `operation` of a caller that wants the answer's members told after the answer, not after the document. */
const PARSE = 2
/** What stands where there is nothing: its pages parse it. */
const NOTHING = '{}'

/** The call that Coze Studio itself makes: always 200, and texts of JSON in JSON. */
export async function debugRoutes(app: FastifyInstance, { table, calls, definitions }: PlatformParts) {
  app.post('/api/plugin_api/debug_api', async (request, reply) => {
    const failed = (code: ErrorCode, reason: string, more: object = {}) => ({
      ...{ code: codes[code] ?? EXECUTE_FAILED, msg: reason, success: false, reason },
      ...{ resp: NOTHING, raw_req: NOTHING, raw_resp: NOTHING, response_params: [] },
      ...more,
    })
    try {
      const { plugin_id: asked, api_id, parameters, operation: kind } = argumentsOf(request.body)
      const given = argumentsOf(typeof parameters === 'string' ? parse(parameters) : parameters)
      const plugin = table.find(textOf(asked, 'plugin_id'))
      checkPlugin(request.gatewayToken, plugin.id, plugin.name)
      const operation = textOf(api_id, 'api_id')
      const { data, exchange, failure } = await calls.call({
        ...{ plugin, operation, arguments: given, requestId: request.id, surface: 'debug', withExchange: true },
        signal: hangUp(request, reply),
      })
      const text = data === null ? NOTHING : JSON.stringify(data)
      const raw = { raw_req: rawRequest(exchange), raw_resp: text }
      if (failure) return failed(failure.code, sentenceOf(request, failure), raw)
      const { definition } = await definitions.load(plugin)
      const declared = findTool(definition, operation)?.response ?? null
      const told =
        kind === PARSE || kind === String(PARSE)
          ? answerParameters(data)
          : responseParameters(definition.document, declared)
      return { code: 0, msg: 'success', success: true, reason: '', resp: text, ...raw, response_params: told }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return failed(error.code, sentenceOf(request, error))
    }
  })
}

/** Numbers are ids as well; anything else `String` may even throw at. */
function textOf(given: unknown, name: string): string {
  if (typeof given === 'string' || typeof given === 'number') return String(given)
  if (given === undefined || given === null) return ''
  throw new AppError('BAD_INPUT', { reason: `"${name}" is a text` })
}
function parse(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    throw new AppError('BAD_INPUT', { reason: '"parameters" is the text of a JSON object' })
  }
}

/** What went out, in Coze's members; secrets are masked. */
function rawRequest(exchange: Exchange | null): string {
  if (!exchange || !URL.canParse(exchange.url)) return NOTHING
  const { pathname, searchParams } = new URL(exchange.url)
  const query: [string, string | null][] = [...new Set(searchParams.keys())].map((name) => [
    name,
    searchParams.get(name),
  ])
  const { requestBody, requestHeaders } = exchange
  const body = requestBody === null ? null : (fromJson(requestBody) ?? requestBody)
  return JSON.stringify({ path: pathname, header: requestHeaders, query: Object.fromEntries(query), body })
}
