import { describe, expect, test } from 'vitest'
import { retiringModels } from './openai-dialect.ts'
import { vendors } from './vendors.ts'

const key = { baseUrl: 'https://a.test', secret: 'sk-test-1' }
const { openai, aliyun, 'openai-compatible': compatible, sandbox } = vendors
const jsonHeaders = {
  accept: 'application/json, text/event-stream',
  authorization: 'Bearer sk-test-1',
  'content-type': 'application/json',
}

describe('requests', () => {
  test('base URLs with and without a version are the same place', () => {
    const urls = (baseUrl: string) => openai.request('chat', { ...key, baseUrl }, 'gpt-4.1', {}).url
    expect(['https://a.test', 'https://a.test/', 'https://a.test/v1', 'https://a.test/x/v4/'].map(urls)).toEqual([
      'https://a.test/v1/chat/completions',
      'https://a.test/v1/chat/completions',
      'https://a.test/v1/chat/completions',
      'https://a.test/x/v4/chat/completions',
    ])
    const aliyuns = ['', '/', '/compatible-mode/v1', '/api/v1', '/compatible-mode', '/v1'].map(
      (path) => aliyun.listModels({ ...key, baseUrl: `https://a.test${path}` }).url,
    )
    expect(new Set(aliyuns)).toEqual(new Set(['https://a.test/compatible-mode/v1/models']))
  })

  test('the model is in the body, and a server without sign-in gets no authorization', () => {
    const body = { model: 'alias', messages: [{ role: 'user', content: 'hi' }], stream: true }
    expect(openai.request('chat', key, 'gpt-4.1', body)).toEqual({
      method: 'POST',
      url: 'https://a.test/v1/chat/completions',
      headers: jsonHeaders,
      body: '{"model":"gpt-4.1","messages":[{"role":"user","content":"hi"}],"stream":true}',
    })
    expect(compatible.listModels({ baseUrl: 'http://127.0.0.1:11434', secret: '' })).toEqual({
      method: 'GET',
      url: 'http://127.0.0.1:11434/v1/models',
      headers: { accept: 'application/json' },
      body: null,
    })
    expect(sandbox.request('rerank', key, 'm', { query: 'q' }).url).toBe('https://a.test/v1/rerank')
  })

  test('images of OpenAI go without the format that its models refuse', () => {
    const request = openai.request('images', key, 'gpt-image', { prompt: 'a boat', response_format: 'url', n: 2 })
    expect(request.body).toBe('{"prompt":"a boat","n":2,"model":"gpt-image"}')
  })

  test('DashScope: an image model of today answers at once, one of yesterday by a task', () => {
    const body = { prompt: 'a boat', size: '1024x768', n: 2, negative_prompt: 'fog', quality: 'high' }
    expect(aliyun.request('images', key, 'qwen-image-2.0', body)).toEqual({
      method: 'POST',
      url: 'https://a.test/api/v1/services/aigc/multimodal-generation/generation',
      headers: jsonHeaders,
      body: JSON.stringify({
        model: 'qwen-image-2.0',
        input: { messages: [{ role: 'user', content: [{ text: 'a boat' }] }] },
        parameters: { negative_prompt: 'fog', size: '1024*768', n: 2 },
      }),
    })
    const tasks = ['wanx-v1', 'wanx2.1-t2i-turbo', 'wan2.2-t2i-flash', 'wan2.5-t2i-preview', 'wan2.6-t2i', 'qwen-image']
    expect(tasks.map((model) => aliyun.task(model) !== null)).toEqual([true, true, true, true, false, false])
    const task = aliyun.task('wanx2.1-t2i-turbo')!
    expect([task.submit(key, 'wanx2.1-t2i-turbo', body), task.poll(key, 'a/b').url]).toEqual([
      {
        method: 'POST',
        url: 'https://a.test/api/v1/services/aigc/text2image/image-synthesis',
        headers: { ...jsonHeaders, 'x-dashscope-async': 'enable' },
        body: JSON.stringify({
          model: 'wanx2.1-t2i-turbo',
          input: { prompt: 'a boat', negative_prompt: 'fog' },
          parameters: { size: '1024*768', n: 2 },
        }),
      },
      'https://a.test/api/v1/tasks/a%2Fb',
    ])
  })

  test('DashScope ranks in its own dialect and talks in OpenAI’s', () => {
    const ranking = aliyun.request('rerank', key, 'gte-rerank-v2', { query: 'q', documents: ['a'], top_n: 1 })
    expect([ranking.url, JSON.parse(String(ranking.body!)), aliyun.request('embeddings', key, 'm', {}).url]).toEqual([
      'https://a.test/api/v1/services/rerank/text-rerank/text-rerank',
      { model: 'gte-rerank-v2', input: { query: 'q', documents: ['a'] }, parameters: { top_n: 1 } },
      'https://a.test/compatible-mode/v1/embeddings',
    ])
  })
})

