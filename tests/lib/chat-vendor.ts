import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface Row {
  readonly role: string
  readonly content: string | null
}

/** Streams a delta of an answer in OpenAI's shape. */
export const sendDelta = (response: ServerResponse, delta: object): boolean =>
  response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`)
export const endDeltas = (response: ServerResponse): ServerResponse => response.end('data: [DONE]\n\n')

/** The names of the tools that a model is told of begin with the plugin's. */
const wish = (operation: string, given: object) => ({
  tool_calls: [{ index: 0, id: 'c1', function: { name: `tides__${operation}`, arguments: JSON.stringify(given) } }],
})

/**
 * A vendor in OpenAI's dialect that does as it is told: "tool", "broken" and "rounds" ask for tools, "fail" is refused, and
 * anything else is answered by `answer`, which has to end the response.
 */
export async function startChatVendor(answer: (text: string, response: ServerResponse) => void) {
  let hungUp = 0
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) hungUp++
    })
    const { messages, stream } = (await json(request)) as { messages: readonly Row[]; stream?: boolean }
    const said = messages.findLast(({ role }) => role === 'user')?.content ?? ''
    const last = messages.at(-1)
    const whole = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (said === 'fail') return void whole(500, { error: { message: 'the model is asleep', type: 'server_error' } })
    const words = { content: `The tool said \`${last?.content?.slice(0, 60)}\`` }
    const wishes = said === 'broken' ? wish('gauge', {}) : wish('high_water', { harbour: 'Husum' })
    const asks = said === 'rounds' || (last?.role === 'user' && (said === 'tool' || said === 'broken'))
    const delta = asks ? wishes : last?.role === 'tool' ? words : null
    if (delta && !stream) return void whole(200, { choices: [{ index: 0, message: delta }] })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    if (!delta) return answer(said, response)
    sendDelta(response, delta)
    endDeltas(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    hungUp: () => hungUp,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
