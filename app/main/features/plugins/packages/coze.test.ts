import { expect, test } from 'vitest'
import { packageFiles } from '../../../../../tests/lib/package-files.ts'
import { readCoze } from './coze.ts'

async function read(texts: Record<string, string>, strict = false) {
  const { plugins, findings } = await readCoze(packageFiles(texts), { strict })
  return {
    plugins,
    said: findings.map(({ severity, code, file, line }) => `${severity} ${code} ${file}:${line ?? ''}`),
    shape: plugins.map(({ id, tools }) => [id, ...tools.map((tool) => `${tool.id} ${tool.disabled ?? 'callable'}`)]),
  }
}

const entry = (
  id: string,
  more = '',
  auth = '{type: none}',
  tool = `{tool_id: ${id}1, method: get, sub_url: /now}`,
) => `- plugin_id: ${id}
  product_id: 7376228190244618278
  version: v1.2.3
  openapi_doc_file: clock.yaml
  plugin_type: 1
  manifest:
    schema_version: v1
    name_for_model: clock
    name_for_human: 时钟
    description_for_model: Tells the time
    description_for_human: 报时
    api: {type: openapi}
    common_params: {header: [{name: User-Agent, value: Clock/1.0}]}
    auth: ${auth}
  tools: [${tool}]
${more}`
const clock = `openapi: 3.0.1
info: {title: Clock, description: Tells the time, version: v1}
servers: [{url: https://clock.example}]
paths:
  /now:
    get:
      operationId: now
      summary: The time
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
  /zones:
    get:
      operationId: zones
      summary: All zones
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
`

test('an entry is read with its document, ids of 64 bits keep their digits', async () => {
  const auth = `{type: service_http, key: ignored, sub_type: token/api_key, payload: '{"key":"appid","service_token":"t","location":"Query"}'}`
  const { plugins, said } = await read({
    'p/plugin_meta.yaml': entry(
      '9223372036854775807',
      '',
      auth,
      '{tool_id: 9007199254740993, method: GET, sub_url: /now}',
    ),
    'p/clock.yaml': clock,
  })
  const [plugin] = plugins
  expect([
    said,
    plugin?.id,
    plugin?.name,
    plugin?.nameForModel,
    plugin?.version,
    plugin?.server,
    plugin?.auth,
    plugin?.commonParameters.header,
    plugin?.tools.map(({ id, operationId, method, path, line }) => ({ id, operationId, method, path, line })),
  ]).toEqual([
    ['info OPERATION_NOT_LISTED p/plugin_meta.yaml:15'],
    '9223372036854775807',
    '时钟',
    'clock',
    'v1.2.3',
    'https://clock.example',
    { kind: 'serviceToken', name: 'appid', token: 't', place: 'query' },
    [{ name: 'User-Agent', value: 'Clock/1.0' }],
    [{ id: '9007199254740993', operationId: 'now', method: 'GET', path: '/now', line: 6 }],
  ])
})

test('a broken plugin spoils no other: each is told at its line', async () => {
  const broken = [
    'openapi_doc_file: clock.yaml\n',
    ...[
      entry('1').replace('clock.yaml', 'gone.yaml'),
      entry('1').replace('clock.yaml', '../clock.yaml'),
      entry('1').replace('clock.yaml', 'torn.yaml'),
    ],
  ].map((text) => text.replace(/^openapi/, '- openapi'))
  const { said, shape } = await read({
    'plugin_meta.yaml': `${broken.join('')}- just a word\n${entry('5')}${entry('5')}${entry('6', '', '{type: none}', '{tool_id: 51, method: get, sub_url: /now}, {tool_id: 62, method: post, sub_url: /now}, {tool_id: 63, method: get, sub_url: /zones, deprecated: true}')}${entry('7').replace('plugin_id', 'deprecated: true\n  plugin_id')}`,
    'clock.yaml': clock,
    'torn.yaml': 'openapi: 3.0.0\npaths: {',
    'spare.yaml': clock,
  })
  expect(shape).toEqual([
    ['5', '51 callable'],
    ['6', '62 TOOL_WITHOUT_OPERATION'],
  ])
  expect(said.filter((line) => !line.startsWith('info')).sort()).toEqual(
    [
      ...['plugin_id', 'product_id', 'version', 'manifest', 'tools'].map(
        () => 'error FIELD_MISSING plugin_meta.yaml:1',
      ),
      'error DOCUMENT_MISSING plugin_meta.yaml:5',
      'error DOCUMENT_ELSEWHERE plugin_meta.yaml:20',
      'error YAML_SYNTAX torn.yaml:2',
      'error FIELD_WRONG plugin_meta.yaml:47',
      'error ID_DUPLICATE plugin_meta.yaml:63',
      'error ID_DUPLICATE plugin_meta.yaml:92',
      'error TOOL_WITHOUT_OPERATION plugin_meta.yaml:92',
      'warning FILE_UNREFERENCED spare.yaml:',
    ].sort(),
  )
})

test('ways to sign in: known ones are read, others are told', async () => {
  const oauth = (flow: string) =>
    `{type: oauth, sub_type: ${flow}, payload: '{"client_id":"i","client_secret":"s","client_url":"https://a.example/in","scope":"x","authorization_url":"https://a.example/token","authorization_content_type":"application/json"}'}`
  const auths = await Promise.all(
    [
      oauth('authorization_code'),
      oauth('client_credentials'),
      '{type: magic}',
      '{type: oauth, sub_type: authorization_code, payload: {a: 1}}',
      `{type: service_http, sub_type: token/api_key, payload: '{"key":"k","location":"Body"}'}`,
    ].map(async (auth) => {
      const { plugins, said } = await read({ 'plugin_meta.yaml': entry('1', '', auth), 'clock.yaml': clock })
      const [plugin] = plugins
      return [
        plugin?.auth.kind === 'oauth' ? plugin.auth.flow : plugin?.auth.kind,
        ...said.filter((line) => line.startsWith('error')),
      ]
    }),
  )
  expect(auths).toEqual([
    ['authorizationCode'],
    ['clientCredentials'],
    ['none', 'error AUTH_UNKNOWN plugin_meta.yaml:14'],
    ['none', 'error AUTH_PAYLOAD plugin_meta.yaml:14'],
    ['serviceToken', 'error AUTH_FIELD plugin_meta.yaml:14'],
  ])
})

test('plugin_meta.yaml must be a list, oauth_schema.json a form', async () => {
  const said = [
    ...(await read({ 'plugin_meta.yaml': 'a: 1' })).said,
    ...(
      await read({
        'plugin_meta.yaml': '[]',
        'oauth_schema.json': '[{"key": "a",\n"items": [{"key": "b", "type": "colour"}]}]',
      })
    ).said,
  ]
  expect(said).toEqual([
    'error META_NOT_A_LIST plugin_meta.yaml:1',
    'error OAUTH_SCHEMA oauth_schema.json:2',
    'warning META_EMPTY plugin_meta.yaml:1',
  ])
})