describe('answers', () => {
  test('ids of models are read once each, and nonsense is no list', () => {
    const list = { object: 'list', data: [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { name: 'c' }, null] }
    expect([openai.modelIds(list), openai.modelIds({ data: 'x' }), aliyun.modelIds(null)]).toEqual([
      ['a', 'b'],
      null,
      null,
    ])
  })

  test('use is what the vendor counted, and nothing where it is nonsense', () => {
    expect([
      openai.use('chat', { usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } }),
      openai.use('embeddings', { usage: { total_tokens: 5 } }),
      openai.use('images', { data: [{ b64_json: 'QQ==' }, {}], usage: { input_tokens: 9, output_tokens: 100 } }),
      openai.use('chat', { usage: { prompt_tokens: -1, completion_tokens: 1e300 } }),
      aliyun.use('images', { usage: { image_count: 2 } }),
    ]).toEqual([
      { inputTokens: 3, outputTokens: 4, images: 0 },
      { inputTokens: 5, outputTokens: 0, images: 0 },
      { inputTokens: 9, outputTokens: 100, images: 1 },
      { inputTokens: 0, outputTokens: 0, images: 0 },
      { inputTokens: 0, outputTokens: 0, images: 2 },
    ])
  })

  test('images and rankings of DashScope are put into OpenAI’s shape', () => {
    const image = (url: string) => ({ finish_reason: 'stop', message: { content: [{ image: url }] } })
    expect(
      aliyun.answer('images', { output: { choices: [image('https://i.test/1'), image('https://i.test/2')] } }),
    ).toEqual({ created: expect.any(Number), data: [{ url: 'https://i.test/1' }, { url: 'https://i.test/2' }] })
    const results = [{ index: 1, relevance_score: 0.9 }]
    expect(aliyun.answer('rerank', { output: { results }, usage: { total_tokens: 12 }, request_id: 'r' })).toEqual({
      results,
      usage: { total_tokens: 12 },
    })
  })

  test('a task runs, succeeds in part, fails, and is forgotten', () => {
    const task = aliyun.task('wanx-v1')!
    const state = (output: { readonly [name: string]: string | readonly object[] }) =>
      task.state({ output } as Parameters<typeof task.state>[0])
    expect(task.taskId({ output: { task_id: 't1', task_status: 'PENDING' }, request_id: 'r' })).toBe('t1')
    expect(['PENDING', 'RUNNING', 'SUSPENDED'].map((task_status) => state({ task_status }).kind)).toEqual([
      'running',
      'running',
      'running',
    ])
    const refused = { code: 'InternalError.Timeout', message: 'An internal timeout error occurred.' }
    expect(state({ task_status: 'SUCCEEDED', results: [{ url: 'https://i.test/1' }, refused] })).toEqual({
      kind: 'succeeded',
      result: {
        created: expect.any(Number),
        data: [{ url: 'https://i.test/1' }],
        failures: [{ index: 1, ...refused }],
      },
      use: { inputTokens: 0, outputTokens: 0, images: 1 },
    })
    const failures = [
      state({ task_status: 'SUCCEEDED', results: [refused] }),
      state({ task_status: 'SUCCEEDED', results: [] }),
      state({ task_status: 'FAILED', code: 'DataInspectionFailed', message: 'Inappropriate content.' }),
      state({ task_status: 'UNKNOWN' }),
      state({ task_status: 'CANCELED' }),
      state({}),
    ]
    expect(failures.map((one) => (one.kind === 'failed' ? [one.failure.kind, one.failure.message] : one))).toEqual([
      ['vendor', 'An internal timeout error occurred.'],
      ['garbage', 'The task succeeded without an image.'],
      ['caller', 'Inappropriate content.'],
      ['caller', 'The vendor no longer knows the task.'],
      ['caller', 'The task was cancelled at the vendor.'],
      ['garbage', 'The vendor did not say how the task stands.'],
    ])
  })
})

