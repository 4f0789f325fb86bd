import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { context, startPlatform, tides } from './test-world.ts'

const field = { label: '', kind: 'text', required: false, default: null, options: [], maxLength: null } as const
const configuration = [
  { ...field, name: 'openai_api_base' },
  { ...field, name: 'openai_api_key', kind: 'secret', required: true },
] as const

const models = ['gpt-5', 'text-embedding-3-large', 'bge-reranker-v2', 'gpt-image-1', 'tts-1', 'whisper-1', 'odd-embed']
const vendor = () =>
  startUpstream(({ url, headers }, response) => {
    const known = headers.authorization === 'Bearer sk-good-key-123456'
    const answer = url.endsWith('/models')
      ? { data: models.map((id) => ({ id })) }
      : { url, usage: { prompt_tokens: 7 } }
    response
      .writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(known ? answer : { error: { message: `Incorrect key ${headers.authorization}` } }))
  })

test('the vendor is asked for its models with the stored key, once in ten minutes', async () => {
  const upstream = await vendor()
  const values = { openai_api_base: upstream.url, openai_api_key: 'sk-good-key-123456' }
  const plugin = await tides(
    '',
    { configuration: values },
    {
      configuration,
      models: [{ id: 'odd-embed', kind: 'chat', label: '', deprecated: false }],
    },
  )
  const { send } = await startPlatform({ plugins: [plugin] })
  for (let i = 0; i < 2; i++)
    expect((await send('POST', '/api/plugins/7001/models', {})).json).toEqual({
      success: true,
      data: {
        plugin_id: '7001',
        models: {
          ...{ chat: ['gpt-5', 'odd-embed'], embedding: ['text-embedding-3-large'], rerank: ['bge-reranker-v2'] },
          ...{ image: ['gpt-image-1'], tts: ['tts-1'], stt: ['whisper-1'] },
        },
      },
    })
  expect(upstream.heard.map(({ url }) => url)).toEqual(['/v1/models'])
})

test('a wrong key is a coded failure that does not show it, and is not remembered', async () => {
  const upstream = await vendor()
  const { send } = await startPlatform({ plugins: [await tides('', {}, { configuration })] })
  const ask = (body: object) => send('POST', '/api/plugins/tides/models', body)
  const wrong = await ask({ api_key: 'sk-bad-key-654321', base_url: `${upstream.url}/v1/` })
  expect([wrong.status, wrong.json.code]).toEqual([502, 'UPSTREAM_FAILED'])
  expect(wrong.text).not.toContain('sk-bad')
  const given = { api_key: 'sk-good-key-123456', base_url: `${upstream.url}/v1/` }
  expect((await ask(given)).json.data.models.chat).toContain('gpt-5')
  const header = await ask({ ...given, api_key: 'a\r\nb' })
  expect([header.status, header.json.code]).toEqual([400, 'ARGUMENT_INVALID'])
})

test('a stored key goes to no address that a caller names', async () => {
  const upstream = await vendor()
  const configured = { openai_api_key: 'sk-good-key-123456' }
  const plugin = await tides('', { configuration: configured }, { configuration })
  const { send } = await startPlatform({ plugins: [plugin] })
  const { status, json } = await send('POST', '/api/plugins/7001/models', { base_url: upstream.url })
  expect([status, json.code]).toEqual([400, 'ARGUMENT_MISSING'])
  expect(upstream.heard).toEqual([])
  const unknown = await send('POST', '/api/plugins/7001/models', {})
  expect([unknown.json.code, unknown.json.error]).toEqual(['ARGUMENT_MISSING', expect.stringMatching(/base_url/)])
})

