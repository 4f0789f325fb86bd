import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../packages/package-types.ts'
import { exampleArguments, exampleOf } from './example.ts'
import { readDocument } from './test-plugins.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const file = { filename: 'example.txt', mediaType: 'text/plain', base64: 'ZXhhbXBsZQ==' }
const shop: JsonObject = {
  components: {
    schemas: {
      Node: {
        type: 'object',
        required: ['next', 'list'],
        properties: { next: ref('Node'), list: { type: 'array', items: ref('Node') } },
      },
      Loop: { allOf: [ref('Loop'), ref('Loop'), ref('Loop')], properties: { a: ref('Loop'), b: { type: 'integer' } } },
      Named: { type: 'object', required: ['name'], properties: { name: { type: 'string', example: 'Ann' } } },
    },
  },
}

test.each<[string, JsonObject, Json]>([
  ['what is given comes first', { type: 'integer', default: 2, example: 5, enum: [7, 5] }, 5],
  ['an example of another type is none', { type: 'integer', example: 'five', default: 2 }, 2],
  ['an example outside of the list is none', { type: 'string', example: 'c', enum: ['a', 'b'] }, 'a'],
  [
    'a number within open bounds',
    { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true },
    0.5,
  ],
  ['a multiple', { type: 'integer', minimum: 11, multipleOf: 5 }, 15],
  ['a whole number below', { type: 'integer', exclusiveMaximum: -3 }, -4],
  ['a text that is long enough', { type: 'string', minLength: 10, maxLength: 12 }, 'exampleexa'],
  ['a short text', { type: 'string', maxLength: 3 }, 'exa'],
  ['a file', { type: 'string', format: 'binary' }, file],
  ['as many as there must be', { type: 'array', items: { type: 'boolean' }, minItems: 2 }, [true, true]],
  ['none where none may be', { type: 'array', items: {}, maxItems: 0 }, []],
  ['parts together', { allOf: [ref('Named'), { properties: { age: { type: 'integer' } } }] }, { name: 'Ann', age: 1 }],
  ['the first variant that is one', { oneOf: [{ type: 'null' }, ref('Named'), { type: 'string' }] }, { name: 'Ann' }],
  [
    'required ones first, none that only answers have',
    {
      type: 'object',
      required: ['z'],
      properties: {
        a: { type: 'string', readOnly: true },
        b: { type: 'null' },
        z: { format: 'date' },
        y: { type: 'string', deprecated: true },
      },
    },
    { z: '2026-01-31', b: null },
  ],
  ['a circle ends', ref('Node'), { next: {}, list: [] }],
  ['a circle of parts ends', ref('Loop'), { b: 1 }],
  ['a reference to nowhere', ref('Gone'), 'example'],
])('%s', (_, schema, value) => {
  expect(exampleOf(schema, shop)).toEqual(value)
  expect(JSON.stringify(exampleOf(schema, shop))).toBe(JSON.stringify(exampleOf(schema, shop)))
})

test('a schema that unfolds without end stays small, and every required value has its share', () => {
  const wide = Array.from({ length: 14 }, (_, level) => {
    const properties = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, ref(`S${level + 1}`)]))
    return [`S${level}`, { type: 'object', required: Object.keys(properties), properties }] as const
  })
  const document = { components: { schemas: Object.fromEntries(wide) } }
  const made = exampleOf(ref('S0'), document) as JsonObject
  expect([Object.keys(made).length, JSON.stringify(made).length < 50_000]).toEqual([60, true])
})

test('arguments of a tool: required ones, those that the document has a value for, none that are filled in', async () => {
  const plugin = await readDocument(
    `
openapi: 3.0.0
info: {title: shop, version: '1', description: shop}
servers: [{url: 'https://shop.example'}]
paths:
  /orders/{id}:
    post:
      operationId: order
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 7}}
        - {name: page, in: query, schema: {type: integer, default: 3}}
        - {name: sort, in: query, schema: {type: string}}
        - {name: agent, in: header, required: true, schema: {type: string}}
        - {name: hidden, in: query, required: true, schema: {type: string, default: x}, x-local-disable: true}
      requestBody:
        content:
          application/json:
            example: {item: tea, unknown: 1}
            schema:
              type: object
              required: [item, count]
              properties: {item: {type: string}, count: {type: integer}, note: {type: string}}
      responses: {'200': {description: ok}}
    put:
      operationId: replace
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody:
        required: true
        content: {application/json: {examples: {one: {value: [tea]}}, schema: {type: array, items: {type: string}}}}
      responses: {'200': {description: ok}}
`,
    { commonParameters: { header: [{ name: 'agent', value: 'a' }], query: [], path: [], body: [] } },
  )
  const [replace, order] = plugin.tools
  expect(exampleArguments(plugin, order!)).toEqual({ id: 7, page: 3, item: 'example', count: 1, note: 'example' })
  expect(exampleArguments(plugin, replace!)).toEqual({ id: 1, body: ['tea'] })
})
