import { createHash } from 'node:crypto'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Candidate } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import { context, fakeMain, memoryJournal } from '../test-world.ts'
import { createGateway } from './gateway.ts'
import type { UsableKey, UsableToken } from './gateway-messages.ts'
import { createHangUp } from './hang-up.ts'
import { json, keyOf, said, startGateway, startVendor } from './test-gateway.ts'

const token = (name: string, change: Partial<UsableToken>): UsableToken => ({
  ...{ id: name, name, hash: createHash('sha256').update(`ph_${name}`).digest('hex') },
  ...{ scopes: { features: null, models: null, plugins: null }, rpm: null, tpm: null, expiresAt: null },
  ...change,
})
const as = (name: string) => ({ authorization: `Bearer ph_${name}` })

test('a name of a model that is too long is refused wherever one can be named', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1')])
  const model = 'm'.repeat(201)
  for (const path of ['/v1/chat/completions', '/api/v1/chat', '/api/v1/route/chat']) {
    const { status, text } = await world.send('POST', path, { model, messages: [] })
    expect([path, status, text.includes('model: at most 200 characters')]).toEqual([path, 400, true])
  }
  const { status, json: told } = await world.chat({ model: 'm'.repeat(200) })
  expect([status, told.error.code]).toEqual([404, 'MODEL_UNKNOWN'])
  expect((await world.records()).uses.map(({ model: kept }) => kept.length)).toEqual([200])
})

test('a request that is larger than a key takes in a minute is told so, and not to wait', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([keyOf('one', vendor.url, { tpm: 100 })])
  const { status, headers, json: told } = await world.chat({ max_tokens: 500 })
  expect([status, headers.get('retry-after'), told.error.code]).toEqual([413, null, 'REQUEST_OVER_LIMIT'])
  expect(told.error.message).toMatch(
    /^The request may take \d+ tokens, and no key for chat takes so many in a minute\./,
  )
  const fitting = await world.chat({ max_tokens: 50 })
  expect([fitting.status, vendor.seen.length]).toEqual([200, 1])
})

test('where vendors name no pause, callers are told the one that the gateway keeps', async () => {
  const vendor = await startVendor((response) => json(response, 429, { error: { message: 'slow' } }))
  const world = await startGateway([keyOf('one', vendor.url)])
  const { status, headers } = await world.chat()
  expect([status, headers.get('retry-after')]).toEqual([429, '5'])
})

test('models are listed for a token whatever the case in which its scope names them', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1')])
  await world.platform.tokens([token('shop', { scopes: { features: null, models: ['M'], plugins: null } })], context)
  const { json: listed } = await world.send('GET', '/v1/models', undefined, as('shop'))
  expect(listed.data.map(({ id }: { id: string }) => id)).toEqual(['chat', 'm'])
})

test('a body that cannot be written again is the caller’s fault, and no mark against the key', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([keyOf('one', vendor.url)])
  // The deepest that comes in over HTTP goes out as well.
  const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
  const answers = [await world.chat({ extra: nested(199) }), await world.chat({ extra: nested(200) })]
  expect([answers.map(({ status }) => status), vendor.seen.length]).toEqual([[200, 400], 1])

  // What the console itself asks has passed no such bound.
  const { main, of } = fakeMain()
  const journal = memoryJournal()
  const gateway = createGateway({ main, journal, registry: new Registry() })
  const painter = keyOf('brush', vendor.url, { vendor: 'aliyun', service: 'wanx' })
  await gateway.handlers.keys({ reset: true, upserted: [keyOf('one', vendor.url), painter], removed: [] }, context)
  const rules = (name: string, candidates: Candidate[]) =>
    ({ ...{ name, revision: 1 }, rules: { description: '', strategy: 'weighted', candidates } }) as const
  await gateway.handlers.features([rules('chat', [world.candidate('m')]), rules('text_to_image', [painted])], context)
  const hangUp = createHangUp()
  const asked = { body: { prompt: nested(100_000) }, model: null, token: null, stream: null, hangUp }
  const served = [
    await gateway.serve({ ...asked, feature: 'chat', call: 'chat' }),
    await gateway.serve({ ...asked, feature: 'text_to_image', call: 'images' }),
  ]
  expect(served).toMatchObject([{ refusal: { status: 400 } }, { refusal: { status: 400 } }])
  await gateway.stop()
  const codes = journal.uses().map(({ statusCode }) => statusCode)
  expect([codes, of('gatewayRecords').flatMap(({ failures }) => failures), vendor.seen.length]).toEqual([
    [400, 400],
    [],
    1,
  ])
})

const model = 'wan2.2-t2i-flash'
const painted: Candidate = { vendor: 'aliyun', service: 'wanx', model, tier: null, weight: 1 }
const studio = (url: string, saveJob: () => unknown) =>
  startGateway([keyOf('brush', url.replace('/v1', ''), { vendor: 'aliyun', service: 'wanx' })], {
    answers: { saveJob },
    features: { text_to_image: [painted] },
  })

test('a job takes no more of a token than it does, whether it begins or not', async () => {
  const vendor = await startVendor((response, { path }) => {
    const done = { task_status: 'SUCCEEDED', results: [{ url: 'http://a.test/1.png' }] }
    json(response, 200, { output: path.endsWith('/image-synthesis') ? { task_id: 't-1' } : done })
  })
  let failing = true
  const world = await studio(vendor.url, () => {
    if (failing) throw new AppError('CALL_TOO_MANY', { most: 1 })
  })
  await world.platform.tokens([token('shop', { tpm: 300 })], context)
  const draw = async () =>
    (await world.send('POST', '/v1/images/generations', { prompt: 'p'.repeat(1000) }, as('shop'))).status
  const refused = [await draw(), await draw()]
  failing = false
  expect([...refused, await draw(), await draw()]).toEqual([503, 503, 200, 200])
  const { uses, decisions } = await world.records()
  expect(uses.map(({ statusCode }) => statusCode)).toEqual([503, 503, 200, 200])
  expect(decisions.map(({ outcome }) => outcome?.statusCode)).toEqual([503, 503, 202, 202])
})

