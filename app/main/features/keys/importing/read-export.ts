import { createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../../../shared/errors.ts'
import { fromJson } from '../../../lib/json.ts'
import { derive, FORMAT } from '../export.ts'
import { factsOfNew, faultsOf, NewKey } from '../key-fields.ts'
import { type FoundKey, MOST_OWN_KEYS, plain } from './import-types.ts'

/** A file from outside says how dear a guess is: it does not choose how much memory and time it takes here. */
const MOST_MEMORY = 256 * 1024 * 1024
const Sealed = z
  .object({
    ...{ format: z.literal(FORMAT), version: z.literal(1), cipher: z.literal('aes-256-gcm'), kdf: z.literal('scrypt') },
    N: z.int().min(1024).max(262_144),
    ...{ r: z.int().min(1).max(16), p: z.int().min(1).max(4) },
    ...{ salt: z.base64().max(100), nonce: z.base64().length(16), tag: z.base64().length(24), data: z.string() },
  })
  .refine(({ N, r }) => Number.isInteger(Math.log2(N)) && 128 * N * r < MOST_MEMORY)
const Content = z.object({ keys: z.array(z.unknown()) })
const Exported = NewKey.extend({
  // Names were not always without control characters; a secret does not stay behind for that.
  key_name: z.string().transform(plain).pipe(NewKey.shape.key_name),
  enabled: z.boolean().default(true),
})

/** What `saveKeys` saved. A key that is not as it wrote it is left out and told. */
export async function readExport(text: string, passphrase: string): Promise<FoundKey[]> {
  const sealed = Sealed.safeParse(fromJson(text)).data
  if (!sealed) throw new AppError('KEY_FILE_UNREADABLE', { line: 1, reason: 'it is no export of this console' })
  const { keys } = Content.safeParse(fromJson(await opened(sealed, passphrase))).data ?? {}
  if (!keys) throw new AppError('KEY_FILE_UNREADABLE', { line: 1, reason: 'it holds no keys' })
  // One more than may be, so that whoever counts them sees that there are too many.
  return keys.slice(0, MOST_OWN_KEYS + 1).map((key, at) => found(key, at + 1))
}

function found(given: unknown, line: number): FoundKey {
  const key = Exported.safeParse(given)
  if (key.success)
    return { kind: 'key', line, facts: factsOfNew(key.data), secret: key.data.api_key, enabled: key.data.enabled }
  const [fault] = faultsOf(key.error)
  const name = z.object({ key_name: z.string() }).safeParse(given).data?.key_name.slice(0, 120) ?? ''
  return { kind: 'unreadable', line, name, vendor: null, reason: `${fault?.field}: ${fault?.reason}` }
}

async function opened(sealed: z.infer<typeof Sealed>, passphrase: string): Promise<string> {
  const { salt, nonce, tag, data, ...head } = sealed
  const { N, r, p } = head
  const bytes = (encoded: string) => Buffer.from(encoded, 'base64')
  const key = await derive(passphrase.normalize('NFC'), bytes(salt), 32, { N, r, p, maxmem: MOST_MEMORY + 1_048_576 })
  try {
    const options = { authTagLength: 16 }
    const { format, version, cipher, kdf } = head
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(nonce), options)
      .setAAD(Buffer.from(JSON.stringify({ format, version, cipher, kdf, N, r, p })))
      .setAuthTag(bytes(tag))
    return Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString('utf8')
  } catch {
    throw new AppError('KEY_FILE_PASSPHRASE')
  }
}
