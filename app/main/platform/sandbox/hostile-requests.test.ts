import { get as httpGet } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cpuMs } from '../../../../tests/lib/cpu-time.ts'
import { sampleOf } from './sample-arguments.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

let sandbox: Sandbox
let url: string
beforeEach(async () => {
  sandbox = createSandbox()
  url = (await sandbox.listen()).url
})
afterEach(() => sandbox.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const messages = [{ role: 'user', content: 'Hello' }]
const tool = { type: 'function', function: { name: 'tides' } }
/** Of which neither a number nor a text can be made. */
const odd = { toString: 1, valueOf: 1 }

test('members that are neither a number nor a text are refused or passed over, and end nothing', async () => {
  const chat = '/v1/chat/completions'
  const answers = [
    await post(chat, { messages, n: odd, max_tokens: odd, model: odd }),
    await post(chat, { messages, n: odd }, { 'x-sandbox': 'slow-1' }),
    await post('/v1/images/generations', { prompt: 'p', size: odd, n: odd }),
    await post('/v1/audio/speech', { input: 'hi', voice: odd, model: odd }),
    await post('/v1/embeddings', { input: [[odd, 1]] }),
    await post('/v1/rerank', { query: odd, documents: ['a'] }),
    await post('/api/v1/services/rerank/text-rerank/text-rerank', { input: 'x'.repeat(1000), parameters: odd }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 200, 200, 400, 400])
})

test('what cannot be answered after all is a failure of the sandbox, also when it comes late', async () => {
  // A default that is too deep to be written again.
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const format = `{"type":"json_schema","json_schema":{"schema":{"default":${deep}}}}`
  const body = `{"messages":${JSON.stringify(messages)},"response_format":${format}}`
  for (const headers of [{}, { 'x-sandbox': 'slow-1' }] as Record<string, string>[]) {
    const { status } = await post('/v1/chat/completions', body, headers)
    expect(status).toBe(500)
  }
  expect((await post('/v1/chat/completions', { messages })).status).toBe(200)
})

test('a schema that names one member often, or is wide at every depth, gets an answer of bounded size', () => {
  let often: unknown = { type: 'string' }
  for (let depth = 0; depth < 6; depth++) {
    often = { type: 'object', properties: { a: often }, required: Array.from({ length: 50 }, () => 'a') }
  }
  expect(JSON.stringify(sampleOf(often, 'x'))).toBe('{"a":{"a":{"a":{"a":{"a":{"a":"x"}}}}}}')
  const names = Array.from({ length: 50 }, (_, at) => `m${at}`)
  let wide: unknown = { type: 'string' }
  for (let depth = 0; depth < 6; depth++) {
    const inner = wide
    wide = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, inner])), required: names }
  }
  expect(JSON.stringify(sampleOf(wide, 'x')).split(':').length).toBeLessThan(2500)
})

test('long names, long reports and many tokens are cut before they are repeated', async () => {
  const name = 'n'.repeat(1_000_000)
  const tools = [{ type: 'function', function: { name, parameters: { const: 'c'.repeat(1_000_000) } } }]
  const called = await post('/v1/chat/completions', { model: name, messages, tools, n: 8, stream: true })
  expect((await called.text()).length).toBeLessThan(20_000)
  const results = Array.from({ length: 5000 }, () => ({ role: 'tool', content: 'word '.repeat(80) }))
  const begun = cpuMs()
  const told = await post('/v1/chat/completions', { messages: [...messages, ...results], max_tokens: 1_000_000 })
  expect((await told.text()).length).toBeLessThan(20_000)
  expect(cpuMs() - begun).toBeLessThan(1000)
})

test('more numbers than it makes at once are refused', async () => {
  const ask = async (count: number, dimensions: number) =>
    (await post('/v1/embeddings', { input: Array.from({ length: count }, () => 'a'), dimensions })).status
  expect([await ask(2048, 4096), await ask(1025, 256), await ask(1024, 256), await ask(64, 4096)]).toEqual([
    ...[400, 400, 200, 200],
  ])
})

test('pages of other sites are not answered, whatever name of theirs leads here', async () => {
  const named = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      httpGet(`${url}/v1/models`, { headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).on('error', reject)
    })
  const { host } = new URL(url)
  const port = host.split(':')[1]!
  expect([
    await named({ host: 'rebound.example.test' }),
    await named({ origin: 'http://page.example.test' }),
    await named({ host: `localhost:${port}` }),
    await named({ host }),
  ]).toEqual([403, 403, 200, 200])
})

