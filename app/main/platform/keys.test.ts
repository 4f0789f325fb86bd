import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { context, openKeys } from '../features/keys/test-world.ts'
import { failureOf, replyFailure } from './replies.ts'
import { type KeyRouteParts, keyRoutes } from './routes/keys.ts'

/** The routes at a real port, in front of the keys of a real console. */
async function startKeys() {
  const world = await openKeys()
  const asks = world.asks as unknown as Record<string, (input: unknown, how: typeof context) => unknown>
  const main = { ask: async (name: string, input: unknown) => await asks[name]!(input, context) }
  const app = fastify()
  app.setErrorHandler((error, request, reply) => {
    const { failure, status } = failureOf(error, () => String((error as Error).stack))
    return replyFailure(request, reply, failure, status === undefined ? {} : { status })
  })
  await keyRoutes(app, { main: main as KeyRouteParts['main'] })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/v1/keys${path}`, { method, ...content, headers: { ...type, ...headers } })
    const text = await answer.text()
    return { status: answer.status, text, json: text === '' ? null : JSON.parse(text) }
  }
  return { ...world, send }
}

// Of the seed documents, as it stands there.
const seed = {
  ...{ vendor: 'openai', service: 'dalle', key_name: 'OpenAI DALL-E Key', api_key: 'sk-your-actual-key-here' },
  tier: 'primary',
}

test('a key is added as the documents say, listed without its secret, and refused a second time', async () => {
  const { send, table } = await startKeys()
  const added = await send('POST', '', seed)
  const listed = await send('GET', '')
  const one = await send('GET', `/${encodeURIComponent('OpenAI DALL-E Key')}`)
  const again = await send('POST', '', { ...seed, vendor: 'aliyun', key_name: 'Copy' })
  const known = {
    ...{ id: expect.any(String), vendor: 'openai', service: 'dalle', key_name: 'OpenAI DALL-E Key' },
    ...{ api_key: 'sk-y****here', tier: 'primary', base_url: null, weight: 1, rpm: null, tpm: null },
    ...{ concurrency: null, currency: 'USD', monthly_budget: null, plugin_id: null, expires_at: null, status: 'ready' },
    ...{ status_reason: null, status_until: null, grace_until: null, models: null, last_test: null, last_error: null },
    ...{ balance: null, model_mapping: {}, retiring: [] },
    usage: {
      requests_today: 0,
      errors_today: 0,
      tokens_today: 0,
      cost_today: 0,
      cost_this_month: 0,
      unpriced_today: 0,
      unpriced_this_month: 0,
    },
    ...{ created_at: expect.any(String), updated_at: expect.any(String) },
  }
  expect({
    added: [added.status, added.json],
    listed: [listed.status, listed.json.total, listed.json.keys[1] ?? null],
    one: one.json,
    again: [again.status, again.json.code, again.json.detail],
    secrets: [added, listed, one, again].filter(({ text }) => text.includes(seed.api_key)),
    usable: [...table.values()].some(({ secret }) => secret === seed.api_key),
  }).toEqual({
    added: [201, known],
    listed: [200, 2, known],
    one: known,
    again: [409, 'KEY_DUPLICATE_SECRET', expect.stringContaining('OpenAI DALL-E Key')],
    secrets: [],
    usable: true,
  })
})

test('a key is changed, tested, rotated, switched and removed; the audit trail has who asked', async () => {
  const { send, table, audited, state } = await startKeys()
  const short = { vendor: 'openai-compatible', key_name: 'Local', api_key: 'sk-test-local', note: 'ignored' }
  const id: string = (await send('POST', '', { ...short, base_url: 'http://localhost:11434/v1/' })).json.id
  const user = { 'x-user-id': 'ada' }
  const mapping = { 'gpt-4': 'qwen3:8b' }
  const change = {
    monthly_budget: 12.5,
    expires_at: '2030-01-01T00:00:00Z',
    vendor: short.vendor,
    model_mapping: mapping,
  }
  const changed = await send('PATCH', `/${id}`, { ...change, rpm: 60, api_key: '****' }, user)
  const failure = { code: 'UPSTREAM_UNREACHABLE', details: { host: 'localhost', reason: 'refused' } }
  state.answer = { at: 1, ok: false, latencyMs: 3, statusCode: null, models: null, failure }
  const tested = await send('POST', `/${id}/test`)
  const disabled = await send('POST', `/${id}/disable`, { reason: 'holidays' })
  const enabled = await send('POST', `/${id}/enable`)
  const reset = await send('POST', `/${id}/reset-cooldown`)
  const rotated = await send('POST', `/${id}/rotate`, { api_key: 'sk-test-rotated', grace_hours: 1 })
  const usable = table.get(id)
  const removed = await send('DELETE', `/${id}`)
  const fields = ({ status, json }: typeof changed) => [status, json.status, json.status_reason]

  expect({
    changed: [changed.status, changed.json.monthly_budget, changed.json.expires_at, changed.json.rpm],
    mapping: [changed.json.model_mapping, usable?.modelMapping],
    tested: [tested.status, tested.json],
    switched: [fields(disabled), fields(enabled), fields(reset)],
    rotated: [rotated.json.api_key, rotated.json.grace_until !== null],
    usable: [usable?.service, usable?.tier, usable?.baseUrl, usable?.secret, usable?.former?.secret],
    budget: usable?.monthlyBudget,
    removed: [removed.status, removed.json],
    after: (await send('GET', `/${id}`)).status,
    asked: audited()
      .filter(({ after }) => after?.includes('ada'))
      .map(({ action }) => action),
  }).toEqual({
    changed: [200, 12.5, '2030-01-01T00:00:00.000Z', 60],
    mapping: [mapping, mapping],
    tested: [
      200,
      {
        ...{ ok: false, latency_ms: 3, status_code: null, models: [] },
        error: 'localhost cannot be reached: refused',
      },
    ],
    switched: [
      [200, 'disabled', 'holidays'],
      [200, 'ready', null],
      [200, 'ready', null],
    ],
    rotated: ['****', true],
    usable: ['default', 'primary', 'http://localhost:11434/v1', 'sk-test-rotated', 'sk-test-local'],
    budget: 12_500_000,
    removed: [204, null],
    after: 404,
    asked: ['key.change'],
  })
})

test('a secret goes to another address only when it is given anew', async () => {
  const { send, table, audited, resets } = await startKeys()
  const [own, next] = ['sk-test-own-0123456789', 'sk-test-next-0123456789']
  const short = { vendor: 'openai-compatible', key_name: 'Local', api_key: own, base_url: 'https://vendor.test/v1' }
  const id: string = (await send('POST', '', short)).json.id
  await send('POST', '', { ...short, key_name: 'Other', api_key: 'sk-test-other-0123456789' })
  const patch = async (body: object) => {
    const { status, json } = await send('PATCH', `/${id}`, body)
    const { baseUrl, secret, former } = table.get(id)!
    return [status, json.code ?? json.api_key, baseUrl, secret, former?.secret ?? null]
  }
  const tries = [
    await patch({ base_url: 'https://thief.test/v1' }),
    await patch({ base_url: 'http://vendor.test/v1' }),
    await patch({ base_url: 'https://vendor.test/v2' }),
    await patch({ base_url: 'https://thief.test/v1', api_key: 'sk-t****6789' }),
    await patch({ base_url: 'https://thief.test/v1', api_key: 'aaaa****aaaa' }),
    await patch({ base_url: 'https://thief.test/v1', api_key: 'sk-test-other-0123456789' }),
    await patch({ base_url: 'https://known.test/v1', api_key: own }),
  ]
  await send('POST', `/${id}/rotate`, { api_key: 'sk-test-thief-0123456789', grace_hours: 24 })
  tries.push(await patch({ base_url: 'https://moved.test/v1', api_key: next }))
  expect({
    tries,
    resets: resets.length,
    noted: audited().map(({ action }) => action),
  }).toEqual({
    tries: [
      [422, 'KEY_ADDRESS_NEEDS_SECRET', 'https://vendor.test/v1', own, null],
      [422, 'KEY_ADDRESS_NEEDS_SECRET', 'https://vendor.test/v1', own, null],
      [200, 'sk-t****6789', 'https://vendor.test/v2', own, null],
      [422, 'KEY_ADDRESS_NEEDS_SECRET', 'https://vendor.test/v2', own, null],
      [422, 'BAD_INPUT', 'https://vendor.test/v2', own, null],
      [409, 'KEY_DUPLICATE_SECRET', 'https://vendor.test/v2', own, null],
      [200, 'sk-t****6789', 'https://known.test/v1', own, null],
      // Not even the secret before the rotation.
      [200, 'sk-t****6789', 'https://moved.test/v1', next, null],
    ],
    resets: 3,
    noted: ['key.add', 'key.add', 'key.change', 'key.change', 'key.rotate', 'key.change', 'key.rotate'],
  })
})

test('what cannot be taken is told by field, never with its value', async () => {
  const { send } = await startKeys()
  const id: string = (await send('POST', '', seed)).json.id
  const tries = [
    await send('POST', '', []),
    await send('POST', '', { ...seed, vendor: 'acme', api_key: 'sk-test two words' }),
    await send('POST', '', { ...seed, api_key: 'sk-test-x', vendor: 'openai-compatible' }),
    await send('POST', '', { ...seed, api_key: 'sk-test-x', expires_at: 'soon', weight: 0 }),
    await send('POST', '', { ...seed, api_key: 'sk-test-x', key_name: 'a\r\nX-Evil: 1' }),
    await send('POST', '', { ...seed, api_key: 'sk-test-x', key_name: 'a\u0000b', expires_at: '2027-02-29' }),
    await send('PATCH', `/${id}`, { key_name: 'not \ufffd text', expires_at: '2027-04-31T10:00:00+08:00' }),
    await send('PATCH', `/${id}`, { api_key: 'sk-test-other' }),
    await send('PATCH', `/${id}`, { vendor: 'aliyun' }),
    await send('POST', `/${id}/rotate`, {}),
    await send('PATCH', '/none', { rpm: 1 }),
    await send('DELETE', '/none'),
    await send('POST', '/none/test'),
  ]
  expect(
    tries.map(({ status, json }) => [
      status,
      json.code,
      (json.errors ?? []).map((one: { field: string }) => one.field),
    ]),
  ).toEqual([
    [422, 'BAD_INPUT', ['body']],
    [422, 'BAD_INPUT', ['vendor', 'api_key']],
    [422, 'KEY_NEEDS_ADDRESS', []],
    [422, 'BAD_INPUT', ['weight', 'expires_at']],
    [422, 'BAD_INPUT', ['key_name']],
    [422, 'BAD_INPUT', ['key_name', 'expires_at']],
    [422, 'BAD_INPUT', ['key_name', 'expires_at']],
    [422, 'BAD_INPUT', ['api_key']],
    [422, 'BAD_INPUT', ['vendor']],
    [422, 'BAD_INPUT', ['api_key']],
    [404, 'KEY_NOT_FOUND', []],
    [404, 'KEY_NOT_FOUND', []],
    [404, 'KEY_NOT_FOUND', []],
  ])
  expect(tries.filter(({ text }) => text.includes('sk-test'))).toEqual([])
})
