import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import type { Vendor, VendorCall, VendorRequest } from './vendor.ts'
import { vendors } from './vendors.ts'

const sandbox = createSandbox()
let baseUrl: string
beforeAll(async () => {
  baseUrl = (await sandbox.listen()).url
})
afterAll(() => sandbox.close())

const send = ({ url, method, headers, body }: VendorRequest) => fetch(url, { method, headers, body })
async function ask(vendor: Vendor, call: VendorCall, model: string, body: JsonObject) {
  const answer = await send(vendor.request(call, { baseUrl, secret: 'sk-test' }, model, body))
  const json = await answer.json()
  return { answer: vendor.answer(call, json), use: vendor.use(call, json) }
}
async function refusal(vendor: Vendor, call: VendorCall, secret: string, body: JsonObject) {
  const answer = await send(vendor.request(call, { baseUrl, secret }, 'any', body))
  const failure = vendor.failure(answer.status, Object.fromEntries(answer.headers), await answer.text())
  return [failure.kind, failure.retryAfterMs]
}

test('every vendor is answered, in OpenAI’s shape and with the same count', async () => {
  const messages = [{ role: 'user', content: 'Hello' }]
  for (const vendor of Object.values(vendors)) {
    const { answer, use } = await ask(vendor, 'chat', 'm', { messages })
    expect([vendor.name, answer, use]).toEqual([
      vendor.name,
      expect.objectContaining({ object: 'chat.completion' }),
      { inputTokens: 8, outputTokens: 14, images: 0 },
    ])
    const models = await (await send(vendor.listModels({ baseUrl, secret: 'sk-test' }))).json()
    expect(vendor.modelIds(models)).toContain('sandbox-chat')
  }
  const image = await ask(vendors.aliyun, 'images', 'qwen-image-2.0', { prompt: 'a boat', n: 2 })
  expect(image).toEqual({
    answer: {
      created: expect.any(Number),
      data: [{ url: expect.stringContaining(`${baseUrl}/images/`) }, { url: expect.any(String) }],
    },
    use: { inputTokens: 0, outputTokens: 0, images: 2 },
  })
  const ranked = await ask(vendors.aliyun, 'rerank', 'm', { query: 'cat', documents: ['dog', 'cat'], top_n: 1 })
  expect(ranked).toEqual({
    answer: { results: [{ index: 1, relevance_score: 1 }], usage: { total_tokens: 3 } },
    use: { inputTokens: 3, outputTokens: 0, images: 0 },
  })
})

test('an image task of DashScope is submitted, runs and succeeds in part', async () => {
  const access = { baseUrl: `${baseUrl}/api/v1`, secret: 'sk-test-partial-images' }
  const task = vendors.aliyun.task('wanx2.1-t2i-turbo')!
  const submitted = await send(task.submit(access, 'wanx2.1-t2i-turbo', { prompt: 'a boat', n: 3 }))
  const id = task.taskId(await submitted.json())!
  const poll = async () => task.state(await (await send(task.poll(access, id))).json())
  expect([await poll(), await poll()]).toEqual([
    { kind: 'running' },
    {
      kind: 'succeeded',
      result: {
        created: expect.any(Number),
        data: [{ url: expect.any(String) }, { url: expect.any(String) }],
        failures: [{ index: 2, code: 'InternalError.Timeout', message: 'The picture took too long.' }],
      },
      use: { inputTokens: 0, outputTokens: 0, images: 2 },
    },
  ])
})

test('what the sandbox is told to refuse means the same in both dialects', async () => {
  const tricks = ['fail-401', 'fail-402', 'quota', 'fail-429', 'fail-500', 'fail-503', 'fail-404']
  const rows = []
  for (const trick of tricks) {
    const secret = `sk-test-${trick}`
    rows.push([
      trick,
      ...(await refusal(vendors.openai, 'chat', secret, {})),
      ...(await refusal(vendors.aliyun, 'images', secret, {})),
    ])
  }
  expect(rows).toEqual([
    ['fail-401', 'bad-key', null, 'bad-key', null],
    ['fail-402', 'quota', null, 'quota', null],
    ['quota', 'quota', null, 'quota', null],
    ['fail-429', 'rate-limit', 2000, 'rate-limit', 2000],
    ['fail-500', 'vendor', null, 'vendor', null],
    ['fail-503', 'vendor', null, 'vendor', null],
    ['fail-404', 'caller', null, 'caller', null],
  ])
})
