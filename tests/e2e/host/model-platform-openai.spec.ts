import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@playwright/test'
import OpenAI from 'openai'
import { createSandbox, type Sandbox } from '../../../app/main/platform/sandbox/sandbox.ts'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { withConsole } from '../../lib/running-console.ts'

// What OpenAI's own client does with OpenAI has to work with the gateway, by its address alone.

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
let console_: ConsoleProcess
let sandbox: Sandbox
let moody: Server
let asked: number[] = []
let url: string

/** As a vendor of three keys: one whose models fail on demand, one that asks for a pause once, one with long jobs. */
test.beforeAll(async () => {
  const base = await freePorts(6)
  console_ = await startConsole({ platform: ['--port-base', String(base)], env })
  url = `http://127.0.0.1:${base}`
  sandbox = createSandbox()
  const vendor = (await sandbox.listen()).url
  moody = createServer((_request, response) => {
    asked.push(Date.now())
    if (asked.length === 1) {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' })
      response.end('{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}')
    } else {
      response.writeHead(200, { 'content-type': 'application/json' })
      const choice = { index: 0, message: { role: 'assistant', content: 'Now.' }, finish_reason: 'stop' }
      response.end(JSON.stringify({ id: 'c', object: 'chat.completion', model: 'moody', choices: [choice] }))
    }
  }).listen(0, '127.0.0.1')
  await once(moody, 'listening')
  const moodyUrl = `http://127.0.0.1:${(moody.address() as AddressInfo).port}/v1`

  const key = (vendorName: string, service: string, base_url: string) =>
    send('POST', '/api/v1/keys', {
      ...{ vendor: vendorName, service, key_name: service, api_key: `sk-test-${service}`, base_url },
    })
  await key('openai-compatible', 'lab', `${vendor}/v1`)
  await key('openai-compatible', 'moody', moodyUrl)
  await key('aliyun', 'wanx', vendor)
  const lab = (model: string) => ({ vendor: 'openai-compatible', service: 'lab', model, tier: 'lab' })
  const candidates = [
    { vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat' },
    ...[lab('strict:fail-400'), lab('slow:slow-stream'), lab('short:cut-stream'), lab('silent:hang')],
    { vendor: 'openai-compatible', service: 'moody', model: 'moody', tier: 'lab' },
  ]
  await send('PUT', '/api/v1/features/chat', { candidates })
})
test.afterAll(async () => {
  moody?.closeAllConnections()
  moody?.close()
  if (console_?.child.exitCode === null) await console_.stop()
  await sandbox?.close()
})

async function send(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
}
const client = (apiKey = 'none', maxRetries = 0) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries, timeout: 20_000 })
const hello = [{ role: 'user' as const, content: 'Hello there' }]
const answered = 'This is the sandbox model. You said: "Hello there".'
/** What the client makes of a failure. */
const failure = (call: PromiseLike<unknown>) =>
  Promise.resolve(call).then(
    () => 'nothing failed',
    (error: InstanceType<typeof OpenAI.APIError>) => ({
      name: error.constructor.name,
      status: error.status,
      code: error.code,
    }),
  )

const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'The weather at a place',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  },
}

test('a chat, whole and streamed', async () => {
  const whole = await client().chat.completions.create({ model: 'sandbox-chat', messages: hello })
  expect(whole.choices).toMatchObject([{ finish_reason: 'stop', message: { role: 'assistant' } }])
  const text = whole.choices[0]!.message.content!
  expect(text).toContain(answered)
  expect(whole.usage!.total_tokens).toBe(whole.usage!.prompt_tokens + whole.usage!.completion_tokens)

  const stream = await client().chat.completions.create({ model: 'chat', messages: hello, stream: true })
  const parts: string[] = []
  let usage = 0
  for await (const chunk of stream) {
    parts.push(chunk.choices[0]?.delta.content ?? '')
    if (chunk.usage) usage++
  }
  // Counted for the bill, and told only to those who asked.
  expect([parts.join(''), parts.length > 5, usage]).toEqual([text, true, 0])

  const told = client().chat.completions.stream({
    ...{ model: 'sandbox-chat', messages: hello, stream_options: { include_usage: true } },
  })
  const final = await told.finalChatCompletion()
  expect([final.choices[0]!.message.content, final.usage]).toEqual([text, whole.usage])
})

