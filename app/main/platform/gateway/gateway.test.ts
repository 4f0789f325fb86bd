import { expect, test } from 'vitest'
import { beginEvents, json, keyOf, type Script, said, startGateway, startVendor } from './test-gateway.ts'

const ok: Script = (response) => json(response, 200, said('hello'))
const failing = (status: number, error: object, headers = {}): Script => {
  return (response) => json(response, status, { error }, headers)
}

test('a chat is passed on and answered in its own words, and written down once', async () => {
  const vendor = await startVendor(ok)
  const world = await startGateway([keyOf('one', vendor.url)])
  const { status, json: answer, headers } = await world.chat({ temperature: 0.5 })
  const named = ['vendor', 'key', 'attempts'].map((name) => headers.get(`x-pilothouse-${name}`))
  expect([status, answer, named]).toEqual([200, said('hello'), ['openai-compatible', 'one', '1']])
  expect(vendor.seen).toEqual([
    {
      form: expect.any(Function),
      secret: 'sk-test-one',
      path: '/v1/chat/completions',
      body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], temperature: 0.5 },
    },
  ])

  const { uses, decisions } = await world.records()
  const id = headers.get('x-pilothouse-decision')
  const any = expect.any(Number)
  expect(uses).toEqual([
    {
      ...{ id, at: any, feature: 'chat', model: 'm', keyId: 'one', vendor: 'openai-compatible', tokenId: null },
      ...{ statusCode: 200, failed: false, inputTokens: 3, outputTokens: 2, images: 0, cost: 0, currency: 'USD' },
      ...{ unpriced: true, durationMs: any, firstTokenMs: null },
    },
  ])
  expect(decisions.map(({ decision, outcome }) => [decision.id, decision.selected?.keyId, outcome])).toEqual([
    [
      id,
      'one',
      {
        ...{ decisionId: id, statusCode: 200, durationMs: any },
        attempts: [
          {
            ...{ keyId: 'one', keyName: 'one', vendor: 'openai-compatible', model: 'm', statusCode: 200 },
            ...{ failure: null, durationMs: any },
          },
        ],
      },
    ],
  ])
})

test.each<[string, Script]>([
  ['fails', failing(500, { message: 'oops' })],
  ['has no more money', failing(429, { message: 'pay', code: 'insufficient_quota' })],
  ['asks for a pause', failing(429, { message: 'slow' }, { 'retry-after': '7' })],
  ['refuses its key', failing(401, { message: 'who' })],
  ['closes the socket', (response) => response.socket?.destroy()],
  ['answers garbage', (response) => void response.writeHead(200).end('<html>')],
  [
    'breaks off',
    (response) => void response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy()),
  ],
  ['is silent', () => {}],
])('a vendor that %s is followed by the next', async (_how, script) => {
  const vendor = await startVendor((response, seen) => (seen.secret === 'sk-test-one' ? script : ok)(response, seen))
  const keys = [keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })]
  const world = await startGateway(keys, { limits: { totalMs: 200 } })
  const { status, json: answer, headers } = await world.chat()
  expect([status, answer, headers.get('x-pilothouse-attempts')]).toEqual([200, said('hello'), '2'])
  expect(vendor.secrets()).toEqual(['sk-test-one', 'sk-test-two'])
  const { brief, failures } = await world.records()
  expect([brief, failures.map(({ keyId }) => keyId)]).toEqual([['two 200 3 2'], ['one']])
})

test('the caller’s own fault is passed on as it is; nobody else is asked', async () => {
  const error = { message: 'no such thing', type: 'invalid_request_error', param: null, code: 'nope' }
  const vendor = await startVendor(failing(400, error))
  const world = await startGateway([keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })])
  const { status, json: answer } = await world.chat()
  expect([status, answer, vendor.seen.length]).toEqual([400, { error }, 1])
  expect((await world.records()).brief).toEqual(['one 400 0 0'])
})

test('when all ask for a pause, so does the gateway, and then asks none of them', async () => {
  const vendor = await startVendor((response, { secret }) =>
    json(response, 429, { error: { message: 'slow' } }, { 'retry-after': secret === 'sk-test-one' ? '30' : '20' }),
  )
  const world = await startGateway([keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })])
  const first = await world.chat()
  const error = { type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' }
  expect([first.status, first.headers.get('retry-after'), first.json]).toEqual([
    ...[429, '20'],
    { error: { ...error, message: 'openai-compatible did not serve it (429): slow' } },
  ])
})

test('a key that was rotated lately is tried with its former secret, once', async () => {
  const vendor = await startVendor((response, { secret }) =>
    secret === 'sk-test-former' ? ok(response, {} as never) : json(response, 401, { error: { message: 'who' } }),
  )
  const former = { secret: 'sk-test-former', until: Date.now() + 60_000 }
  const world = await startGateway([keyOf('one', vendor.url, { former })])
  expect([(await world.chat()).status, vendor.secrets()]).toEqual([200, ['sk-test-one', 'sk-test-former']])
  expect((await world.records()).brief).toEqual(['one 200 3 2'])
})

