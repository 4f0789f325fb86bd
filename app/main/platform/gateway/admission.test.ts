import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { context, tides } from '../test-world.ts'
import type { UsableToken } from './gateway-messages.ts'
import { json, keyOf, said, startGateway, startVendor } from './test-gateway.ts'

const token = (
  name: string,
  change: Partial<UsableToken> = {},
  scopes: Partial<UsableToken['scopes']> = {},
): UsableToken => ({
  ...{ id: name, name, hash: createHash('sha256').update(`ph_${name}`).digest('hex') },
  ...{ scopes: { features: null, models: null, plugins: null, ...scopes }, rpm: null, tpm: null, expiresAt: null },
  ...change,
})
const as = (name: string) => ({ authorization: `Bearer ph_${name}` })

test('with open local mode off, what each token opens', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([keyOf('one', vendor.url)], {
    options: { openLocalMode: false },
    plugins: [await tides('http://127.0.0.1:9')],
  })
  const tokens = [
    token('all'),
    token('vectors', {}, { features: ['embedding'] }),
    token('other', {}, { models: ['other'] }),
    token('tools', {}, { plugins: ['7001'] }),
    token('notools', {}, { plugins: [] }),
    token('old', { expiresAt: 1 }),
  ]
  await world.platform.tokens(tokens, context)
  const told: Record<string, unknown> = {}
  for (const who of [null, 'nobody', ...tokens.map(({ name }) => name)]) {
    const headers = who === null ? {} : as(who)
    const chat = await world.chat({}, headers)
    const tool = await world.send('POST', '/api/plugin/invoke/tides/high_water', {}, headers)
    const listed = await world.send('GET', '/api/plugins/functions', undefined, headers)
    const admin = await world.send('GET', '/api/plugins', undefined, headers)
    const functions = listed.json.data?.functions.length ?? listed.status
    told[who ?? ''] = [chat.status, chat.json.error?.code ?? '', tool.status, functions, admin.status]
  }
  expect(told).toEqual({
    '': [401, 'TOKEN_NEEDED', 401, 401, 401],
    nobody: [401, 'TOKEN_UNKNOWN', 401, 401, 401],
    all: [200, '', 400, 3, 200],
    vectors: [403, 'TOKEN_SCOPE', 400, 3, 403],
    other: [403, 'TOKEN_SCOPE', 400, 3, 403],
    tools: [200, '', 400, 3, 403],
    notools: [200, '', 403, 0, 403],
    old: [401, 'TOKEN_UNKNOWN', 401, 401, 401],
  })
  expect((await world.send('GET', '/healthz')).status).toBe(200)
  const models = await world.send('GET', '/v1/models', undefined, as('vectors'))
  expect(models.json.data.map(({ id }: { id: string }) => id)).toEqual(['embedding', 'e'])
  const { uses, decisions } = await world.records()
  expect(uses.map(({ tokenId, statusCode }) => [tokenId, statusCode])).toEqual([
    ...[
      ['all', 200],
      ['other', 403],
      ['tools', 200],
      ['notools', 200],
    ],
  ])
  expect(decisions[0]!.decision.caller).toBe('all')
})

test('a limit is told with when to come again, also in open local mode; a word that is no token is not looked at', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([keyOf('one', vendor.url)])
  await world.platform.tokens([token('shop', { rpm: 2 }), token('small', { tpm: 60 })], context)
  const come = async (headers: Record<string, string>, body: object = {}) => {
    const { status, headers: got, json: answer } = await world.chat(body, headers)
    // What clients of OpenAI's API wait by.
    if (status === 429) expect(answer.error).toMatchObject({ type: 'rate_limit_error', param: null })
    return [status, got.get('retry-after') !== null, answer.error?.code ?? '']
  }
  expect([await come(as('shop')), await come(as('shop')), await come(as('shop'))]).toEqual([
    [200, false, ''],
    [200, false, ''],
    [429, true, 'rate_limit_exceeded'],
  ])
  // Reserved as an estimate, corrected to what was counted.
  expect([await come(as('small'), { max_tokens: 40 }), await come(as('small'), { max_tokens: 40 })]).toEqual([
    [200, false, ''],
    [200, false, ''],
  ])
  expect(await come(as('small'), { max_tokens: 70 })).toEqual([429, true, 'rate_limit_exceeded'])
  expect([await come({ authorization: 'Bearer sk-any' }), await come(as('nobody'))]).toEqual([
    [200, false, ''],
    [401, false, 'TOKEN_UNKNOWN'],
  ])

  // What a token took in its last minute is kept for the next start.
  await world.records()
  const took = new Map<string, unknown>()
  const total = (counts: readonly (readonly [number, number])[] = []) => counts.reduce((sum, [, one]) => sum + one, 0)
  for (const { id, minute } of world.of('gatewayRecords').flatMap(({ tokensUsed }) => tokensUsed))
    took.set(id, [total(minute?.requests), total(minute?.tokens)])
  expect(Object.fromEntries(took)).toEqual({ shop: [2, 0], small: [0, 10] })
})
