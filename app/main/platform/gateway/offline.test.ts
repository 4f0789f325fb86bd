import { expect, test } from 'vitest'
import { seeds } from '../../features/routing/seeds.ts'
import { context } from '../test-world.ts'
import { candidateOf, keyOf, startGateway } from './test-gateway.ts'

/** What a fresh console has: the sandbox's key without an address, and the seeded features. */
async function startOffline() {
  const key = keyOf('Sandbox', null, { vendor: 'sandbox', service: 'sandbox', tier: 'sandbox' })
  const world = await startGateway([key], { features: {} })
  await world.platform.features(
    [...seeds].map(([name, rules], revision) => ({ name, revision, rules })),
    context,
  )
  return world
}

test('a fresh console answers every feature that the sandbox knows, without a network', async () => {
  const world = await startOffline()
  const ask = async (path: string, body: object) => {
    const { status, json, headers } = await world.send('POST', path, body)
    return [status, headers.get('x-pilothouse-key'), json]
  }
  expect(await ask('/v1/chat/completions', { model: 'auto', messages: [{ role: 'user', content: 'hi' }] })).toEqual([
    ...[200, 'Sandbox'],
    expect.objectContaining({ object: 'chat.completion', choices: [expect.anything()] }),
  ])
  const neutral = (output: object) => [200, 'Sandbox', expect.objectContaining({ vendor: 'sandbox', output })]
  expect(await ask('/api/v1/chat', { prompt: 'hi' })).toEqual(neutral({ text: expect.stringMatching(/./) }))
  expect(await ask('/api/v1/text_to_image', { prompt: 'a cat', width: 64, height: 64 })).toEqual(
    neutral({ images: [expect.anything()] }),
  )
  expect(await ask('/api/v1/embedding', { input: ['a', 'b'] })).toEqual(
    neutral({ embeddings: [expect.any(Array), expect.any(Array)] }),
  )
  expect(await ask('/api/v1/rerank', { query: 'tide', documents: ['cat', 'high tide'] })).toEqual(
    neutral({ results: [expect.anything(), expect.anything()] }),
  )
  expect(await ask('/api/v1/text_to_speech', { input: 'hi' })).toEqual(
    neutral({ audio: { b64_json: expect.stringMatching(/^UklGR/), content_type: 'audio/wav' } }),
  )
  const audio = { b64_json: 'UklGRg==', content_type: 'audio/wav' }
  expect(await ask('/api/v1/speech_to_text', { audio })).toEqual(neutral({ text: 'The sandbox heard 4 bytes.' }))
  expect(await ask('/api/v1/juggling', {})).toEqual([404, null, expect.objectContaining({ code: 'FEATURE_NOT_FOUND' })])
  const { uses } = await world.records()
  expect(uses.map(({ feature, statusCode, images }) => [feature, statusCode, images])).toEqual([
    ...[
      ['chat', 200, 0],
      ['chat', 200, 0],
      ['text_to_image', 200, 1],
      ['embedding', 200, 0],
    ],
    ...[
      ['rerank', 200, 0],
      ['text_to_speech', 200, 0],
      ['speech_to_text', 200, 0],
    ],
  ])
})

test('a model under a name of the operator is asked for by the name that the vendor knows', async () => {
  const key = keyOf('Box', null, {
    vendor: 'sandbox',
    service: 'sandbox',
    modelMapping: { 'GPT-small': 'sandbox-chat' },
  })
  const candidate = candidateOf('sandbox-chat', { vendor: 'sandbox', service: 'sandbox' })
  const world = await startGateway([key], { features: { chat: [candidate] } })
  const listed = await world.send('GET', '/v1/models')
  const mapped = await world.chat({ model: 'gpt-Small' })
  const unknown = await world.chat({ model: 'gpt-large' })
  const { uses, decisions } = await world.records()
  expect({
    listed: listed.json.data.map(({ id }: { id: string }) => id),
    answered: [mapped.status, mapped.json.model, unknown.status],
    counted: uses.map(({ model, keyId, statusCode }) => [model, keyId, statusCode]),
    decided: [decisions[0]!.decision.selected?.model, decisions[0]!.decision.selected?.vendorModel],
  }).toEqual({
    listed: ['chat', 'sandbox-chat', 'GPT-small'],
    answered: [200, 'sandbox-chat', unknown.status],
    counted: [
      ['GPT-small', 'Box', 200],
      ['gpt-large', null, unknown.status],
    ],
    decided: ['GPT-small', 'sandbox-chat'],
  })
  expect(unknown.status).toBeGreaterThanOrEqual(400)
})

test('each way in which the sandbox fails ends in an answer or in the next key, and is counted once', async () => {
  const tricks = ['401', '402', '429', '500', '503']
  const world = await startOffline()
  const url = (await world.platform.routeState({ feature: 'chat' }, context)).choices[0]!.endpoint
  const sandbox = { vendor: 'sandbox', service: 'sandbox' } as const
  // By the tier of each key, not by weight.
  const rules = seeds.get('chat')!
  const byKey = { ...rules, candidates: rules.candidates.map((one) => ({ ...one, tier: null })) }
  await world.platform.features([{ name: 'chat', revision: 1, rules: byKey }], context)
  const good = keyOf('good', url, { ...sandbox, tier: 'backup' })
  for (const trick of tricks) {
    const bad = keyOf(`bad-${trick}`, url, { ...sandbox, secret: `fail-${trick}` })
    await world.platform.keys({ reset: true, upserted: [bad, good], removed: [] }, context)
    const { status, headers } = await world.chat({ model: 'auto' })
    expect([trick, status, headers.get('x-pilothouse-key')]).toEqual([trick, 200, 'good'])
  }
  const { uses, failures } = await world.records()
  expect([uses.length, failures.map(({ message }) => message.slice(0, 3))]).toEqual([tricks.length, tricks])
})
