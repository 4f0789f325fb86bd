import type { ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { ConversationUpdate, Message } from '../../../shared/contracts/agents.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { type AgentWorker, createAgents } from '../../features/agents/agents.ts'
import { createAudit } from '../../features/audit/audit.ts'
import { startUpstream } from '../../features/plugins/calling/test-plugins.ts'
import { silentLog } from '../../lib/log.ts'
import { said, startGateway } from '../gateway/test-gateway.ts'
import { context, tides } from '../test-world.ts'

export const me: Caller = { actor: 'browser' }
export interface Row {
  readonly role: string
  readonly content: string | null
  readonly tool_call_id?: string
  readonly tool_calls?: readonly { readonly function: Pick<Wish, 'arguments'> }[]
}
export const rowsOf = (body: { readonly [name: string]: unknown }) => body['messages'] as readonly Row[]

export interface Wish {
  readonly id: string
  readonly name: string
  readonly arguments: string
}
export const wishes = (...list: readonly Wish[]) => ({
  ...said(''),
  choices: [
    {
      ...{ index: 0, finish_reason: 'tool_calls' },
      message: {
        ...{ role: 'assistant', content: null },
        tool_calls: list.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
      },
    },
  ],
})
export const ask = (harbour: string, id = 'c1'): Wish => ({
  ...{ id, name: 'tides__high_water', arguments: JSON.stringify({ harbour }) },
})

/** A platform with a main that keeps agents for real, and the plugin of a tide service. */
export async function world(
  keys: Parameters<typeof startGateway>[0],
  given: Parameters<typeof startGateway>[1] & {
    readonly tide?: (url: string, response: ServerResponse) => void
  } = {},
) {
  const usual = (url: string, response: ServerResponse) =>
    response
      .writeHead(url.startsWith('/broken') ? 500 : 200, { 'content-type': 'application/json' })
      .end(url.startsWith('/broken') ? '{"error":"dry"}' : '{"high":"04:12"}')
  const heard: string[] = []
  const upstream = await startUpstream(({ url }, response) => {
    heard.push(url)
    ;(given.tide ?? usual)(url, response)
  })
  const db = tempDatabase(tempFolder())
  const audit = createAudit({ db, log: silentLog, notify: () => {} })
  audit.stop()
  let platform: Awaited<ReturnType<typeof startGateway>>['platform'] | null = null
  const worker: AgentWorker = {
    ask: (async (name: 'agentTurn', input: never) => await platform![name](input, context)) as AgentWorker['ask'],
    tell: (name, input) => void platform![name as 'agentStop'](input as never, context),
    onStarted: () => () => {},
  }
  const agents = createAgents({ db, worker, audit, log: silentLog })
  onTestFinished(() => void agents.stop())
  const answers = Object.fromEntries(
    Object.entries(agents.asks).map(([name, handler]) => [name, (input: never) => handler(input, context)]),
  )
  const fog = await tides(upstream.url, { id: '8001', nameForModel: 'fog', name: 'Fog' })
  const started = await startGateway(keys, { ...given, answers, plugins: [await tides(upstream.url), fog] })
  platform = started.platform
  const create = async (change: object = {}): Promise<string> => {
    const made = await started.send('POST', '/api/agents', { name: 'Pilot', plugins: ['tides'], ...change })
    return made.json.agent_id
  }
  const chat = (agentId: string, message: string, more: object = {}, headers: Record<string, string> = {}) =>
    started.send('POST', '/api/chat', { agent_id: agentId, message, ...more }, headers)
  function messages(sessionId: string): readonly Message[] {
    let found: readonly Message[] = []
    const emit = (update: ConversationUpdate) => {
      if (update.kind === 'snapshot') found = update.messages
      return true
    }
    agents.handlers.onConversation(emit, { sessionId }, me)()
    return found
  }
  const brief = (sessionId: string) => messages(sessionId).map(briefOf)
  return { ...started, agents, heard, create, chat, messages, brief, fog }
}
export function briefOf({ body }: Message): string {
  switch (body.kind) {
    case 'said':
      return `said ${body.text}`
    case 'answered':
      return `answered ${body.text}${body.wishes.map(({ name }) => ` →${name}`).join('')}${body.cut ? ' cut' : ''}`
    case 'called':
      return `called ${body.call.name} ${body.call.failure?.code ?? body.call.answer}`
    case 'failed':
      return `failed ${body.failure.code}`
  }
}
export function toldBriefly(update: ConversationUpdate): string {
  if (update.kind === 'message') return briefOf(update.message)
  if (update.kind === 'calling') return `calling ${update.wish.name}`
  if (update.kind === 'turn') return update.turn ? 'turn begun' : 'turn over'
  return update.kind
}
export const eventsOf = (text: string): [string, unknown][] =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((one) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(one)!
      return [name!, JSON.parse(data!)]
    })
