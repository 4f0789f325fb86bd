import type { McpHttpHandler, Tool } from '@modelcontextprotocol/server'
import type { FastifyInstance } from 'fastify'
import { opensPlugin } from '../gateway/tokens.ts'
import type { PlatformParts } from '../parts.ts'
import { sentenceOf } from '../replies.ts'
import { argumentsOf, hangUp } from './invoke.ts'

const PAGE = 200

/** Every active tool over the Model Context Protocol: streamable HTTP, no session, nothing kept between requests. */
export async function mcpRoutes(app: FastifyInstance, { table, calls, options, functions: list }: PlatformParts) {
  let tools: { readonly of: unknown; readonly tools: readonly Tool[] } | null = null

  async function allTools(): Promise<readonly Tool[]> {
    const { functions } = await list()
    if (tools?.of !== functions) {
      const made = functions.map(({ function: { name, description, parameters } }) => ({
        ...{ name, description },
        inputSchema: parameters as Tool['inputSchema'],
      }))
      tools = { of: functions, tools: made }
    }
    return tools.tools
  }

  // The protocol's library is loaded with the first request that speaks it.
  const load = () => import('@modelcontextprotocol/server')
  app.post('/mcp', async (request, reply) => {
    const { createMcpHandler, ProtocolError, ProtocolErrorCode, Server } = await load()
    const wrong = (reason: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, reason)
    const hungUp = hangUp(request, reply)
    const create = () => {
      const server = new Server({ name: 'pilothouse', version: options().version }, { capabilities: { tools: {} } })
      server.setRequestHandler('tools/list', async ({ params }) => {
        const { find } = await list()
        const token = request.gatewayToken
        const may = ({ name }: Tool) => opensPlugin(token, find(name)?.pluginId ?? '')
        const all = token ? (await allTools()).filter(may) : await allTools()
        const from = Number(params?.cursor ?? 0)
        if (!Number.isInteger(from) || from < 0) throw wrong('there is no such cursor')
        const next = from + PAGE < all.length ? { nextCursor: String(from + PAGE) } : {}
        return { tools: all.slice(from, from + PAGE), ...next }
      })
      server.setRequestHandler('tools/call', async ({ params }) => {
        const found = (await list()).find(params.name)
        if (!found || !opensPlugin(request.gatewayToken, found.pluginId))
          throw wrong(`there is no tool ${params.name.slice(0, 100)}`)
        const wish = { plugin: table.find(found.pluginId), operation: found.operationId }
        const outcome = await calls.call({
          ...{ ...wish, arguments: argumentsOf(params.arguments), requestId: request.id },
          ...{ surface: 'mcp', signal: hungUp },
        })
        const { failure, data } = outcome
        const answer = data === null ? '' : JSON.stringify(data)
        if (!failure) return { content: [{ type: 'text', text: answer }] }
        const text = [sentenceOf(request, failure), answer].filter(Boolean).join('\n')
        return { content: [{ type: 'text', text }], isError: true }
      })
      return server
    }
    // Nothing is announced here, so nobody needs to wait for it with a request that never ends.
    const handler: McpHttpHandler = createMcpHandler(create, { maxSubscriptions: 0 })
    const url = `http://127.0.0.1${request.url}`
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value)
    // It reads the body that was parsed already, not this one.
    const web = new Request(url, { method: 'POST', headers, signal: hungUp, body: '{}' })
    return reply.send(await handler.fetch(web, { parsedBody: request.body ?? null }))
  })
}
