import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { packageFiles } from '../../../../../tests/lib/package-files.ts'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { JsonObject } from './package-types.ts'
import { readXpkg } from './xpkg.ts'
import { keyIdOf, signedBytes } from './xpkg-signature.ts'

const manifest: JsonObject = {
  id: 'dashscope',
  name: '百炼',
  version: '1.2.0',
  description: 'Models of DashScope',
  author: 'Somebody',
  license: 'MIT',
  provider: 'dashscope',
  capabilities: [
    { type: 'chat', models: ['qwen-max', { id: 'qwen-plus', label: 'Qwen Plus' }] },
    { type: 'rerank', models: ['gte-rerank'] },
  ],
}
const text = (value: JsonObject) => JSON.stringify(value, null, 2)
const read = (files: Record<string, string>) => readXpkg(packageFiles(files), { strict: false })
const brief = (findings: readonly Finding[]) => findings.map(({ code, file, line, path }) => [code, file, line, path])

test('a manifest becomes a plugin with its models and its form', async () => {
  const schema = {
    type: 'object',
    required: ['api_key'],
    properties: {
      api_key: { type: 'string', title: 'API Key', secret: true, default: 'never shown' },
      base_url: { type: 'string', format: 'uri', default: 'https://example.com', maxLength: 200 },
      region: { type: 'string', enum: ['cn', 'intl'] },
      retries: { type: 'integer', default: 3 },
      headers: { type: 'object' },
    },
  }
  const { plugins, findings } = await read({
    'manifest.json': text(manifest),
    'config.schema.json': text(schema),
    'plugin.so': 'x',
    'lib/model.wasm': 'x',
    'main.py': 'x',
    'README.md': 'x',
  })
  expect(brief(findings)).toEqual([
    ['CODE_IGNORED', 'lib/model.wasm', null, ''],
    ['CODE_IGNORED', 'main.py', null, ''],
    ['CODE_IGNORED', 'plugin.so', null, ''],
    ['CONFIG_FIELD_UNSUPPORTED', 'config.schema.json', 30, '/properties/headers'],
  ])
  const field = { required: false, default: null, options: [], maxLength: null }
  expect(plugins).toEqual([
    {
      kind: 'xpkg',
      id: 'dashscope',
      name: '百炼',
      nameForModel: 'dashscope',
      version: 'v1.2.0',
      description: 'Models of DashScope',
      author: 'Somebody',
      license: 'MIT',
      provider: 'dashscope',
      logo: '',
      server: '',
      auth: { kind: 'none' },
      commonParameters: { body: [], header: [], query: [], path: [] },
      tools: [],
      models: [
        { id: 'qwen-max', kind: 'chat', label: 'qwen-max', deprecated: false },
        { id: 'qwen-plus', kind: 'chat', label: 'Qwen Plus', deprecated: false },
        { id: 'gte-rerank', kind: 'rerank', label: 'gte-rerank', deprecated: false },
      ],
      configuration: [
        { ...field, name: 'api_key', label: 'API Key', kind: 'secret', required: true },
        { ...field, name: 'base_url', label: 'base_url', kind: 'url', default: 'https://example.com', maxLength: 200 },
        {
          ...{ ...field, name: 'region', label: 'region', kind: 'select' },
          options: [
            { value: 'cn', label: 'cn' },
            { value: 'intl', label: 'intl' },
          ],
        },
        { ...field, name: 'retries', label: 'retries', kind: 'number', default: '3' },
      ],
      document: null,
      repairs: [],
      signature: 'none',
    },
  ])
})

test('what is wrong is told at its place', async () => {
  const { plugins, findings } = await read({
    'p/manifest.json': text({
      ...{ id: '../x', name: 5, version: '1', provider: 'x', license: 'MIT', author: 'a' },
      capabilities: [
        { type: 'sing', models: ['x'] },
        { type: 'chat', models: [] },
      ],
      ...{
        min_version: '2.0.0',
        max_version: '1.9.9',
        config_schema: 'none.json',
        checksum: 'sha256:00',
        signature: 'AAAA',
      },
    }),
  })
  expect(plugins).toEqual([])
  expect(brief(findings)).toEqual([
    ['FIELD_WRONG', 'p/manifest.json', 3, '/name'],
    ['VERSION_NOT_SEMANTIC', 'p/manifest.json', 4, '/version'],
    ['FIELD_WRONG', 'p/manifest.json', 2, '/id'],
    ['XPKG_VERSION_RANGE', 'p/manifest.json', 20, '/min_version'],
    ['FIELD_WRONG', 'p/manifest.json', 10, '/capabilities/0/type'],
    ['XPKG_MODELS_EMPTY', 'p/manifest.json', 17, '/capabilities/1/models'],
    ['DOCUMENT_MISSING', 'p/manifest.json', 22, '/config_schema'],
    ['XPKG_SIGNATURE_UNKNOWN', 'p/manifest.json', 24, '/signature'],
    ['XPKG_CHECKSUM_INSIDE', 'p/manifest.json', 23, '/checksum'],
    ['XPKG_FIELD_ADVISED', 'p/manifest.json', 1, ''],
  ])
})

