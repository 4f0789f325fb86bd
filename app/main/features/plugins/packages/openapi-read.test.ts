import { expect, test } from 'vitest'
import { readDocument } from './document.ts'
import { readOpenApi } from './openapi-read.ts'

/** Reads a document of a small package: its file is `api.yaml`, the others are given by name. */
async function read(
  text: string,
  { strict = false, others = {} }: { strict?: boolean; others?: Record<string, string> } = {},
) {
  const beside = async (file: string) => (file in others ? readDocument(file, others[file]!) : null)
  const { plugin, findings } = await readOpenApi(readDocument('api.yaml', text), beside, { strict })
  return {
    plugin,
    tools: plugin?.tools ?? [],
    document: plugin?.document as Record<string, never> | undefined,
    said: findings.map(({ severity, code, file, line }) => `${severity} ${code} ${file}:${line}`),
  }
}

const head = `openapi: 3.0.3
info: {title: Parcels, description: Where they are, version: 2024-06-01}
servers: [{url: 'https://parcels.example/v1/'}]
paths:
`
const answer = `      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
`

test('a document without fault is read as it stands', async () => {
  const { plugin, said } = await read(`${head}  /parcels/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getParcel
      summary: One parcel
      parameters: [{name: lang, in: query, schema: {type: string, default: en}, x-local-disable: true}]
${answer}`)
  expect([said, plugin?.id, plugin?.version, plugin?.server, plugin?.tools]).toEqual([
    [],
    'parcels',
    'v2024.6.1',
    'https://parcels.example/v1',
    [
      {
        id: 'getParcel',
        operationId: 'getParcel',
        summary: 'One parcel',
        description: '',
        method: 'GET',
        path: '/parcels/{id}',
        parameters: [
          { name: 'id', place: 'path', required: true, description: '', schema: { type: 'string' } },
          {
            name: 'lang',
            place: 'query',
            required: false,
            description: '',
            schema: { type: 'string', default: 'en', 'x-local-disable': true },
          },
        ],
        body: null,
        response: { type: 'object' },
        disabled: null,
        line: 7,
      },
    ],
  ])
})

const careless = `${head}  /parcels/{id}:
    post:
      description: Sends a parcel. It may take a while.
      parameters:
        - {name: size, in: query, schema: {type: int}}
        - {name: lost, in: path, required: true, schema: {type: string}}
      requestBody:
        content:
          text/plain: {schema: {type: string}}
          application/json: {schema: {type: array, items: {type: string}}}
    put:
      operationId: same
      summary: One
      responses: {'201': {description: made, content: {application/json: {schema: {type: array, items: {}}}}}}
    patch:
      operationId: same
      summary: Two
${answer}`

test('what upstream refuses is mended in the copy, and each repair is named with its line', async () => {
  const { tools, said, plugin } = await read(careless)
  expect(said.sort()).toEqual(
    [
      'warning SCHEMA_TYPE api.yaml:9',
      'warning OPERATION_ID_MISSING api.yaml:6',
      'warning SUMMARY_MISSING api.yaml:6',
      'warning PARAMETER_NOT_IN_PATH api.yaml:10',
      'warning PARAMETER_UNDECLARED api.yaml:6',
      'warning BODY_SEVERAL_MEDIA_TYPES api.yaml:12',
      'warning BODY_NOT_OBJECT api.yaml:14',
      'warning RESPONSES_MISSING api.yaml:6',
      'warning PARAMETER_UNDECLARED api.yaml:15',
      'warning RESPONSE_200_MISSING api.yaml:18',
      'warning RESPONSE_NOT_OBJECT api.yaml:18',
      'warning OPERATION_ID_DUPLICATE api.yaml:20',
      'warning PARAMETER_UNDECLARED api.yaml:19',
    ].sort(),
  )
  expect(
    tools.map(({ operationId, summary, body, responseWrapped, disabled }) => ({
      operationId,
      summary,
      body,
      responseWrapped,
      disabled,
    })),
  ).toEqual([
    {
      operationId: 'same',
      summary: 'One',
      body: null,
      responseWrapped: 'data',
      disabled: null,
    },
    {
      operationId: 'postParcelsId',
      summary: 'Sends a parcel.',
      body: {
        mediaType: 'application/json',
        required: false,
        schema: { type: 'object', properties: { body: { type: 'array', items: { type: 'string' } } } },
        wrapped: 'body',
      },
      responseWrapped: undefined,
      disabled: null,
    },
    { operationId: 'same_2', summary: 'Two', body: null, responseWrapped: undefined, disabled: null },
  ])
  expect(plugin?.repairs.find(({ code }) => code === 'SCHEMA_TYPE')).toEqual({
    code: 'SCHEMA_TYPE',
    file: 'api.yaml',
    line: 9,
    path: '/paths/~1parcels~1{id}/post/parameters/0/schema/type',
    before: '"int"',
    after: '"integer"',
  })
})