test('what cannot be served says so in OpenAI’s words', async () => {
  const world = await startGateway([])
  const key = keyOf('one', 'http://127.0.0.1:9/v1', { enabled: false })
  await world.platform.keys({ reset: true, upserted: [key], removed: [] }, {} as never)
  const unknown = await world.chat({ model: 'gpt-99' })
  expect([unknown.status, unknown.json.error.code]).toEqual([404, 'MODEL_UNKNOWN'])
  for (const model of ['auto', 'chat', 'm']) {
    const { status, json: answer } = await world.chat({ model })
    expect([status, answer.error.code, answer.error.message]).toEqual([
      ...[503, 'NO_CANDIDATE'],
      expect.stringContaining('Nothing can serve chat now: one: disabled'),
    ])
  }
  const wrong = await world.send('POST', '/v1/chat/completions', '[1]')
  expect([wrong.status, wrong.json.error.code]).toEqual([400, 'BAD_INPUT'])
  expect((await world.records()).brief).toEqual([' 404 0 0', ' 503 0 0', ' 503 0 0', ' 503 0 0'])
})

test('an answer that is too large is cut and told', async () => {
  const vendor = await startVendor((response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"a":"${'x'.repeat(5000)}"}`)
  })
  const world = await startGateway([keyOf('one', vendor.url)], { limits: { bytes: 4000 } })
  const { status, json: answer } = await world.chat()
  expect([status, answer.error.message]).toEqual([502, expect.stringContaining('its answer is larger than')])
})

test('a caller that hangs up takes the vendor’s call along', async () => {
  let asked = () => {}
  const begun = new Promise<void>((resolve) => {
    asked = resolve
  })
  const vendor = await startVendor(() => asked())
  const world = await startGateway([keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })])
  const controller = new AbortController()
  const call = fetch(`${world.url}/v1/chat/completions`, {
    ...{ method: 'POST', body: '{"messages":[]}', headers: { 'content-type': 'application/json' } },
    signal: controller.signal,
  }).catch((error) => error.name)
  await begun
  controller.abort()
  expect(await call).toBe('AbortError')
  await vendor.hungUp()
  const { brief, failures } = await world.records()
  expect([brief, failures, vendor.seen.length]).toEqual([['one 499 1 0'], [], 1])
})

test('models, embeddings, and the figures', async () => {
  const vendor = await startVendor((response, { path, body }) => {
    if (path === '/v1/models') return void json(response, 200, { data: [{ id: 'm' }, { id: 'x' }] })
    json(response, 200, { data: [{ index: 0, embedding: [1, 2], model: body['model'] }], usage: { total_tokens: 7 } })
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { json: models } = await world.send('GET', '/v1/models')
  const model = (id: string, owner: string) => ({ id, object: 'model', created: 0, owned_by: owner })
  expect(models).toEqual({
    object: 'list',
    data: [
      ...[model('chat', 'pilothouse'), model('m', 'openai-compatible')],
      ...[model('embedding', 'pilothouse'), model('e', 'openai-compatible')],
    ],
  })
  const vectors = await world.send('POST', '/v1/embeddings', { model: 'e', input: 'hi' })
  expect(vectors.json.data).toEqual([{ index: 0, embedding: [1, 2], model: 'e' }])
  const neutral = await world.send('POST', '/api/v1/embedding', { text: 'hi' })
  expect(neutral.json).toEqual({
    ...{ id: neutral.headers.get('x-request-id'), feature: 'embedding', vendor: 'openai-compatible', model: 'e' },
    ...{ output: { embeddings: [[1, 2]] }, usage: { input_tokens: 7, output_tokens: 0, images: 0 } },
    decision_id: neutral.headers.get('x-pilothouse-decision'),
  })
  const { text } = await world.send('GET', '/metrics')
  for (const line of [
    'pilothouse_gateway_requests_total{feature="embedding",vendor="openai-compatible",status="200"} 2',
    'pilothouse_gateway_tokens_total{direction="input"} 14',
    'pilothouse_router_decisions_total{feature="embedding",result="selected"} 2',
    'pilothouse_keys{state="ready"} 1',
  ])
    expect(text).toContain(line)
  const test = await world.platform.testKey(keyOf('one', vendor.url), {} as never)
  expect(test).toMatchObject({ ok: true, statusCode: 200, models: ['m', 'x'], failure: null })
})

test('a stream that does not begin is followed by the next', async () => {
  const vendor = await startVendor((response, { secret }) => {
    if (secret === 'sk-test-two') return void ok(response, {} as never)
    beginEvents(response)
    response.end('data: {"error":{"message":"overloaded"}}\n\n')
  })
  const world = await startGateway([keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })])
  const { status, text } = await world.chat({ stream: true })
  expect([status, text.includes('"delta":{"role":"assistant","content":"hello"}'), vendor.secrets()]).toEqual([
    200,
    true,
    ['sk-test-one', 'sk-test-two'],
  ])
})
