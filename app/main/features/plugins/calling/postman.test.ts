import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readDocument as parse } from '../packages/document.ts'
import type { Json, JsonObject, PluginAuth, ReadPlugin } from '../packages/package-types.ts'
import { readPostman } from '../packages/postman.ts'
import { readCollection } from '../packages/postman-collection.ts'
import { readPackage } from '../packages/read-package.ts'
import { exampleArguments } from './example.ts'
import { postmanCollection } from './postman.ts'
import { readDocument } from './test-plugins.ts'

const shop = `
openapi: 3.0.0
info: {title: shop, version: '1', description: All of it}
servers: [{url: 'https://shop.example/v1/'}]
paths:
  /orders/{id}/{name}.json:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, example: 7}}
      - {name: name, in: path, required: true, schema: {type: string}}
    post:
      operationId: order
      summary: Order
      description: Orders something
      parameters:
        - {name: q, in: query, required: true, description: Words, schema: {type: array, items: {type: string}, example: [a b, 'c&d']}}
        - {name: page, in: query, schema: {type: integer}}
        - {name: X-Lang, in: header, schema: {type: string, default: zh}}
        - {name: sid, in: cookie, required: true, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {n: {type: integer}, s: {type: string}}}}}}
      responses: {'200': {description: ok}}
  /files:
    put:
      operationId: put_file
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, required: [file], properties: {file: {type: string, format: binary}, note: {type: string}}}
      responses: {'200': {description: ok}}
`
const change: Partial<ReadPlugin> = {
  commonParameters: {
    header: [
      { name: 'User-Agent', value: 'Shop/1' },
      { name: 'X-Api-Key', value: 'hush-key' },
    ],
    ...{ query: [{ name: 'v', value: '2' }], path: [], body: [{ name: 'from', value: 'us' }] },
  },
  auth: { kind: 'serviceToken', name: 'Authorization', token: 'Bearer hush-token', place: 'header' },
}

test('a request per tool, in places that Postman and our reader know, without any secret', async () => {
  const collection = postmanCollection(await readDocument(shop, change))
  expect(JSON.stringify(collection)).not.toContain('hush')
  expect(collection['variable']).toEqual([
    { key: 'base_url', value: 'https://shop.example/v1', type: 'string' },
    ...['X-Api-Key', 'service_token'].map((key) => ({ key, value: '', type: 'string' })),
  ])
  const [order] = collection['item'] as JsonObject[]
  expect((order!['request'] as JsonObject)['url']).toEqual({
    raw: '{{base_url}}/orders/:id/{{name}}.json?q=a%20b&q=c%26d&v=2',
    host: ['{{base_url}}'],
    path: ['orders', ':id', '{{name}}.json'],
    query: [
      { key: 'q', value: 'a b', description: 'Words' },
      { key: 'q', value: 'c&d', description: 'Words' },
      { key: 'page', value: '', disabled: true },
      { key: 'v', value: '2' },
    ],
    variable: [
      { key: 'id', value: '7' },
      { key: 'name', value: 'example' },
    ],
  })

  const { requests, notes } = readCollection(collection)
  const value = (place: string, name: string, value: string | null, description = '') => ({
    place,
    name,
    value,
    description,
  })
  const field = (name: string, value: string | null, file = false) => ({ name, value, file, description: '' })
  const auth = { kind: 'serviceToken', name: 'Authorization', token: 'Bearer {{service_token}}', place: 'header' }
  const more = { folder: '', server: 'https://shop.example', auth }
  expect(notes).toEqual([])
  expect(requests).toEqual([
    {
      ...{
        name: 'order',
        description: 'Order\n\nOrders something',
        method: 'POST',
        path: '/v1/orders/{id}/{name}.json',
      },
      parameters: [
        ...[value('query', 'q', 'a b', 'Words'), value('query', 'q', 'c&d', 'Words'), value('query', 'v', '2')],
        ...[value('path', 'id', '7'), value('path', 'name', 'example')],
        ...[value('header', 'X-Lang', 'zh'), value('header', 'User-Agent', 'Shop/1')],
        value('header', 'Cookie', 'sid=example'),
      ],
      body: { kind: 'json', value: { from: 'us', n: 1, s: 'example' } },
      ...more,
    },
    {
      ...{ name: 'put_file', description: 'put file', method: 'PUT', path: '/v1/files' },
      parameters: [value('query', 'v', '2'), value('header', 'User-Agent', 'Shop/1')],
      body: { kind: 'multipart', fields: [field('from', 'us'), field('file', null, true), field('note', 'example')] },
      ...more,
    },
  ])
})

test.each<[Partial<PluginAuth>, Json]>([
  [
    { token: 'Basic YTpi' },
    {
      type: 'apikey',
      apikey: [
        ['key', 'Authorization'],
        ['value', '{{service_token}}'],
        ['in', 'header'],
      ],
    },
  ],
  [
    { name: 'key', place: 'query' },
    {
      type: 'apikey',
      apikey: [
        ['key', 'key'],
        ['value', '{{service_token}}'],
        ['in', 'query'],
      ],
    },
  ],
  [{ token: '' }, { type: 'bearer', bearer: [['token', '{{service_token}}']] }],
])('%j', async (auth, written) => {
  const plugin = await readDocument(shop, { auth: { ...change.auth, ...auth } as PluginAuth })
  const { type, ...settings } = postmanCollection(plugin)['auth'] as {
    [name: string]: { key: string; value: string }[]
  }
  const [name, list] = Object.entries(settings)[0]!
  expect({ type, [name]: list.map(({ key, value }) => [key, value]) }).toEqual(written)
})

const coze = fileURLToPath(new URL('../../../../../../shared/corpus/coze', import.meta.url))
const asText = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value))

describe.skipIf(!existsSync(coze))('[needs the corpus beside the project]', () => {
  test('every tool of Coze is the same call when its collection is imported', async () => {
    const { plugins } = await readPackage(coze, { strict: false })
    for (const plugin of plugins) {
      const { plugins: again } = await readPostman(parse('x.json', JSON.stringify(postmanCollection(plugin))), {
        strict: false,
      })
      for (const tool of plugin.tools) {
        const path = new URL(plugin.server).pathname.replace(/\/$/, '') + tool.path
        const same = again[0]!.tools.find((one) => one.method === tool.method && one.path === path)!
        const after = exampleArguments(again[0]!, same)
        for (const [name, value] of Object.entries<Json>(exampleArguments(plugin, tool)))
          expect([tool.operationId, name, asText(after[name])]).toEqual([tool.operationId, name, asText(value)])
      }
    }
  })
})