test('strict says of each of them that it is an error', async () => {
  const mended = await read(careless)
  const strict = await read(careless, { strict: true })
  expect(strict.said).toEqual(mended.said.map((line) => line.replace('warning', 'error')))
})

test('a broken reference is told at its line and disables only the tools that need it', async () => {
  const { tools, said } = await read(`${head}  /a:
    post:
      operationId: needsIt
      summary: A
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Outer'}}}}
${answer}  /b:
    get:
      operationId: answersIt
      summary: B
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'https://elsewhere.example/a.yaml#/X'}}}}}
  /c:
    $ref: '../outside.yaml'
components:
  schemas:
    Outer:
      type: object
      properties:
        inner: {$ref: '#/components/schemas/Gone'}
    Loop: {$ref: '#/components/schemas/Pool'}
    Pool: {$ref: '#/components/schemas/Loop'}
`)
  expect([
    said.filter((line) => line.startsWith('error')),
    tools.map(({ operationId, disabled }) => [operationId, disabled]),
  ]).toEqual([
    [
      'error REFERENCE_EXTERNAL api.yaml:15',
      'error REFERENCE_EXTERNAL api.yaml:17',
      'error REFERENCE_MISSING api.yaml:23',
      'error REFERENCE_CYCLIC api.yaml:24',
      'error REFERENCE_CYCLIC api.yaml:25',
    ],
    [
      ['needsIt', 'REFERENCE_MISSING'],
      ['answersIt', null],
    ],
  ])
})

test('files of the package are followed, and their faults are told where they stand', async () => {
  const { tools, said, document } = await read(
    `${head}  /trees:
    $ref: 'paths/trees.yaml'
`,
    {
      others: {
        'paths/trees.yaml': `post:
  operationId: plant
  summary: Plants a tree
  requestBody: {$ref: '../body.yaml#/tree'}
  responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '../tree.yaml'}}}}}
`,
        'body.yaml': `tree:\n  content: {application/json: {schema: {$ref: tree.yaml}}}\n`,
        'tree.yaml': `type: object\nproperties:\n  height: {type: float}\n  branches: {type: array, items: {$ref: 'tree.yaml'}}\n`,
      },
    },
  )
  expect([said, tools.map(({ body, response }) => [body?.schema, response]), document?.['components']]).toEqual([
    ['warning SCHEMA_TYPE tree.yaml:3'],
    [[{ $ref: '#/components/schemas/tree' }, { $ref: '#/components/schemas/tree' }]],
    {
      schemas: {
        tree: {
          type: 'object',
          properties: {
            height: { type: 'number', format: 'float' },
            branches: { type: 'array', items: { $ref: '#/components/schemas/tree' } },
          },
        },
      },
    },
  ])
})

test('Swagger 2.0 becomes OpenAPI 3.0, its findings keep the lines of the original', async () => {
  const { tools, plugin, said } = await read(`swagger: '2.0'
info: {title: Old, description: Old, version: '1'}
host: old.example
basePath: /api
schemes: [http, https]
securityDefinitions: {key: {type: apiKey, in: header, name: X-Key}}
paths:
  /upload:
    post:
      operationId: upload
      summary: Uploads
      parameters:
        - {name: note, in: formData, type: string, required: true}
        - {name: data, in: formData, type: file}
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
      responses: {'200': {description: ok, schema: {$ref: '#/definitions/Receipt'}}}
definitions:
  Receipt: {type: object, properties: {id: {type: long}}}
`)
  expect([said, plugin?.server, plugin?.auth, tools[0]?.parameters, tools[0]?.body, tools[0]?.response]).toEqual([
    ['warning OPENAPI_LOWERED api.yaml:1', 'warning SCHEMA_TYPE api.yaml:18'],
    'https://old.example/api',
    { kind: 'serviceToken', name: 'X-Key', token: '', place: 'header' },
    [
      {
        name: 'tags',
        place: 'query',
        required: false,
        description: '',
        schema: { type: 'array', items: { type: 'string' } },
        explode: true,
      },
    ],
    {
      mediaType: 'multipart/form-data',
      required: true,
      schema: {
        type: 'object',
        properties: { note: { type: 'string' }, data: { type: 'string', format: 'binary' } },
        required: ['note'],
      },
    },
    { $ref: '#/components/schemas/Receipt' },
  ])
})

