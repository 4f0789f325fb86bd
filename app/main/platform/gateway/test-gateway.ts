import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Candidate, Decision, DecisionOutcome } from '../../../shared/contracts/routing.ts'
import { fromJson } from '../../lib/json.ts'
import { context, startPlatform } from '../test-world.ts'
import type { GatewayTuning } from './gateway.ts'
import type { UsableKey } from './gateway-messages.ts'
import type { DecisionText } from './journal-line.ts'
import { usualLimits } from './upstream.ts'

type Body = { readonly [name: string]: unknown }
export interface VendorCallSeen {
  readonly secret: string
  readonly path: string
  readonly body: Body
  /** A body that is a form. */
  readonly form: () => Promise<FormData>
}
export type Script = (response: ServerResponse, seen: VendorCallSeen) => void

/** A vendor of a test: what it was asked, and an answer to each by its script. */
export async function startVendor(script: Script) {
  const seen: VendorCallSeen[] = []
  let closed = 0
  let looks: (() => void)[] = []
  const told: (() => void)[] = []
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    response.on('close', () => {
      if (response.writableFinished) return
      closed++
      for (const tell of told.splice(0)) tell()
    })
    request.on('end', () => {
      const secret = (request.headers.authorization ?? '').replace('Bearer ', '')
      const bytes = Buffer.concat(chunks)
      const { 'content-type': type = '' } = request.headers
      const form = () => new Response(bytes, { headers: { 'content-type': type } }).formData()
      const one = { secret, path: request.url ?? '', body: (fromJson(bytes.toString()) ?? {}) as Body, form }
      seen.push(one)
      for (const look of looks) look()
      script(response, one)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    secrets: () => seen.map(({ secret }) => secret),
    /** When it has been asked so many times. */
    asked: (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (seen.length < count) return
          looks = looks.filter((one) => one !== look)
          resolve()
        }
        looks.push(look)
        look()
      }),
    /** When the first request was hung up under it. */
    hungUp: (): Promise<void> => (closed > 0 ? Promise.resolve() : new Promise((resolve) => told.push(resolve))),
  }
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: object = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
export const said = (text: string) => ({
  ...{ id: 'c1', object: 'chat.completion', model: 'm' },
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
})
export const event = (body: unknown) => `data: ${typeof body === 'string' ? body : JSON.stringify(body)}\n\n`
export const word = (text: string) => ({ choices: [{ index: 0, delta: { content: text } }] })
export const used = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }
export const beginEvents = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
}

export const keyOf = (id: string, baseUrl: string | null, change: Partial<UsableKey> = {}): UsableKey => ({
  ...{ id, name: id, vendor: 'openai-compatible', service: 'lab', tier: 'primary', weight: 1, baseUrl },
  ...{ secret: `sk-test-${id}`, former: null, rpm: null, tpm: null, concurrency: null },
  ...{ monthlyBudget: null, currency: 'USD', enabled: true, expiresAt: null, modelMapping: {} },
  ...change,
})
export const candidateOf = (model: string, change: Partial<Candidate> = {}): Candidate => ({
  ...{ vendor: 'openai-compatible', service: 'lab', model, tier: null, weight: 1 },
  ...change,
})

const keptOf = ({ text, outcome }: DecisionText) => ({
  decision: JSON.parse(text) as Decision,
  outcome: outcome === null ? null : (JSON.parse(outcome) as DecisionOutcome),
})

/** A platform whose gateway has these keys; `primary` is asked before `backup`. */
export async function startGateway(
  keys: readonly UsableKey[],
  given: Parameters<typeof startPlatform>[0] & {
    readonly limits?: Partial<typeof usualLimits>
    readonly features?: Readonly<Record<string, readonly Candidate[]>>
    readonly clock?: () => number
    readonly loadSandbox?: GatewayTuning['loadSandbox']
  } = {},
) {
  const { limits, features = { chat: [candidateOf('m')], embedding: [candidateOf('e')] }, clock } = given
  const world = await startPlatform({
    ...given,
    tuning: {
      limits: { ...usualLimits, ...limits },
      pauses: { firstMs: 5, longestMs: 10 },
      ...(clock ? { clock } : {}),
      ...(given.loadSandbox ? { loadSandbox: given.loadSandbox } : {}),
    },
  })
  const { platform, of } = world
  await platform.keys({ reset: true, upserted: keys, removed: [] }, context)
  const strategy = 'weighted' as const
  await platform.features(
    Object.entries(features).map(([name, candidates], i) => ({
      ...{ name, revision: i + 1, rules: { description: '', strategy, candidates: [...candidates] } },
    })),
    context,
  )
  const chat = (body: object = {}, headers: Record<string, string> = {}) =>
    world.send(
      'POST',
      '/v1/chat/completions',
      { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body },
      headers,
    )
  return {
    ...world,
    chat,
    candidate: candidateOf,
    /** What main was told, after all was. */
    async records() {
      await world.stop()
      const batches = of('gatewayRecords')
      const entries = world.journal.entries()
      const uses = world.journal.uses()
      return {
        uses,
        decisions: entries.flatMap(({ decision }) => (decision ? [keptOf(decision)] : [])),
        calls: entries.flatMap(({ calls }) =>
          calls.map(({ keyId, failed }) => `${keyId} ${failed ? 'failed' : 'answered'}`),
        ),
        failures: batches.flatMap((batch) => batch.failures),
        health: batches.flatMap((batch) => batch.health),
        brief: uses.map(({ keyId, statusCode, inputTokens, outputTokens }) =>
          [keyId, statusCode, inputTokens, outputTokens].join(' '),
        ),
      }
    },
  }
}
