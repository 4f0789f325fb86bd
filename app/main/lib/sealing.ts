import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'

/** Seals secrets with AES-256-GCM; the name is part of what is sealed, so one secret cannot be put in another's place. */
export interface Sealer {
  seal(name: string, text: string): string
  /** Fails with SECRET_UNREADABLE when it was sealed under another name or key, or changed since. */
  open(name: string, sealed: string): string
  /** HMAC-SHA256 under a key derived for one purpose: finds an equal text again, tells nothing of it. Hexadecimal. */
  fingerprint(purpose: string, text: string): string
}

/** Writes every sealed secret of some tables again, and answers how many; what `from` does not open stays as it is. */
export type Reseal = (from: Sealer, to: Sealer) => number

/** Seals with the first of some 32-byte keys, and opens what any of them sealed. v1: 12 bytes of nonce, 16 of tag, the text. */
export function sealerOf(keys: readonly Buffer[]): Sealer {
  const key = keys[0]!
  return {
    fingerprint(purpose, text) {
      const derived = Buffer.from(hkdfSync('sha256', key, '', `pilothouse fingerprint ${purpose}`, 32))
      return createHmac('sha256', derived).update(text, 'utf8').digest('hex')
    },
    seal(name, text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(name, sealed) {
      let cause: unknown
      for (const one of keys) {
        try {
          return openWith(one, name, sealed)
        } catch (error) {
          cause = error
        }
      }
      throw new AppError('SECRET_UNREADABLE', { name }, { cause })
    },
  }
}

function openWith(key: Buffer, name: string, sealed: string): string {
  const [version, encoded = ''] = sealed.split('.')
  const bytes = Buffer.from(encoded, 'base64url')
  if (version !== 'v1' || bytes.length < 28) throw new Error('not a sealed secret')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(12, 28))
  return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
}
