import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, ReadPlugin } from '../packages/package-types.ts'
import { readPackage } from '../packages/read-package.ts'
import { buildRequest } from './build-request.ts'
import { compileTool } from './compile-tool.ts'
import { exampleArguments } from './example.ts'
import { argumentSchema, functionsOf } from './openai-functions.ts'
import { readDocument } from './test-plugins.ts'

const shop = `
openapi: 3.0.0
info: {title: shop, version: '1', description: shop}
servers: [{url: 'https://shop.example'}]
paths:
  /orders/{id}:
    post:
      operationId: order
      summary: Order
      description: Orders something
      parameters:
        - {name: id, in: path, required: true, description: Of the order, schema: {$ref: '#/components/schemas/Id'}}
        - {name: id, in: query, required: true, schema: {type: string}}
        - {name: lang, in: query, required: true, schema: {type: string, default: en}}
        - {name: agent, in: header, required: true, schema: {type: string}}
        - {name: secret, in: query, required: true, schema: {type: string, default: x}, x-global-disable: true}
        - {name: sid, in: cookie, schema: {type: string, example: abc}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [tree, lang]
              properties:
                tree: {$ref: '#/components/schemas/Tree'}
                lang: {type: integer}
                price: {type: number, minimum: 0, exclusiveMinimum: true, nullable: true, x-unit: EUR, xml: {name: p}}
                kind: {type: string, nullable: true, enum: [a, b], example: a}
                pet: {nullable: true, description: A pet, oneOf: [{$ref: '#/components/schemas/Id'}], discriminator: {propertyName: k}}
                __proto__: {type: string}
      responses: {'200': {description: ok}}
components:
  schemas:
    Id: {type: integer, format: int64, externalDocs: {url: 'https://x.example'}}
    Tree:
      type: object
      required: [name, hidden]
      properties:
        name: {type: string}
        hidden: {type: string, x-local-disable: true}
        left: {$ref: '#/components/schemas/Tree'}
        $ref: {type: string}
`
const common: ReadPlugin['commonParameters'] = {
  header: [{ name: 'agent', value: 'a' }],
  query: [],
  path: [],
  body: [],
}

test('all arguments of a tool as one JSON Schema, references in their places', async () => {
  const plugin = await readDocument(shop, { commonParameters: common })
  const tool = plugin.tools[0]!
  const id = { type: 'integer', format: 'int64' }
  const schema = argumentSchema(plugin, tool)
  expect(JSON.parse(JSON.stringify(schema))).toEqual({
    type: 'object',
    properties: JSON.parse(
      JSON.stringify({
        agent: { type: 'string', 'x-place': 'header' },
        id: { ...id, description: 'Of the order', 'x-place': 'path' },
        lang: { type: 'string', default: 'en', 'x-place': 'query' },
        sid: { type: 'string', 'x-place': 'cookie' },
        tree: {
          type: 'object',
          properties: { name: { type: 'string' }, left: {}, $ref: { type: 'string' } },
          required: ['name'],
          'x-place': 'body',
        },
        price: { type: ['number', 'null'], exclusiveMinimum: 0, 'x-place': 'body' },
        kind: { type: ['string', 'null'], enum: ['a', 'b', null], 'x-place': 'body' },
        pet: { description: 'A pet', anyOf: [{ oneOf: [id] }, { type: 'null' }], 'x-place': 'body' },
        proto: { type: 'string', 'x-place': 'body' },
      }).replace('"proto"', '"__proto__"'),
    ),
    required: ['id', 'tree'],
    additionalProperties: false,
  })
  expect(argumentSchema(plugin, tool)).toBe(schema)

  const [only] = functionsOf([{ id: '1', nameForModel: 'shop', definition: plugin }]).functions
  expect(only).toMatchObject({ type: 'function', function: { name: 'shop__order', description: 'Orders something' } })
  expect(JSON.stringify(only)).not.toContain('x-place')
})

test('functions have names that fit and that stay, and no tool that cannot be called', async () => {
  const plugin = await readDocument(shop)
  const [tool] = plugin.tools
  const named = (operationId: string, disabled: string | null = null) => ({ ...tool!, operationId, disabled })
  const long = 'x'.repeat(80)
  const a = {
    id: 'a',
    nameForModel: 'shop',
    definition: { ...plugin, tools: [named('下单'), named('查询'), named(long)] },
  }
  const b = { id: 'b', nameForModel: 'shop', definition: { ...plugin, tools: [named(`${long}y`), named('off', 'X')] } }
  const { functions, find } = functionsOf([b, a])
  const names = functions.map((one) => one.function.name)
  expect(names).toEqual(['shop____', 'shop_____2', `shop__${'x'.repeat(58)}`, `shop__${'x'.repeat(56)}_2`])
  expect(functionsOf([a, b]).functions.map((one) => one.function.name)).toEqual(names)
  expect(names.map(find).map((one) => [one!.pluginId, one!.operationId])).toEqual([
    ...[
      ['a', '下单'],
      ['a', '查询'],
      ['a', long],
    ],
    ['b', `${long}y`],
  ])
  expect(find('shop__off')).toBe(null)
})

test('a document that unfolds without end leaves a schema that can be sent', async () => {
  const plugin = await readDocument(shop)
  const ref = (level: number) => ({ $ref: `#/components/schemas/S${level}` })
  const wide = Array.from({ length: 14 }, (_, level) => {
    const properties = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, ref(level + 1)]))
    return [`S${level}`, { type: 'object', description: 'x'.repeat(500), properties }] as const
  })
  const document: JsonObject = { components: { schemas: Object.fromEntries(wide) } }
  const body = { mediaType: 'application/json', required: true, schema: ref(0) }
  const tool = { ...plugin.tools[0]!, parameters: [], body }
  const schema = argumentSchema({ ...plugin, document }, tool)
  const { properties } = schema as { properties: { [name: string]: Json } }
  expect(Object.values(properties).every((one) => (one as JsonObject)['type'] === 'object')).toBe(true)
  expect(JSON.stringify(schema).length).toBeLessThan(500_000)
})

// Real documents of others, which are not ours to keep here.
const corpus = fileURLToPath(new URL('../../../../../../shared/corpus', import.meta.url))
const index = `${corpus}/openapi/INDEX.json`
const found: { file: string }[] = existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : []
/** Its number must be one of two words. */
const impossible = ['libopenapi-petstorev2-complete.yaml uploadFile']

describe.skipIf(found.length === 0)('[needs the corpus beside the project]', () => {
  test.each(['coze', ...found.map(({ file }) => `openapi/${file}`)])('%s', async (path) => {
    const { plugins } = await readPackage(`${corpus}/${path}`, { strict: false })
    for (const definition of plugins) {
      const plugin = { definition, name: definition.name, configuration: { server: 'https://api.example' } }
      for (const tool of definition.tools.filter(({ disabled }) => disabled === null)) {
        const schema = argumentSchema(definition, tool)
        const text = JSON.stringify(schema)
        expect([text.includes('"$ref":"'), text.length < 500_000]).toEqual([false, true])
        const example = exampleArguments(definition, tool)
        expect(Object.keys(example)).toEqual(expect.arrayContaining([...((schema['required'] as string[]) ?? [])]))
        if (impossible.includes(`${path.slice(8)} ${tool.operationId}`)) continue
        const { dropped } = buildRequest(
          plugin as unknown as Parameters<typeof buildRequest>[0],
          compileTool(definition, tool),
          example,
        )
        expect(dropped).toEqual([])
      }
    }
  })
})
