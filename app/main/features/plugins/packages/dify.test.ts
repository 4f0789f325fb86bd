import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageFiles } from '../../../../../tests/lib/package-files.ts'
import { readDify } from './dify.ts'
import { openFolder } from './folder.ts'

const good = {
  'manifest.yaml':
    'name: acme\nauthor: someone\nversion: 0.1.2\ndescription:\n  en_US: Acme models\nplugins:\n  models:\n    - provider/acme.yaml\n',
  'provider/acme.yaml': `provider: acme
label:
  en_US: Acme
  zh_Hans: 顶点
configurate_methods:
  - predefined-model
supported_model_types:
  - llm
  - text-embedding
provider_credential_schema:
  credential_form_schemas:
    - variable: api_key
      label: { en_US: API Key, zh_Hans: 密钥 }
      type: secret-input
      required: true
    - variable: region
      label: { en_US: Region }
      type: select
      default: cn
      options:
        - { value: cn, label: { en_US: China, zh_Hans: 中国 } }
        - { value: intl, label: { en_US: Elsewhere } }
      show_on:
        - { variable: api_key, value: x }
models:
  llm:
    position: models/llm/_position.yaml
    predefined:
      - models/llm/*.yaml
`,
  'models/llm/_position.yaml': '- acme-2\n- acme-1\n',
  'models/llm/a.yaml':
    'model: acme-1\nmodel_type: llm\nlabel: { en_US: Acme One }\ndeprecated: true\nmodel_properties: { mode: chat, context_size: 8192 }\n',
  'models/llm/b.yaml': `model: acme-2
model_type: llm
parameter_rules:
  - name: temperature
    use_template: temperature
  - { name: top_k, type: int, default: 5, min: 1, max: 9 }
pricing: { input: '0.01', output: '0.02', unit: '0.001', currency: RMB }
`,
  'models/text_embedding/c.yaml': 'model: acme-e\nmodel_type: text-embedding\n',
  'main.py': 'import os',
}
const read = (files: Record<string, string>) => readDify(packageFiles(files), { strict: false })

test('a provider becomes a plugin with its models in order and its form', async () => {
  const { plugins, findings } = await read(good)
  expect(findings.map(({ code, file }) => [code, file])).toEqual([['CODE_IGNORED', 'main.py']])
  expect(plugins.length).toBe(1)
  expect(plugins[0]).toMatchObject({
    ...{
      kind: 'dify',
      id: 'acme',
      name: 'Acme',
      nameForModel: 'acme',
      version: 'v0.1.2',
      author: 'someone',
      provider: 'acme',
    },
    description: 'Acme models',
    models: [
      { id: 'acme-2', kind: 'chat', label: 'acme-2', deprecated: false },
      { id: 'acme-1', kind: 'chat', label: 'Acme One', deprecated: true },
      { id: 'acme-e', kind: 'embedding', label: 'acme-e', deprecated: false },
    ],
    configuration: [
      { name: 'api_key', kind: 'secret', label: 'API Key', chineseLabel: '密钥', required: true, default: null },
      {
        ...{ name: 'region', kind: 'select', label: 'Region', required: false, default: 'cn' },
        options: [
          { value: 'cn', label: 'China' },
          { value: 'intl', label: 'Elsewhere' },
        ],
      },
    ],
  })
})

test('what is wrong is told at its place, and the rest is still read', async () => {
  const { plugins, findings } = await read({
    ...good,
    'models/llm/_position.yaml': '- acme-1\n- gone\n',
    'models/llm/b.yaml': `model: acme-2
model_type: llm
model_properties:
  mode: shout
  context_size: many
parameter_rules:
  - { name: top_k, type: complex }
  - { name: top_p, type: float, default: 3, max: 1 }
pricing:
  input: cheap
  output: '0.1'
  unit: '0.001'
  currency: yuan
`,
    'models/text_embedding/c.yaml': 'model: acme-r\nmodel_type: rerank\n',
    'models/text_embedding/d.yaml': 'model_type: sing\n',
  })
  expect(plugins[0]!.models.map(({ id }) => id)).toEqual(['acme-1', 'acme-2', 'acme-r'])
  expect(findings.slice(1).map(({ code, file, line }) => `${file}:${line} ${code}`)).toEqual([
    'models/llm/b.yaml:5 FIELD_WRONG',
    'models/llm/b.yaml:4 FIELD_WRONG',
    'models/llm/b.yaml:7 FIELD_WRONG',
    'models/llm/b.yaml:8 DIFY_DEFAULT',
    'models/llm/b.yaml:10 DIFY_PRICE',
    'models/llm/b.yaml:13 DIFY_CURRENCY',
    'models/llm/_position.yaml:2 DIFY_POSITION',
    'models/text_embedding/c.yaml:2 DIFY_MODEL_UNDECLARED',
    'models/text_embedding/d.yaml:1 FIELD_MISSING',
    'models/text_embedding/d.yaml:1 DIFY_MODEL_TYPE',
  ])
})

test('a manifest without a provider has findings and no plugin', async () => {
  const codes = async (files: Record<string, string>) => {
    const { plugins, findings } = await read(files)
    return [plugins.length, ...findings.map(({ code }) => code)]
  }
  expect(await codes({ 'manifest.yaml': 'name: a\nauthor: b\nversion: 1.0.0\nplugins:\n  tools: [x]\n' })).toEqual([
    0,
    'DIFY_OTHER_PARTS',
    'DIFY_NO_MODELS',
  ])
  expect(await codes({ 'manifest.yaml': good['manifest.yaml'] })).toEqual([0, 'DOCUMENT_MISSING'])
  expect(await codes({ 'manifest.yaml': '- 1' })).toEqual([0, 'FIELD_WRONG'])
  expect(await codes({ ...good, 'provider/acme.yaml': 'label: x' })).toEqual([0, 'CODE_IGNORED', 'FIELD_MISSING'])
})

const corpus = '../shared/corpus/dify/tongyi'
test.skipIf(!existsSync(corpus))(
  'a real provider is read without a complaint [needs the corpus beside the project]',
  async () => {
    const { files } = await openFolder(corpus)
    const { plugins, findings } = await readDify(files!, { strict: false })
    expect(new Set(findings.map(({ severity, code }) => `${severity} ${code}`))).toEqual(
      new Set(['info DIFY_POSITION']),
    )
    expect(plugins[0]!.models.length).toBe(31)
    expect(plugins[0]!.models[0]).toEqual({ id: 'qwen3.8-max', kind: 'chat', label: 'qwen3.8-max', deprecated: false })
    expect(plugins[0]!.configuration.map(({ name, kind }) => [name, kind])).toEqual([
      ['dashscope_api_key', 'secret'],
      ['use_international_endpoint', 'select'],
    ])
  },
)
