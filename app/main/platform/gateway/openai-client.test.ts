import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { seeds } from '../../features/routing/seeds.ts'
import { context } from '../test-world.ts'
import { keyOf, startGateway } from './test-gateway.ts'

/** A stock client in front of a console that has the sandbox only. */
async function startClient() {
  const key = keyOf('Sandbox', null, { vendor: 'sandbox', service: 'sandbox', tier: 'sandbox' })
  const world = await startGateway([key], { features: {} })
  await world.platform.features(
    [...seeds].map(([name, rules], revision) => ({ name, revision, rules })),
    context,
  )
  const client = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: 'sk-test-unused', maxRetries: 0 })
  return { ...world, client }
}
const messages = [{ role: 'user' as const, content: 'How high is the water?' }]

test('the official client talks, streams, calls tools, draws and embeds', async () => {
  const { client } = await startClient()
  const whole = await client.chat.completions.create({ model: 'sandbox-chat', messages })
  let words = ''
  for await (const piece of await client.chat.completions.create({ model: 'auto', messages, stream: true }))
    words += piece.choices[0]?.delta.content ?? ''
  expect(words).toBe(whole.choices[0]!.message.content)
  expect(whole.usage?.total_tokens).toBeGreaterThan(0)

  let usage = 0
  const stream_options = { include_usage: true }
  for await (const piece of await client.chat.completions.create({
    ...{ model: 'auto', messages, stream: true, stream_options },
  }))
    usage += piece.usage?.total_tokens ?? 0
  expect(usage).toBe(whole.usage?.total_tokens)

  const parameters = { type: 'object', properties: { harbour: { type: 'string' } }, required: ['harbour'] }
  const tools = [{ type: 'function' as const, function: { name: 'high_water', parameters } }]
  const asked = (await client.chat.completions.create({ model: 'auto', messages, tools })).choices[0]!.message
  const call = asked.tool_calls![0]!
  expect(call).toMatchObject({ type: 'function', function: { name: 'high_water' } })
  const result = { role: 'tool' as const, tool_call_id: call.id, content: '3 m' }
  const after = await client.chat.completions.create({ model: 'auto', messages: [...messages, asked, result], tools })
  expect(after.choices[0]!.message.content).toContain('3 m')

  const images = await client.images.generate({ model: 'auto', prompt: 'a tide', n: 2 })
  expect(images.data!.map(({ b64_json: text }) => text?.slice(0, 8))).toEqual(['iVBORw0K', 'iVBORw0K'])
  const vectors = await client.embeddings.create({ model: 'sandbox-embedding', input: ['a', 'b'] })
  expect(vectors.data.map(({ embedding }) => typeof embedding[0])).toEqual(['number', 'number'])
  const models = await client.models.list()
  expect(models.data.map(({ id }) => id)).toEqual(expect.arrayContaining(['chat', 'sandbox-chat', 'sandbox-image']))
  expect((await client.models.retrieve('sandbox-chat')).owned_by).toBe('sandbox')
})

test('the official client understands what went wrong', async () => {
  const { client, platform } = await startClient()
  const codeOf = (work: Promise<unknown>) =>
    work.catch((error) => [error.constructor.name, error.status, error.code]) as Promise<unknown>
  const say = (model: string) => codeOf(client.chat.completions.create({ model, messages }))
  expect(await say('gpt-99')).toEqual(['NotFoundError', 404, 'MODEL_UNKNOWN'])
  const wrong = client.chat.completions.create({ model: 'auto', messages: 7 as never })
  expect(await codeOf(wrong)).toEqual(['BadRequestError', 400, null])
  await platform.keys({ reset: true, upserted: [], removed: [] }, context)
  expect(await say('auto')).toEqual(['InternalServerError', 503, 'NO_CANDIDATE'])
  const key = { vendor: 'sandbox', service: 'sandbox', secret: 'sk-test-fail-429' } as const
  await platform.keys({ reset: true, upserted: [keyOf('limited', null, key)], removed: [] }, context)
  expect(await say('auto')).toEqual(['RateLimitError', 429, 'rate_limit_exceeded'])
  const cut = { ...key, secret: 'sk-test-cut-stream' }
  await platform.keys({ reset: true, upserted: [keyOf('cut', null, cut)], removed: [] }, context)
  const read = async () => {
    for await (const _ of await client.chat.completions.create({ model: 'auto', messages, stream: true }));
  }
  expect(await codeOf(read())).toEqual(['APIError', undefined, 'cut'])
})