test('3.1 is said in the words of 3.0', async () => {
  const { document } = await read(`openapi: 3.1.0
info: {title: New, description: New, version: '1'}
servers: [{url: 'https://new.example'}]
webhooks: {news: {}}
paths: {}
components:
  schemas:
    A: {type: [string, 'null'], examples: [x, y]}
    B: {const: 3}
    C: {type: number, exclusiveMinimum: 2, minimum: 1}
    D: {anyOf: [{type: string}, {type: 'null'}]}
    E: {type: [string, integer]}
    F: true
`)
  expect([document?.['openapi'], document?.['webhooks'], (document?.['components'] as never)?.['schemas']]).toEqual([
    '3.0.3',
    undefined,
    {
      A: { type: 'string', nullable: true, example: 'x' },
      B: { enum: [3] },
      C: { type: 'number', minimum: 2, exclusiveMinimum: true },
      D: { anyOf: [{ type: 'string' }], nullable: true },
      E: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      F: {},
    },
  ])
})

test('a schema that requires itself is told: no value fits it', async () => {
  const { said } = await read(`${head}  {}
components:
  schemas:
    Endless: {type: object, required: [again], properties: {again: {$ref: '#/components/schemas/Endless'}}}
    Listed: {type: object, required: [again], properties: {again: {type: array, items: {$ref: '#/components/schemas/Listed'}}}}
    Free: {type: object, properties: {again: {$ref: '#/components/schemas/Free'}}}
`)
  expect(said.filter((line) => line.includes('SCHEMA'))).toEqual([
    'error SCHEMA_ENDLESS api.yaml:8',
    'warning SCHEMA_RECURSIVE api.yaml:9',
  ])
})

test('servers: the first usable one, variables filled in, an own one for an operation, asked for where there is none', async () => {
  const servers = async (list: string) => {
    const { plugin, said } = await read(head.replace(/servers: .*/, `servers: ${list}`).replace('paths:', 'paths: {}'))
    return [plugin?.server, plugin?.configuration.map(({ name }) => name), said.slice(0, -1)]
  }
  expect([
    await servers(`[{url: 'ws://a.example'}, {url: 'https://{at}.example', variables: {at: {default: eu}}}]`),
    await servers(`[{url: /v1}]`),
    await servers(`[{url: 'https://{at}.example'}]`),
  ]).toEqual([
    [
      'https://eu.example',
      [],
      ['warning SERVER_INVALID api.yaml:3', 'warning SERVER_VARIABLES api.yaml:3', 'warning SERVER_SEVERAL api.yaml:3'],
    ],
    ['', ['server'], ['warning SERVER_INVALID api.yaml:3', 'warning SERVER_MISSING api.yaml:3']],
    ['', ['server'], ['warning SERVER_INVALID api.yaml:3', 'warning SERVER_MISSING api.yaml:3']],
  ])
})

test('nothing that is no OpenAPI document makes a plugin, and nothing throws', async () => {
  const all = await Promise.all(
    [
      'openapi: 4.0.0',
      'openapi: 3.0.0',
      '[]',
      'x',
      'openapi: 3.0.0\npaths: [1]',
      'openapi: 3.0.0\npaths: {/a: {get: 1, post: null}}',
      'openapi: {}',
      'swagger: 2.0\npaths: {/a: {get: {parameters: 3, responses: [1]}}}',
    ].map(async (text) => (await read(text)).said.find((line) => line.startsWith('error')) ?? 'fine'),
  )
  expect(all).toEqual([
    'error OPENAPI_VERSION api.yaml:1',
    'error FIELD_MISSING api.yaml:1',
    'error FIELD_WRONG api.yaml:1',
    'error FIELD_WRONG api.yaml:1',
    'error FIELD_WRONG api.yaml:2',
    'error FIELD_WRONG api.yaml:2',
    'error OPENAPI_VERSION api.yaml:1',
    'fine',
  ])
})