test('a chat that OpenAI would refuse is refused, in words that say what is wrong', async () => {
  const ask = async (body: object) => {
    const answer = await post('/v1/chat/completions', body)
    const { error } = (await answer.json()) as { error?: { message: string; param: string | null } }
    return [answer.status, error?.message ?? null, error?.param ?? null]
  }
  expect([
    await ask({}),
    await ask({ messages: [] }),
    await ask({ messages: [...messages, { role: 'king', content: 'a' }] }),
    await ask({ messages, tools: 'x' }),
    await ask({ messages, max_tokens: -1 }),
    await ask({ messages, n: 0 }),
    await ask({ messages, n: 129 }),
    await ask({ messages, tools: [tool, { type: 'function' }] }),
    await ask({ messages, tools: [{ ...tool, type: 'retrieval' }] }),
    await ask({ messages, tools: ['tides'] }),
    await ask({ messages, temperature: 2.1 }),
    await ask({ messages, temperature: '1' }),
    await ask({ messages, stream: 'yes' }),
    await ask({ messages, n: 128, temperature: 2, tools: [tool] }),
    await ask({ messages, max_tokens: null, n: 1, temperature: null }),
  ]).toEqual([
    [400, 'messages is required.', 'messages'],
    [400, 'messages is no list of messages.', 'messages'],
    [400, 'messages[1] has no role that is known.', 'messages[1]'],
    [400, 'tools is no list.', 'tools'],
    [400, 'max_tokens is no whole number from 1 on.', 'max_tokens'],
    [400, 'n is no whole number from 1 to 128.', 'n'],
    [400, 'n is no whole number from 1 to 128.', 'n'],
    [400, 'tools[1] is no function with a name.', 'tools[1]'],
    [400, 'tools[0] is no function with a name.', 'tools[0]'],
    [400, 'tools[0] is no function with a name.', 'tools[0]'],
    [400, 'temperature is no number from 0 to 2.', 'temperature'],
    [400, 'temperature is no number from 0 to 2.', 'temperature'],
    [400, 'stream is not true or false.', 'stream'],
    [200, null, null],
    [200, null, null],
  ])
})

test('so are images and embeddings that OpenAI would refuse', async () => {
  const ask = async (path: string, body: object) => {
    const answer = await post(path, body)
    const { error } = (await answer.json()) as { error?: { message: string } }
    return `${answer.status} ${error?.message ?? ''}`
  }
  const images = (body: object) => ask('/v1/images/generations', { prompt: 'a boat', ...body })
  const embeddings = (body: object) => ask('/v1/embeddings', { input: 'a boat', ...body })
  const n = '400 n is no whole number from 1 to 10.'
  const dimensions = '400 dimensions is no whole number from 1 to 4096.'
  expect([
    ...[await images({ n: 0 }), await images({ n: 11 }), await images({ n: 1.5 }), await images({ n: 10 })],
    ...[
      await embeddings({ dimensions: 0 }),
      await embeddings({ dimensions: '2' }),
      await embeddings({ dimensions: 1 }),
    ],
  ]).toEqual([n, n, n, '200 ', dimensions, dimensions, '200 '])
})

test('what is asked at a path that is none, by a method or a page that is none, is told so, and of no order to fail', async () => {
  const told = async (answer: Response) => [answer.status, await answer.text(), answer.headers.get('allow')] as const
  const submit = '/api/v1/services/aigc/text2image/image-synthesis'
  const answers = [
    await told(await fetch(`${url}/v1/nothing`)),
    await told(await post('/v1/nothing', {})),
    await told(await post('/api/v1/nothing', {})),
    await told(await fetch(`${url}/v1/models`, { method: 'DELETE' })),
    await told(await fetch(`${url}/v1/models`, { headers: { origin: 'http://page.example.test' } })),
    await told(await post(submit, { model: 'm', input: { prompt: 'p' } })),
    await told(await post('/v1/chat/completions', { messages }, { 'x-sandbox': 'fail-403' })),
    await told(await post('/v1/chat/completions', { messages }, { 'x-sandbox': 'fail-404' })),
  ]
  expect(answers).toEqual([
    [404, expect.stringContaining('"Unknown path: GET /v1/nothing."'), null],
    [404, expect.stringContaining('"Unknown path: POST /v1/nothing."'), null],
    [404, expect.stringMatching(/"code":"InvalidParameter","message":"Unknown path: POST \/api\/v1\/nothing\."/), null],
    [405, expect.stringContaining('"DELETE is not answered here."'), 'GET, HEAD, POST'],
    [403, expect.stringContaining('Requests of web pages'), null],
    [403, expect.stringContaining('X-DashScope-Async: enable'), null],
    [403, expect.stringContaining('was told to fail with 403'), null],
    [404, expect.stringContaining('The model does not exist.'), null],
  ])
})
