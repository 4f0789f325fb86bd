import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { codeOf } from './code.ts'
import { callerFor, inUse, readDocument, startUpstream } from './test-plugins.ts'

const run = promisify(execFile)
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)
const document = (server: string) => `openapi: 3.0.1
info: { title: Harbour, description: d, version: v1 }
servers: [{ url: '${server}/v1' }]
paths:
  /ships/{id}:
    post:
      operationId: dock
      summary: s
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
        - { name: api_key, in: query, schema: { type: string, default: planted-key, x-global-disable: true } }
        - { name: lang, in: header, schema: { type: string } }
      requestBody: { content: { application/json: { schema: { type: object, properties: { berth: { type: string } } } } } }
      responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } }
`
const given = { id: "it's/7", tags: ['a b', "$HOME'"], lang: '中文', berth: '`id` "quoted" \\ 泊位' }

test.skipIf(!hasCurl)(
  'the curl command sends what the call sends, once its placeholders are filled in [needs curl]',
  async () => {
    const upstream = await startUpstream()
    const definition = await readDocument(document(upstream.url), {
      auth: { kind: 'serviceToken', name: 'X-Own', token: 'planted-token', place: 'header' },
      commonParameters: {
        ...{ body: [{ name: 'from', value: 'us' }], query: [], path: [] },
        header: [{ name: 'X-Api-Key', value: 'planted-header' }],
      },
    })
    const { call, caller } = callerFor()
    const plugin = inUse(definition)
    await call(plugin, 'dock', given)
    const { curl, fetch, python } = codeOf(await caller.prepare(plugin, 'dock', given))
    expect(`${curl}${fetch}${python}`).not.toContain('planted')
    const filled = curl
      .replace('<service_token>', 'planted-token')
      .replace('<X-Api-Key>', 'planted-header')
      .replace('<api_key>', 'planted-key')
    await run('sh', ['-c', filled], { env: { ...process.env, NO_PROXY: '*', no_proxy: '*' } })
    const [called, typed] = upstream.heard.map(({ method, url, headers, body }) => {
      const { lang, 'x-own': own, 'x-api-key': key, 'content-type': type } = headers
      return { method, url, lang, own, key, type, body }
    })
    expect(typed).toEqual(called)
    expect(called!.own).toBe('planted-token')
  },
)

test('texts of a form are kept apart from its files, whatever stands in them', async () => {
  const definition = await readDocument(
    document('https://harbour.example').replace('application/json', 'multipart/form-data'),
  )
  const { caller } = callerFor()
  const text = await caller.prepare(inUse(definition), 'dock', { ...given, berth: 'x\ny=1' })
  expect([text.bodyKind, text.fields, text.files]).toEqual(['multipart', [{ name: 'berth', value: 'x\ny=1' }], []])
  expect(codeOf(text).curl).toContain("--form-string 'berth=x\ny=1'")
})