test('metadata addresses are not asked, and a vendor of a known name needs a key', async () => {
  const openai = await tides('', { id: 'o', nameForModel: 'o' }, { provider: 'openai', configuration })
  const { send } = await startPlatform({ plugins: [openai] })
  const forbidden = await send('POST', '/api/plugins/o/models', { api_key: 'k', base_url: 'http://169.254.169.254' })
  expect([forbidden.status, forbidden.json.code]).toEqual([403, 'ADDRESS_FORBIDDEN'])
  const missing = await send('POST', '/api/plugins/o/models', {})
  expect([missing.status, missing.json.code]).toEqual([409, 'PLUGIN_NOT_CONFIGURED'])
})

test('embeddings and reranking go through to the vendor', async () => {
  const upstream = await vendor()
  const values = { openai_api_base: `${upstream.url}/v1`, openai_api_key: 'sk-good-key-123456' }
  const plugin = await tides('', { configuration: values }, { configuration })
  const { send, of, stop, callLog, journal } = await startPlatform({ plugins: [plugin] })
  const embedded = await send('POST', '/api/plugins/7001/embed', { model: 'm', input: ['a'] })
  expect([embedded.status, embedded.json]).toEqual([
    200,
    { success: true, data: { url: '/v1/embeddings', usage: { prompt_tokens: 7 } }, request_id: expect.any(String) },
  ])
  expect(upstream.heard.at(-1)?.body).toBe('{"model":"m","input":["a"]}')
  await send('POST', '/api/plugins/7001/rerank', { model: 'm', query: 'q', documents: [] })
  expect(upstream.heard.at(-1)?.url).toBe('/v1/rerank')
  const missing = await send('POST', '/api/plugins/7001/embed', { input: 'a' })
  expect([missing.status, missing.json.code]).toEqual([400, 'ARGUMENT_MISSING'])
  const metrics = await send('GET', '/metrics')
  expect(metrics.text).toContain('plugin_name="tides",operation="embed",status="success"} 1')
  const wrong = await send('POST', '/api/plugins/7001/embed', { model: 'm', api_key: 'sk-bad-key-654321' })
  expect([wrong.status, wrong.json.code]).toEqual([502, 'UPSTREAM_FAILED'])
  await stop()
  expect(journal.uses()).toMatchObject([
    { feature: 'embedding', model: 'm', vendor: 'openai-compatible', keyId: null, statusCode: 200, inputTokens: 7 },
    { feature: 'rerank', model: 'm', statusCode: 200, inputTokens: 7 },
    { feature: 'embedding', model: 'm', statusCode: 502, failed: true, inputTokens: 0 },
  ])
  const told = { surface: 'invoke', method: 'POST', payload: null }
  expect(of('calls').flatMap(({ records }) => records)).toMatchObject([
    { ...told, operationId: 'embed', url: `${upstream.url}/v1/embeddings`, statusCode: 200, error: null },
    { ...told, operationId: 'rerank', url: `${upstream.url}/v1/rerank`, statusCode: 200, error: null },
    { ...told, operationId: 'embed', url: `${upstream.url}/v1/embeddings`, statusCode: 401, error: 'UPSTREAM_FAILED' },
  ])
  const lines = readFileSync(callLog, 'utf8')
  expect(lines).toContain(`"operation_id":"embed","method":"POST","url":"${upstream.url}/v1/embeddings"`)
  expect(lines).not.toContain('sk-')
})

test('a token for some models opens no other model of a plugin', async () => {
  const upstream = await vendor()
  const values = { openai_api_base: `${upstream.url}/v1`, openai_api_key: 'sk-good-key-123456' }
  const plugin = await tides('', { configuration: values }, { configuration })
  const { platform, send } = await startPlatform({ plugins: [plugin] })
  const hash = createHash('sha256').update('ph_part').digest('hex')
  const scopes = { features: null, models: ['open'], plugins: null }
  await platform.tokens([{ id: 't', name: 'part', hash, scopes, rpm: null, tpm: null, expiresAt: null }], context)
  const ask = async (model: string) =>
    (await send('POST', '/api/plugins/7001/embed', { model, input: 'a' }, { authorization: 'Bearer ph_part' })).status
  expect([await ask('open'), await ask('shut'), upstream.heard.length]).toEqual([200, 403, 1])
})
