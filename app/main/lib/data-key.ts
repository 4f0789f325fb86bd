import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Capabilities } from '../../shared/contracts/host.ts'
import { AppError } from '../../shared/errors.ts'
import { createFile, replaceFile } from './replace-file.ts'

/** What the operating system does with the key, where it can: encrypt it for this user of this machine. */
export interface KeyWrapper {
  wrap(key: string): Promise<Buffer>
  unwrap(wrapped: Buffer): Promise<string>
}

/** Seals secrets with AES-256-GCM; the name is part of what is sealed, so one secret cannot be put in another's place. */
export interface DataKey {
  readonly storage: Capabilities['secretStorage']
  seal(name: string, text: string): string
  /** Fails with SECRET_UNREADABLE when it was sealed under another name or key, or changed since. */
  open(name: string, sealed: string): string
}

const KeyFile = z.object({ version: z.literal(1), wrapped: z.boolean(), key: z.base64().max(10_000) })
type KeyFile = z.infer<typeof KeyFile>

/**
 * The 32-byte key of a data folder, created on first use. Without a wrapper it lies in the file as it is, and the mode
 * 0600 is all that guards it; once there is a wrapper, the file is rewritten. Fails with DATA_KEY_UNUSABLE.
 */
export async function openDataKey(folder: string, wrapper: KeyWrapper | null): Promise<DataKey> {
  const path = join(folder, 'data-key.json')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await assertPrivate(folder)
  const fresh = await keyFile(randomBytes(32).toString('base64'), wrapper)
  const created = await createFile(path, JSON.stringify(fresh))
  if (!created) await assertPrivate(path)
  const stored = created ? fresh : await readKeyFile(path)
  const key = Buffer.from(await unwrapped(stored, wrapper, path), 'base64')
  if (key.length !== 32) throw unusable(path, 'the key has the wrong length')
  if (wrapper && !stored.wrapped)
    await replaceFile(path, JSON.stringify(await keyFile(key.toString('base64'), wrapper)))
  return { storage: wrapper ? 'operating-system' : 'key-file', ...sealing(key) }
}

async function keyFile(key: string, wrapper: KeyWrapper | null): Promise<KeyFile> {
  if (!wrapper) return { version: 1, wrapped: false, key }
  return { version: 1, wrapped: true, key: (await wrapper.wrap(key)).toString('base64') }
}

async function readKeyFile(path: string): Promise<KeyFile> {
  try {
    return KeyFile.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw unusable(path, 'it is not a key file', error)
  }
}

async function unwrapped(stored: KeyFile, wrapper: KeyWrapper | null, path: string): Promise<string> {
  if (!stored.wrapped) return stored.key
  if (!wrapper) throw unusable(path, 'the desktop program sealed it with the keyring of the operating system')
  try {
    return await wrapper.unwrap(Buffer.from(stored.key, 'base64'))
  } catch (error) {
    throw unusable(path, 'the keyring of the operating system does not open it', error)
  }
}

/** Nobody else may own or read it. A folder that is merely too open is closed; a file that was open is refused. */
async function assertPrivate(path: string): Promise<void> {
  const found = await lstat(path)
  const folder = found.isDirectory()
  if (!folder && !found.isFile()) throw unusable(path, 'it is no plain file')
  if (!folder && found.size > 20_000) throw unusable(path, 'it is too large for a key')
  if (process.platform === 'win32') return // the profile's access list guards it; there are no modes
  if (found.uid !== process.getuid?.()) throw unusable(path, 'it belongs to another user')
  if ((found.mode & 0o077) === 0) return
  if (!folder) throw unusable(path, `others may read it (mode ${(found.mode & 0o777).toString(8)})`)
  await chmod(path, 0o700)
}

const unusable = (path: string, reason: string, cause?: unknown) =>
  new AppError('DATA_KEY_UNUSABLE', { path, reason }, { cause })

/** v1: 12 bytes of nonce, 16 of tag, then the text. */
function sealing(key: Buffer): Pick<DataKey, 'seal' | 'open'> {
  return {
    seal(name, text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(name, sealed) {
      try {
        const [version, encoded = ''] = sealed.split('.')
        const bytes = Buffer.from(encoded, 'base64url')
        if (version !== 'v1' || bytes.length < 28) throw new Error('not a sealed secret')
        const options = { authTagLength: 16 }
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), options)
          .setAAD(Buffer.from(name))
          .setAuthTag(bytes.subarray(12, 28))
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
      } catch (error) {
        throw new AppError('SECRET_UNREADABLE', { name }, { cause: error })
      }
    },
  }
}