test.each(['', '[]', '"x"', '{', '\xff\xfe\xfd'])(
  'a manifest that is none has findings and no plugin: %j',
  async (manifest) => {
    const { plugins, findings } = await readXpkg(packageFiles({ 'manifest.json': Buffer.from(manifest, 'latin1') }), {
      strict: false,
    })
    expect(plugins).toEqual([])
    expect(findings.some(({ severity }) => severity === 'error')).toBe(true)
  },
)

test('checksums of files are compared', async () => {
  const sum = createHash('sha256').update('a').digest('hex')
  const { findings } = await read({
    'manifest.json': text({ ...manifest, checksum: { 'a.txt': `sha256:${sum}`, 'b.txt': sum } }),
    'a.txt': 'a',
    'b.txt': 'b',
  })
  expect(findings.map(({ code, details }) => [code, details])).toEqual([['XPKG_CHECKSUM_WRONG', { name: 'b.txt' }]])
})

test('a signature holds for exactly the files that were signed', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const icon = '<svg/>'
  const bytes = signedBytes(manifest, [{ path: 'icon.svg', sha256: createHash('sha256').update(icon).digest('hex') }])
  const signature = {
    algorithm: 'ed25519',
    public_key: raw.toString('base64'),
    signature: sign(null, bytes, privateKey).toString('base64'),
    key_id: keyIdOf(raw),
  }
  // The order of keys and the white space do not matter.
  const signed = JSON.stringify({ signature, ...Object.fromEntries(Object.entries(manifest).reverse()) })
  const state = async (files: Record<string, string>) => {
    const { plugins, findings } = await read(files)
    return [plugins[0]?.signature, findings.map(({ severity, code, details }) => [severity, code, details['reason']])]
  }
  const wrong = (reason: string) => ['invalid', [['error', 'XPKG_SIGNATURE_WRONG', reason]]]
  expect(await state({ 'manifest.json': signed, 'icon.svg': icon })).toEqual([
    'valid',
    [['info', 'XPKG_SIGNED', undefined]],
  ])
  expect(await state({ 'p/manifest.json': signed, 'p/icon.svg': icon })).toEqual([
    'valid',
    [['info', 'XPKG_SIGNED', undefined]],
  ])
  expect(await state({ 'manifest.json': signed, 'icon.svg': '<svg />' })).toEqual(wrong('Ed25519'))
  expect(await state({ 'manifest.json': signed, 'icon.svg': icon, more: '' })).toEqual(wrong('Ed25519'))
  expect(await state({ 'p/manifest.json': signed, 'p/icon.svg': icon, more: '' })).toEqual(wrong('more'))
  expect(await state({ 'manifest.json': signed.replace('1.2.0', '1.2.1'), 'icon.svg': icon })).toEqual(wrong('Ed25519'))
  expect(await state({ 'manifest.json': signed.replace(keyIdOf(raw), '0'), 'icon.svg': icon })).toEqual(wrong('key_id'))
  expect(await state({ 'manifest.json': text(manifest), 'icon.svg': icon })).toEqual(['none', []])
})

test('the signed bytes are what the documentation says', () => {
  const hash = createHash('sha256').update('{"a":[1,"é"],"b":{"c":null,"d":true}}').digest('hex')
  const files = [
    { path: 'b', sha256: '22' },
    { path: 'a/x', sha256: '11' },
  ]
  expect(signedBytes({ b: { d: true, c: null }, signature: 'x', a: [1, 'é'] }, files).toString()).toBe(
    `pilothouse-xpkg-v1\n${hash}  manifest.json\n11  a/x\n22  b\n`,
  )
})