describe('failures', () => {
  const kind = (status: number, body: object | string, vendor = openai) =>
    vendor.failure(status, {}, typeof body === 'string' ? body : JSON.stringify(body)).kind
  const error = (code: string | null, type = 'x') => ({ error: { message: 'm', type, param: null, code } })
  const own = (code: string, message = 'm') => ({ code, message, request_id: 'r' })

  test('mean for a key what the routing rules say', () => {
    expect([
      kind(401, error('invalid_api_key')),
      kind(403, error(null)),
      kind(402, error(null)),
      kind(429, error('insufficient_quota')),
      kind(429, error('credit_balance_exhausted', 'insufficient_quota')),
      kind(400, error('billing_hard_limit_reached')),
      kind(429, error('rate_limit_exceeded')),
      kind(429, 'slow down'),
      ...[400, 404, 409, 413, 422].map((status) => kind(status, error(null))),
      kind(408, ''),
      ...[500, 502, 503, 529].map((status) => kind(status, '<html>Bad Gateway</html>')),
      kind(302, ''),
    ]).toEqual([
      ...['bad-key', 'bad-key', 'quota', 'quota', 'quota', 'quota', 'rate-limit', 'rate-limit'],
      ...['caller', 'caller', 'caller', 'caller', 'caller', 'timeout'],
      ...['vendor', 'vendor', 'vendor', 'vendor', 'garbage'],
    ])
  })

  test('of DashScope are read by their codes', () => {
    expect([
      kind(401, own('InvalidApiKey'), aliyun),
      kind(400, own('Arrearage'), aliyun),
      kind(403, own('AllocationQuota.FreeTierOnly'), aliyun),
      kind(429, own('Throttling.AllocationQuota', 'Free allocated quota exceeded.'), aliyun),
      kind(429, own('Throttling.AllocationQuota', 'Allocated quota exceeded.'), aliyun),
      kind(400, own('Throttling.RateQuota'), aliyun),
      kind(400, own('Throttling'), aliyun),
      // Its word for a limit of tokens a minute, under compatible-mode.
      kind(429, error('insufficient_quota', 'insufficient_quota'), aliyun),
      kind(400, own('DataInspectionFailed'), aliyun),
      kind(500, own('InternalError'), aliyun),
    ]).toEqual([
      ...['bad-key', 'quota', 'quota', 'quota', 'rate-limit', 'rate-limit', 'rate-limit', 'rate-limit'],
      ...['caller', 'vendor'],
    ])
  })

  test('say how long to stay away: in seconds, as a date by the vendor’s clock, at most a day', () => {
    const pause = (headers: Record<string, string>) => openai.failure(429, headers, '').retryAfterMs
    const date = 'Fri, 27 Nov 2026 10:00:00 GMT'
    expect([
      pause({ 'retry-after': '2' }),
      pause({ 'retry-after': '0.5' }),
      pause({ 'retry-after-ms': '1500', 'retry-after': '2' }),
      pause({ 'retry-after': 'Fri, 27 Nov 2026 10:00:30 GMT', date }),
      pause({ 'retry-after': 'Fri, 27 Nov 2026 09:00:00 GMT', date }),
      pause({ 'retry-after': '99999999' }),
      pause({ 'retry-after': 'soon' }),
      pause({ 'retry-after': '-5' }),
      pause({}),
    ]).toEqual([2000, 500, 1500, 30_000, 0, 86_400_000, null, null, null])
  })

  test('keep the vendor’s words, short, in one line and without secrets', () => {
    const said = (body: object | string) =>
      openai.failure(400, {}, typeof body === 'string' ? body : JSON.stringify(body))
    expect(
      said({ error: { message: 'Incorrect API key provided: sk-test-abcdefghijkl.', type: 'auth', code: 17 } }),
    ).toEqual({
      kind: 'caller',
      retryAfterMs: null,
      message: 'Incorrect API key provided: ***.',
      type: 'auth',
      code: '17',
    })
    expect([
      said({ error: 'model "x" not found' }).message,
      said({ detail: [{ loc: ['body'], msg: 'required' }] }).message,
      said('<html><head><style>a{}</style></head>\n<h1>502\u0000 Bad Gateway</h1></html>').message,
      said('').message,
      said('x'.repeat(9000)).message.length,
    ]).toEqual(['model "x" not found', '[{"loc":["body"],"msg":"required"}]', '502 Bad Gateway', 'HTTP 400', 500])
  })
})

test('the last day of a model is read where its vendor tells it, and only if there is such a day', () => {
  const data = [
    { id: 'later', shutdown_date: '2027-01-31' },
    { id: 'soon', deprecation: '2026-12-01T00:00:00Z' },
    { id: 'router', expiration_date: '2026-12-24' },
    { id: 'seconds', shutdown_date: Date.UTC(2026, 11, 25, 23) / 1000 },
    { id: 'milliseconds', deprecation: Date.UTC(2026, 11, 26) },
    { id: 'digits', expiration_date: String(Date.UTC(2026, 11, 27) / 1000) },
    { id: 'long ago', shutdown_date: 0 },
    { id: 'never', shutdown_date: 9e99 },
    ...[
      { id: 'stays', shutdown_date: null },
      { id: 'odd', shutdown_date: '2026-02-31' },
      { id: 'word', deprecation: 'no' },
    ],
    ...[{ shutdown_date: '2026-12-01' }, null, 7],
  ]
  expect([retiringModels({ data }), retiringModels({ data: {} }), retiringModels(null)]).toEqual([
    [
      { model: 'soon', on: '2026-12-01' },
      { model: 'router', on: '2026-12-24' },
      { model: 'seconds', on: '2026-12-25' },
      { model: 'milliseconds', on: '2026-12-26' },
      { model: 'digits', on: '2026-12-27' },
      { model: 'later', on: '2027-01-31' },
    ],
    ...[[], []],
  ])
})