test('tools: asked for, called, told, answered', async () => {
  const first = await client().chat.completions.create({ model: 'sandbox-chat', messages: hello, tools: [weather] })
  const { message, finish_reason } = first.choices[0]!
  const call = message.tool_calls![0]!
  expect([finish_reason, call.type === 'function' && call.function.name]).toEqual(['tool_calls', 'weather'])
  const second = await client().chat.completions.create({
    model: 'sandbox-chat',
    messages: [...hello, message, { role: 'tool', tool_call_id: call.id, content: 'Rain in Husum' }],
    tools: [weather],
  })
  expect(second.choices[0]!.message.content).toBe('The tool answered: Rain in Husum')

  // The client's own loop, streamed.
  const places: string[] = []
  const runner = client().chat.completions.runTools({
    ...{ model: 'sandbox-chat', messages: hello, stream: true },
    tools: [
      {
        type: 'function',
        function: {
          ...weather.function,
          parse: JSON.parse,
          function: ({ place }: { place: string }) => {
            places.push(place)
            return 'Rain'
          },
        },
      },
    ],
  })
  expect([await runner.finalContent(), places.length]).toEqual(['The tool answered: Rain', 1])
})

test('embeddings as numbers, and as the client wants them unless told otherwise', async () => {
  const ask = { model: 'sandbox-embedding', input: ['high water', 'low water'] }
  const plain = await client().embeddings.create({ ...ask, encoding_format: 'float' })
  const usual = await client().embeddings.create(ask)
  expect(plain.data.map(({ embedding }) => embedding.length)).toEqual([256, 256])
  expect(usual.data.map(({ embedding }) => Array.from(embedding))).toEqual(plain.data.map(({ embedding }) => embedding))
  expect(usual.usage.total_tokens).toBeGreaterThan(0)
})

test('images at once, and those that a vendor takes its time for', async () => {
  const made = await client().images.generate({ model: 'sandbox-image', prompt: 'a cat', n: 2 })
  const pictures = made.data!.map(({ b64_json }) => Buffer.from(b64_json!, 'base64').toString('latin1', 1, 4))
  expect(pictures).toEqual(['PNG', 'PNG'])
  const begun = sandbox.counts().tasks
  const late = await client().images.generate({ model: 'wan2.2-t2i-flash', prompt: 'a cat', size: '1024x1024' })
  expect([late.data!.length, sandbox.counts().tasks - begun]).toEqual([1, 1])
  const picture = await fetch(late.data![0]!.url!)
  expect(picture.headers.get('content-type')).toBe('image/png')
})

test('the models there are', async () => {
  const ids: string[] = []
  for await (const model of client().models.list()) ids.push(model.id)
  expect(ids).toEqual(expect.arrayContaining(['chat', 'sandbox-chat', 'moody', 'wan2.2-t2i-flash', 'sandbox-image']))
  expect(await client().models.retrieve('sandbox-chat')).toMatchObject({ id: 'sandbox-chat', object: 'model' })
  expect(await failure(client().models.retrieve('gpt-99'))).toMatchObject({ name: 'NotFoundError', status: 404 })
})

test('what fails is the failure that the client knows', async () => {
  const chat = (model: string) => client().chat.completions.create({ model, messages: hello })
  expect(await failure(chat('gpt-99'))).toMatchObject({ name: 'NotFoundError', status: 404 })
  expect(await failure(chat('strict:fail-400'))).toMatchObject({ name: 'BadRequestError', status: 400 })
  // Without messages: the vendor's own word, passed on.
  const none = client().chat.completions.create({ model: 'sandbox-chat', messages: [] })
  expect(await failure(none)).toMatchObject({ name: 'BadRequestError', status: 400 })

  const broken = await client().chat.completions.create({ model: 'short:cut-stream', messages: hello, stream: true })
  let chunks = 0
  const reading = (async () => {
    for await (const _chunk of broken) chunks++
  })()
  expect([await failure(reading), chunks > 0]).toEqual([
    { name: 'APIError', status: undefined, code: expect.any(String) },
    true,
  ])
})