test('a feature is asked for a model of its own: the name of another feature is none', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([keyOf('one', vendor.url)])
  const ask = async (model: unknown) => (await world.send('POST', '/api/v1/chat', { model, prompt: 'hi' })).status
  const seen = [await ask('chat'), await ask('m'), await ask('embedding'), await ask({}), vendor.seen.length]
  expect(seen).toEqual([200, 200, 404, 400, 2])
  const embed = await world.send('POST', '/v1/embeddings', { model: 'chat', input: 'a' })
  expect([embed.status, vendor.seen.length]).toEqual([404, 2])
})

test('a body that is packed is not read as if it were not', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1')])
  const { status, json: told } = await world.chat({}, { 'content-encoding': 'gzip' })
  expect([status, told.error.message]).toEqual([415, expect.stringContaining('a body in gzip is not read')])
})

test('a refusal of a request without a body leaves its connection open', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1')])
  const { status, headers } = await world.send('GET', '/api/v1/jobs/nope')
  expect([status, headers.get('connection')]).toEqual([404, 'keep-alive'])
})

test('a key whose address is the gateway itself is asked in a circle a few times, not for ever', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const world = await startGateway([])
  const again = keyOf('again', `${world.url}/v1`)
  await world.platform.keys({ reset: true, upserted: [again], removed: [] }, context)
  const { status } = await world.chat()
  expect(status).toBe(502)
  const { uses } = await world.records()
  expect([uses.length, new Set(uses.map(({ statusCode }) => statusCode))]).toEqual([8, new Set([502])])
  expect(vendor.seen).toEqual([])
})

test('many callers at once do not spend more than the budget of a key, and leave less than a call of it', async () => {
  // A thousand words cost 10,000 millionths; nobody knows before how many there will be, but the caller bounds them.
  const usage = { prompt_tokens: 10, completion_tokens: 40, total_tokens: 50 }
  const vendor = await startVendor((response) => json(response, 200, { ...said('hello'), usage }))
  const each = 10 * 2 + 40 * 10
  const budget = 50 * each + 100
  const key = keyOf('one', vendor.url, { vendor: 'openai', service: 'gpt-4', monthlyBudget: budget })
  const world = await startGateway([key], {
    features: { chat: [{ vendor: 'openai', service: 'gpt-4', model: 'gpt-6-sol', tier: null, weight: 1 }] },
  })
  const statuses = new Set<number>()
  async function caller() {
    for (let i = 0; i < 20; i++) {
      const { status } = await world.chat({ model: 'gpt-6-sol', max_tokens: 100 })
      statuses.add(status)
    }
  }
  await Promise.all(Array.from({ length: 20 }, caller))
  const { uses } = await world.records()
  const spent = uses.reduce((sum, { cost }) => sum + cost, 0)
  const bound = 20 * 2 + 100 * 10
  expect(spent).toBeLessThanOrEqual(budget)
  expect(spent).toBeGreaterThan(budget - bound - each)
  expect([...statuses].sort()).toEqual([200, 429])
})

test('a call of many answers holds what all of them may cost, and counts as many tokens', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const key = (id: string, limits: Partial<UsableKey>) =>
    keyOf(id, vendor.url, { vendor: 'openai', service: id, ...limits })
  // A token that comes out costs 10 millionths.
  const world = await startGateway([key('saving', { monthlyBudget: 110_000 }), key('slow', { tpm: 11_000 })], {
    features: Object.fromEntries(
      ['saving', 'slow'].map((service) => [
        service,
        [{ vendor: 'openai' as const, service, model: 'gpt-6-sol', tier: null, weight: 1 }],
      ]),
    ),
  })
  const ask = async (model: string, body: object) => (await world.chat({ model, ...body })).status
  const seen = []
  for (const model of ['saving', 'slow'])
    for (const n of [128, 111, 100]) seen.push(`${model} ${n} ${await ask(model, { max_tokens: 100, n })}`)
  expect([...seen, vendor.seen.length]).toEqual([
    ...['saving 128 429', 'saving 111 429', 'saving 100 200', 'slow 128 413', 'slow 111 413', 'slow 100 200'],
    2,
  ])
})

test('where only breakers rest, callers are told when one of them is tried again', async () => {
  const vendor = await startVendor((response) => json(response, 500, { error: { message: 'down' } }))
  const world = await startGateway([keyOf('one', vendor.url)])
  for (let i = 0; i < 5; i++) await world.chat()
  // The least bad is asked once in its pause.
  await world.chat()
  const { status, headers } = await world.chat()
  expect([status, Number(headers.get('retry-after'))]).toEqual([
    503,
    expect.toSatisfy((s: number) => s > 20 && s <= 60),
  ])
})

test('why nobody can be asked is said in the language of the caller', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1', { enabled: false })])
  const say = async (language: string) => (await world.chat({}, { 'accept-language': language })).json.error.message
  expect([await say('en'), await say('zh-CN')]).toEqual([
    'Nothing can serve chat now: one: disabled. Its route says what each one waits for.',
    '目前没有可用于 chat 的候选项：one：已停用。 “路由”中列出了每一项的原因。',
  ])
})
