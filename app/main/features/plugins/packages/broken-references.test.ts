import { expect, test } from 'vitest'
import { readDocument } from './document.ts'
import { readOpenApi } from './openapi-read.ts'

const head = `openapi: 3.0.3
info: {title: Parcels, description: Where they are, version: v1}
servers: [{url: 'https://parcels.example/v1'}]
`
/** The errors that are told, and each tool with what keeps it from being called. */
async function read(files: Record<string, string>, strict = false) {
  const beside = async (file: string) => (Object.hasOwn(files, file) ? readDocument(file, files[file]!) : null)
  const { plugin, findings } = await readOpenApi(readDocument('api.yaml', files['api.yaml']!), beside, { strict })
  return {
    said: findings.map(({ code, file, line }) => `${code} ${file}:${line}`),
    tools: Object.fromEntries((plugin?.tools ?? []).map((tool) => [tool.operationId, tool])),
    disabled: Object.fromEntries((plugin?.tools ?? []).map(({ operationId, disabled }) => [operationId, disabled])),
  }
}

test('of an answer whose shape cannot be had only the reference is told; the tool is called all the same', async () => {
  const { said, tools } = await read({
    'api.yaml': `${head}paths:
  /schema:
    get:
      operationId: schema
      summary: A
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}}
  /whole:
    get:
      operationId: whole
      summary: B
      responses: {'200': {$ref: '#/components/responses/Gone'}}
  /deep:
    get:
      operationId: deep
      summary: C
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Half'}}}}}
components:
  schemas:
    Half: {type: object, properties: {a: {$ref: 'gone.yaml'}}}
`,
  })
  expect(said).toEqual([
    'REFERENCE_MISSING api.yaml:9',
    'REFERENCE_MISSING api.yaml:14',
    'REFERENCE_MISSING api.yaml:22',
  ])
  const [schema, whole, deep] = ['schema', 'whole', 'deep'].map((id) => tools[id]!)
  expect([schema, whole, deep].map((tool) => [tool?.disabled, tool?.response, tool?.responseWrapped])).toEqual([
    [null, null, undefined],
    [null, null, undefined],
    [null, { $ref: '#/components/schemas/Half' }, undefined],
  ])
})

const ok = '{description: ok, content: {application/json: {schema: {type: object}}}}'

test('in a file of its own a path loses only the operation whose request is broken', async () => {
  const { said, disabled } = await read({
    'api.yaml': `${head}paths:
  /trees: {$ref: 'trees.yaml'}
  /ponds: {$ref: 'ponds.yaml#/path'}
  /one: {get: {$ref: 'ponds.yaml#/one'}}
`,
    'trees.yaml': `get:
  operationId: list
  summary: Lists
  responses: {'200': {description: ok, content: {application/json: {schema: {$ref: gone.yaml}}}}}
post:
  operationId: plant
  summary: Plants
  requestBody: {content: {application/json: {schema: {$ref: 'parts.yaml#/Tree'}}}}
  responses: {'200': ${ok}}
delete:
  operationId: fell
  summary: Fells
  requestBody: {content: {application/json: {schema: {$ref: 'parts.yaml#/Axe'}}}}
  responses: {'200': ${ok}}
`,
    'parts.yaml': `Tree: {type: object, properties: {leaf: {$ref: '#/Leaf'}}}
Leaf: {type: object, properties: {up: {$ref: '#/Tree'}, vein: {$ref: '#/Gone'}}}
Axe: {type: object}
`,
    'ponds.yaml': `path:
  parameters: [{$ref: '#/gone'}]
  get: {operationId: dive, summary: Dives, responses: {'200': ${ok}}}
one: {operationId: one, summary: One, responses: {'200': {$ref: '#/gone'}}}
`,
  })
  expect(said.filter((line) => line.startsWith('REFERENCE')).sort()).toEqual([
    'REFERENCE_MISSING parts.yaml:2',
    'REFERENCE_MISSING ponds.yaml:2',
    'REFERENCE_MISSING ponds.yaml:4',
    'REFERENCE_MISSING trees.yaml:4',
  ])
  expect(disabled).toEqual({
    ...{ list: null, plant: 'REFERENCE_MISSING', fell: null },
    ...{ dive: 'REFERENCE_MISSING', one: null },
  })
})

test('a chain of references is as good as its end, and a circle leads nowhere', async () => {
  const { said, disabled } = await read({
    'api.yaml': `${head}paths:
  /a/{x}:
    get: {operationId: a, summary: A, parameters: [{$ref: '#/components/parameters/First'}], responses: {'200': ${ok}}}
    put: {operationId: b, summary: B, parameters: [{$ref: '#/components/parameters/Round'}], responses: {'200': ${ok}}}
components:
  parameters:
    First: {$ref: '#/components/parameters/Second'}
    Second: {$ref: '#/components/parameters/Third'}
    Third: {name: x, in: path, required: true, schema: {type: string}}
    Round: {$ref: '#/components/parameters/About'}
    About: {$ref: '#/components/parameters/Round'}
`,
  })
  expect([said.filter((line) => line.startsWith('REFERENCE')), disabled]).toEqual([
    ['REFERENCE_CYCLIC api.yaml:7', 'REFERENCE_CYCLIC api.yaml:13', 'REFERENCE_CYCLIC api.yaml:14'],
    { a: null, b: 'REFERENCE_CYCLIC' },
  ])
})

test('what would be put into itself is a circle too', async () => {
  const { said, disabled } = await read({
    'api.yaml': `${head}paths:
  /a:
    get: {operationId: a, summary: A, responses: {'200': {$ref: '#'}}}
    put: {operationId: b, summary: B, parameters: [{name: x, in: query, schema: {$ref: '#/paths'}}], responses: {'200': ${ok}}}
    post: {operationId: c, summary: C, requestBody: {$ref: '#/paths/~1b'}, responses: {'200': ${ok}}}
  /b:
    get: {operationId: d, summary: D, responses: {'200': {$ref: '#/paths/~1a/get'}}}
    put:
      operationId: e
      summary: E
      responses: {'200': ${ok}}
      callbacks: {again: {'{$url}': {$ref: '#/paths/~1a'}}}
`,
  })
  expect([said.filter((line) => line.startsWith('REFERENCE')), disabled]).toEqual([
    [6, 7, 8, 10].map((line) => `REFERENCE_CYCLIC api.yaml:${line}`),
    { a: null, b: 'REFERENCE_CYCLIC', c: 'REFERENCE_CYCLIC', d: null, e: null },
  ])
})
