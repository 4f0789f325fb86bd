import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JsonObject } from './packages/package-types.ts'
import { signedBytes } from './packages/xpkg-signature.ts'

/** Packages of the project's own, for tests: path → text or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** An OpenAPI document with these operations. */
export function document(title: string, version: string, operations: readonly string[], more: object = {}): string {
  const operation = (operationId: string) => ({
    operationId,
    summary: `What ${operationId} does`,
    parameters: [{ name: 'city', in: 'query', required: true, schema: { type: 'string' } }],
    responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } } },
  })
  return JSON.stringify(
    {
      ...{
        openapi: '3.0.0',
        info: { title, version, description: title },
        servers: [{ url: 'https://api.example.com' }],
      },
      paths: Object.fromEntries(operations.map((id) => [`/${id}`, { get: operation(id) }])),
      ...more,
    },
    null,
    2,
  )
}

/** An .xpkg unpacked: its manifest, signed by a fresh key where `signed` says so, and a form with a secret and a number. */
export function xpkg(manifest: JsonObject, signed: 'no' | 'well' | 'badly' = 'no'): Files {
  const whole: JsonObject = {
    ...{
      id: 'vendor',
      name: 'Vendor',
      version: '1.0.0',
      description: 'models',
      author: 'Ann',
      license: 'MIT',
      provider: 'openai',
    },
    ...{ capabilities: [{ type: 'chat', models: ['small', 'large'] }] },
    ...manifest,
  }
  const schema = JSON.stringify({
    type: 'object',
    required: ['api_key'],
    properties: {
      api_key: { type: 'string', secret: true, title: 'Key' },
      base_url: { type: 'string', format: 'uri' },
      retries: { type: 'integer', default: 3 },
      region: { type: 'string', enum: ['cn', 'eu'] },
    },
  })
  const files = { 'config.schema.json': schema }
  if (signed === 'no') return { ...files, 'manifest.json': JSON.stringify(whole) }
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const sha256 = createHash('sha256').update(schema).digest('hex')
  const bytes = signedBytes(whole, [{ path: 'config.schema.json', sha256 }])
  const signature = {
    algorithm: 'ed25519',
    public_key: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
    signature: sign(null, signed === 'well' ? bytes : Buffer.from('other'), privateKey).toString('base64'),
  }
  return { ...files, 'manifest.json': JSON.stringify({ ...whole, signature }) }
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}
