import { createHash, createPublicKey, verify } from 'node:crypto'
import type { HashedFiles, Json, JsonObject } from './package-types.ts'

/**
 * What the signature of an `.xpkg` is over, so that any tool can make one. The bytes are UTF-8 lines, each ended by "\n":
 *
 *     pilothouse-xpkg-v1
 *     <SHA-256 of the canonical manifest, hex>  manifest.json
 *     <SHA-256 of the file, hex>  <path>          for every other file, sorted by the bytes of the path
 *
 * The canonical manifest is manifest.json without its member `signature`, keys sorted by their UTF-16 code units at every
 * level, no white space, strings and numbers as JSON.stringify writes them (RFC 8785). Paths are relative to the manifest.
 * `signature` is {"algorithm": "ed25519", "public_key": <32 bytes, base64>, "signature": <64 bytes, base64>} and may have
 * `key_id`, the first 16 hex digits of the SHA-256 of the 32 bytes.
 */
export function signedBytes(
  manifest: JsonObject,
  files: readonly { readonly path: string; readonly sha256: string }[],
): Buffer {
  const { signature: _, ...rest } = manifest
  const others = files
    .map(({ path, sha256 }) => ({ path: Buffer.from(path), sha256 }))
    .sort((a, b) => Buffer.compare(a.path, b.path))
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
  return Buffer.from(['pilothouse-xpkg-v1\n', `${sha256Of(canonical(rest))}  manifest.json\n`, ...others].join(''))
}

export const keyIdOf = (publicKey: Uint8Array) => sha256Of(publicKey).slice(0, 16)
const sha256Of = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')

/** JSON with one spelling only. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const object = value as JsonObject
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key]!)}`)
  return `{${members.join(',')}}`
}

export type SignatureState =
  | { readonly kind: 'none' | 'unknown' }
  | { readonly kind: 'valid'; readonly key: string }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Checks the signature; `valid` says that who holds that key signed exactly these files, not who that is. */
export async function checkSignature(manifest: JsonObject, files: HashedFiles, base: string): Promise<SignatureState> {
  const written = manifest['signature']
  if (written === undefined || written === null || written === '') return { kind: 'none' }
  if (typeof written !== 'object' || Array.isArray(written)) return { kind: 'unknown' }
  const { algorithm, public_key, signature, key_id } = written as JsonObject
  if (typeof algorithm !== 'string' || algorithm.toLowerCase() !== 'ed25519') return { kind: 'unknown' }
  const key = bytesOf(public_key, 32)
  const signed = bytesOf(signature, 64)
  if (!key || !signed) return { kind: 'wrong', reason: key ? 'signature' : 'public_key' }
  if (key_id !== undefined && key_id !== keyIdOf(key)) return { kind: 'wrong', reason: 'key_id' }
  const hashes: { path: string; sha256: string }[] = []
  for (const { path } of files.files) {
    if (path === `${base}manifest.json`) continue
    // What lies beside the manifest's folder would not be signed, and must not ride along.
    if (!path.startsWith(base)) return { kind: 'wrong', reason: path.slice(0, 200) }
    hashes.push({ path: path.slice(base.length), sha256: await files.hash(path) })
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }
  try {
    const valid = verify(null, signedBytes(manifest, hashes), createPublicKey({ key: jwk, format: 'jwk' }), signed)
    return valid ? { kind: 'valid', key: keyIdOf(key) } : { kind: 'wrong', reason: 'Ed25519' }
  } catch {
    return { kind: 'wrong', reason: 'public_key' }
  }
}

function bytesOf(text: Json | undefined, length: number): Buffer | null {
  if (typeof text !== 'string' || text.length > 200) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length ? bytes : null
}
