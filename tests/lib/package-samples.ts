const openapi = `openapi: 3.0.1
info: { title: Weather, description: 天气, version: v1 }
servers: [{ url: https://api.example.com }]
paths:
  /weather/{city}:
    get:
      operationId: getWeather
      summary: Weather
      parameters:
        - { name: city, in: path, required: true, schema: { type: string } }
      responses:
        '200': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/Day' } } } }
components:
  schemas:
    Day: &day { type: object, properties: { t: { type: number }, next: { $ref: '#/components/schemas/Day' } } }
`
const coze = {
  'plugin_meta.yaml': `- plugin_id: 1
  product_id: 2
  version: v1.0.0
  openapi_doc_file: weather.yaml
  plugin_type: 1
  manifest:
    schema_version: v1
    name_for_model: weather
    name_for_human: 天气
    description_for_model: Weather
    description_for_human: 天气
    auth: { type: service_http, key: '', sub_type: token/api_key, payload: '{"key":"k","service_token":"t","location":"Header"}' }
    common_params: { body: [], header: [{ name: User-Agent, value: x }], path: [], query: [] }
    api: { type: openapi }
  tools: [{ tool_id: 11, deprecated: false, method: get, sub_url: '/weather/{city}' }]
`,
  'weather.yaml': openapi,
}
const xpkg = {
  'manifest.json': JSON.stringify({
    ...{
      id: 'a',
      name: '模型',
      version: '1.0.0',
      provider: 'openai-compatible',
      description: 'd',
      author: 'a',
      license: 'MIT',
    },
    capabilities: [{ type: 'chat', models: ['m', { id: 'n' }] }],
    checksum: { 'README.md': 'sha256:00' },
    signature: { algorithm: 'ed25519', public_key: 'A'.repeat(43), signature: 'A'.repeat(86) },
  }),
  'config.schema.json':
    '{"type":"object","required":["k"],"properties":{"k":{"type":"string","secret":true},"n":{"enum":[1]}}}',
  'README.md': '# x',
  'plugin.so': 'x',
}
const dify = {
  'manifest.yaml': 'name: a\nauthor: b\nversion: 0.0.1\nplugins: { models: [provider/a.yaml] }\n',
  'provider/a.yaml': `provider: a
label: { en_US: A, zh_Hans: 甲 }
supported_model_types: [llm, text-embedding]
configurate_methods: [predefined-model]
provider_credential_schema:
  credential_form_schemas:
    - { variable: k, type: secret-input, required: true, label: { en_US: K } }
    - { variable: s, type: select, options: [{ value: x }], show_on: [{ variable: k, value: y }] }
models: { llm: { position: models/llm/_position.yaml, predefined: ['models/llm/*.yaml'] } }
`,
  'models/llm/_position.yaml': '- m\n- n\n',
  'models/llm/m.yaml':
    'model: m\nmodel_type: llm\nmodel_properties: { mode: chat, context_size: 8 }\npricing: { input: "1", unit: "0.1", currency: RMB }\n',
}
const postman = JSON.stringify({
  info: { name: 'Weather', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  variable: [
    { key: 'base', value: 'http://h' },
    { key: 'b', value: '{{base}}{{b}}' },
  ],
  item: [
    {
      name: 'folder',
      item: [
        {
          name: 'call',
          request: {
            method: 'POST',
            auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{b}}' }] },
            url: {
              raw: '{{base}}/a/:id?q={{q}}',
              host: ['{{base}}'],
              path: ['a', ':id'],
              query: [{ key: 'q', value: '1' }],
            },
            body: { mode: 'raw', raw: '{"n": {{n}}}' },
          },
        },
      ],
    },
  ],
})
const curl = `curl -X POST 'https://h.example.com/a/{id}?q=1' \\
  -H "Authorization: Bearer $TOKEN" -u a:b --data-raw $'{"a":"\\u5929\\n"}' -F f=@x | jq .`

const newer = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Parcels', description: 'Where they are', version: '2.0.1' },
  servers: [{ url: 'https://{at}.example.com/v1', variables: { at: { default: 'eu' } } }],
  webhooks: { news: { post: {} } },
  security: [{ key: [] }],
  paths: {
    '/parcels/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      put: {
        operationId: 'put',
        requestBody: { $ref: '#/components/requestBodies/Parcel' },
        responses: { 200: { $ref: '#/components/responses/Parcel' }, default: { description: 'no' } },
      },
    },
    '/twice': { $ref: '#/components/pathItems/Twice' },
    '/again': { $ref: '#/components/pathItems/Twice' },
  },
  components: {
    pathItems: { Twice: { get: { operationId: 'twice', responses: { 204: { description: 'ok' } } } } },
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: ['string', 'null'] } } },
    requestBodies: { Parcel: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } } } },
    responses: { Parcel: { description: 'ok', content: { 'text/plain': { schema: { type: 'string' } } } } },
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
    schemas: {
      Parcel: {
        type: 'object',
        required: ['in'],
        properties: {
          in: { type: 'array', items: { $ref: '#/components/schemas/Parcel' } },
          size: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'null' }], examples: [1] },
          kind: { const: 'box' },
        },
      },
    },
  },
})
const older = `---
# Written by hand
swagger: "2.0"
info:
  title: Old
  description: |
    Two lines,
      the second indented.

  version: '1.0'
host: old.example
basePath: /api/
schemes: [http, https]
paths:
  /upload:
    post:
      operationId: upload
      summary: "Uploads \\
        a file"
      description: >-
        Folded
        text

        in two parts
      parameters:
      - name: note
        in: formData
        type: string
      - { name: data, in: formData, type: file }
      - $ref: '#/parameters/Tag'
      responses:
        200:
          description: plain text
            that goes on
          schema:
            $ref: "#/definitions/Receipt"
parameters:
  Tag: {name: tag, in: query, type: array, items: {type: string}}
definitions:
  Receipt:
    type: object
    properties:
      id:
        type: long
      next:
        $ref: '#/definitions/Receipt'
`
const aliased = `openapi: 3.0.0
info: &info { title: Aliases, version: v1 }
x-copy: *info
paths:
  /a: &path
    get: &get
      operationId: a
      responses: { 200: { description: ok } }
  /b:
    <<: *path
    post: { <<: [*get, *info], operationId: b }
`
const spread = {
  'api.yaml': `openapi: 3.0.0
info: { title: Trees, version: v1 }
servers: [{ url: https://api.example.com }]
paths:
  /trees: { $ref: paths/trees.yaml }
`,
  'paths/trees.yaml': `post:
  operationId: plant
  requestBody: { $ref: '../parts.json#/body' }
  responses: { '200': { description: ok, content: { application/json: { schema: { $ref: ../parts.json#/tree } } } } }
`,
  'parts.json':
    '{"body":{"content":{"application/json":{"schema":{"$ref":"#/tree"}}}},"tree":{"type":"object","properties":{"branch":{"$ref":"#/tree"}}}}',
}

/** Small packages of every kind, valid as they stand. */
export const folders: readonly Readonly<Record<string, string>>[] = [coze, xpkg, dify, spread]
export const texts: readonly string[] = [
  ...[openapi, postman, curl, newer, older, aliased],
  ...[coze['plugin_meta.yaml'], xpkg['manifest.json'], dify['provider/a.yaml']],
]