test('a pause that is asked for is passed on, and the client waits for it', async () => {
  const chat = (maxRetries: number) =>
    client('none', maxRetries).chat.completions.create({ model: 'moody', messages: hello })
  asked = []
  expect(await failure(chat(0))).toEqual({ name: 'RateLimitError', status: 429, code: 'rate_limit_exceeded' })
  asked = []
  const waited = await chat(1)
  expect([waited.choices[0]!.message.content, asked.length]).toEqual(['Now.', 2])
  expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(1000)
})

test('a caller that goes is let go, streamed or not', async () => {
  const stream = await client().chat.completions.create({ model: 'slow:slow-stream', messages: hello, stream: true })
  for await (const _chunk of stream) break
  const controller = new AbortController()
  const silent = client().chat.completions.create(
    { model: 'silent:hang', messages: hello },
    { signal: controller.signal },
  )
  setTimeout(() => controller.abort(), 200)
  expect(await failure(silent)).toMatchObject({ name: 'APIUserAbortError' })
  await expect(async () => {
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain(
      'pilothouse_gateway_requests_total{feature="chat",vendor="openai-compatible",status="499"} 2',
    )
  }).toPass()
})

test('with tokens: who has none is kept out, and each token opens what it says', async () => {
  const facts = { rpm: null, tpm: null, expiresAt: null }
  const all = { features: null, models: null, plugins: null }
  const made = await withConsole(console_.data, async (rpc) => {
    await rpc.settings.set({ openLocalMode: false })
    const whole = await rpc.gateway.createToken({ ...facts, name: 'whole', scopes: all })
    const chat = await rpc.gateway.createToken({ ...facts, name: 'chat', scopes: { ...all, features: ['chat'] } })
    const model = await rpc.gateway.createToken({
      ...facts,
      name: 'model',
      scopes: { ...all, models: ['sandbox-chat'] },
    })
    const rare = await rpc.gateway.createToken({ ...facts, name: 'rare', rpm: 1, scopes: all })
    return { whole, chat, model, rare }
  })
  const chat = (token: string, model = 'sandbox-chat') =>
    client(token).chat.completions.create({ model, messages: hello })
  const draw = (token: string) => client(token).images.generate({ model: 'sandbox-image', prompt: 'a cat' })
  await expect.poll(() => failure(chat('none'))).toMatchObject({ name: 'AuthenticationError', status: 401 })
  expect(await failure(chat('ph_wrong'))).toMatchObject({ name: 'AuthenticationError', status: 401 })

  expect((await chat(made.whole.token)).choices[0]!.message.content).toContain(answered)
  expect((await draw(made.whole.token)).data).toHaveLength(1)
  expect((await chat(made.chat.token)).choices).toHaveLength(1)
  expect(await failure(draw(made.chat.token))).toMatchObject({ name: 'PermissionDeniedError', status: 403 })
  expect((await chat(made.model.token)).choices).toHaveLength(1)
  expect(await failure(chat(made.model.token, 'moody'))).toMatchObject({ name: 'PermissionDeniedError', status: 403 })
  // Only what it may ask is shown.
  expect((await client(made.model.token).models.list()).data.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['sandbox-chat']),
  )
  expect((await client(made.chat.token).models.list()).data.map(({ id }) => id)).not.toContain('sandbox-image')

  expect((await chat(made.rare.token)).choices).toHaveLength(1)
  expect(await failure(chat(made.rare.token))).toMatchObject({ name: 'RateLimitError', status: 429 })

  await withConsole(console_.data, (rpc) => rpc.gateway.revokeTokens({ ids: [made.whole.id] }))
  await expect.poll(() => failure(chat(made.whole.token))).toMatchObject({ name: 'AuthenticationError', status: 401 })
  await withConsole(console_.data, (rpc) => rpc.settings.set({ openLocalMode: true }))
})
