import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import { opensPlugin } from '../gateway/tokens.ts'
import type { PlatformParts } from '../parts.ts'
import { argumentsOf, hangUp, replyOutcome } from './invoke.ts'

/** Every active tool as an OpenAI function, and the call of one by its function's name. */
export async function functionRoutes(app: FastifyInstance, { table, calls, functions: list }: PlatformParts) {
  app.get<{ Querystring: { plugin?: string } }>('/api/plugins/functions', async ({ query, gatewayToken }) => {
    const { functions: all, find } = await list()
    const functions = all.filter((one) => opensPlugin(gatewayToken, find(one.function.name)?.pluginId ?? ''))
    if (query.plugin === undefined) return { success: true, data: { functions } }
    const { id } = table.find(query.plugin)
    return { success: true, data: { functions: functions.filter((one) => find(one.function.name)?.pluginId === id) } }
  })
  app.post('/api/plugins/functions/call', async (request, reply) => {
    const { name, arguments: given } = argumentsOf(request.body)
    const found = typeof name === 'string' ? (await list()).find(name) : null
    if (!found || !opensPlugin(request.gatewayToken, found.pluginId))
      throw new AppError('TOOL_NOT_FOUND', { plugin: 'Pilothouse', tool: String(name ?? '').slice(0, 100) })
    // A model answers with the text of its arguments.
    const parsed = typeof given === 'string' ? parse(given) : given
    const wish = { plugin: table.find(found.pluginId), operation: found.operationId, arguments: argumentsOf(parsed) }
    const outcome = await calls.call({
      ...wish,
      requestId: request.id,
      surface: 'invoke',
      signal: hangUp(request, reply),
    })
    return replyOutcome(request, reply, outcome)
  })
}

function parse(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    throw new AppError('BAD_INPUT', { reason: '"arguments" is the text of a JSON object' })
  }
}
