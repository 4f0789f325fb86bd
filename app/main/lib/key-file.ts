import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { chmod, lstat, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { createFile, replaceFile } from './replace-file.ts'

// The file that holds the data key. The keys lie in it as they are, or under a passphrase; the operating system's keyring,
// where there is one, is around either.

/** What the operating system does with the key, where it can: encrypt it for this user of this machine. */
export interface KeyWrapper {
  wrap(key: string): Promise<Buffer>
  unwrap(wrapped: Buffer): Promise<string>
}

/** 128 MB and about a third of a second for each guess. */
export const guessCost = { N: 131_072, r: 8, p: 1 }
const MEMORY = 512 * 1024 * 1024

const Key = z.object({ key: z.base64().length(44), retiredAt: z.number().nullable() })
/** Bounds the file; a rotation leaves far fewer. */
export const MOST_KEYS = 60
/** The key in use, then those before it that a backup may still need. */
const Ring = z.array(Key).min(1).max(MOST_KEYS)
export type Ring = z.infer<typeof Ring>

/** Everything but `nonce`, `tag` and `data` is authenticated with them. */
const Locked = z
  .object({
    ...{ kdf: z.literal('scrypt'), cipher: z.literal('aes-256-gcm') },
    N: z.int().min(1024).max(1_048_576),
    r: z.int().min(1).max(32),
    p: z.int().min(1).max(16),
    salt: z.base64().max(100),
    ...{ nonce: z.base64().length(16), tag: z.base64().length(24), data: z.base64().max(15_000) },
  })
  .refine(({ N, r }) => 128 * N * r < MEMORY)
export type Locked = z.infer<typeof Locked>

const Content = z.union([z.object({ keys: Ring }).strict(), z.object({ locked: Locked }).strict()])
/** What is in the file once the operating system's wrapping is off. */
export type Content = z.infer<typeof Content>

const KeyFile = z.union([
  z.object({ version: z.literal(1), wrapped: z.boolean(), key: z.base64().max(10_000) }),
  z.object({ version: z.literal(2), wrapped: z.literal(false), content: Content }),
  z.object({ version: z.literal(2), wrapped: z.literal(true), content: z.base64().max(19_000) }),
])
type KeyFile = z.infer<typeof KeyFile>

/** What the file holds, and whether the keyring is around it already. It must be there; fails with DATA_KEY_UNUSABLE. */
export async function readKeyFile(path: string, wrapper: KeyWrapper | null): Promise<Content & { wrapped: boolean }> {
  await assertPrivate(path)
  const file = await parsed(path)
  const { wrapped } = file
  const clear = wrapped ? await unwrapped(path, wrapper, file.version === 1 ? file.key : file.content) : null
  if (file.version === 1) return { keys: [{ key: whole(path, clear ?? file.key), retiredAt: null }], wrapped }
  if (!file.wrapped) return { ...file.content, wrapped }
  try {
    return { ...Content.parse(JSON.parse(clear ?? '')), wrapped }
  } catch (error) {
    throw unusable(path, 'it is not a key file', error)
  }
}

async function parsed(path: string): Promise<KeyFile> {
  try {
    return KeyFile.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw unusable(path, 'it is not a key file', error)
  }
}
function whole(path: string, key: string): string {
  if (Buffer.from(key, 'base64').length !== 32) throw unusable(path, 'the key has the wrong length')
  return key
}
async function unwrapped(path: string, wrapper: KeyWrapper | null, wrapped: string): Promise<string> {
  if (!wrapper) throw unusable(path, 'the desktop program sealed it with the keyring of the operating system')
  try {
    return await wrapper.unwrap(Buffer.from(wrapped, 'base64'))
  } catch (error) {
    throw unusable(path, 'the keyring of the operating system does not open it', error)
  }
}

async function textOf(content: Content, wrapper: KeyWrapper | null): Promise<string> {
  if (!wrapper) return JSON.stringify({ version: 2, wrapped: false, content })
  const wrapped = await wrapper.wrap(JSON.stringify(content))
  return JSON.stringify({ version: 2, wrapped: true, content: wrapped.toString('base64') })
}

/** False when there is a file already. */
export const createKeyFile = async (path: string, content: Content, wrapper: KeyWrapper | null): Promise<boolean> =>
  await createFile(path, await textOf(content, wrapper))

/** The old file or the whole new one is there at any time, and the new one for good before this ends. */
export async function writeKeyFile(path: string, content: Content, wrapper: KeyWrapper | null): Promise<void> {
  await replaceFile(path, await textOf(content, wrapper))
  await dropPartial(path, 0)
  if (process.platform === 'win32') return // a folder cannot be opened there; the file system's journal orders it
  // What is sealed from now on must not outlive the name of the file that opens it.
  const folder = await open(dirname(path))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** What a console that was killed while it wrote has left: keys, perhaps without the passphrase that guards them now. */
export async function dropPartial(path: string, olderThanMs: number): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.partial')) continue
    const left = join(dirname(path), name)
    const age = await stat(left)
      .then(({ mtimeMs }) => Date.now() - mtimeMs)
      .catch(() => -1)
    if (age >= olderThanMs) await rm(left, { force: true })
  }
}

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)
/** A key from a passphrase: with what it was made, to be used again while the keys change. */
export interface PassphraseKey {
  readonly key: Buffer
  readonly head: Omit<Locked, 'nonce' | 'tag' | 'data'>
}
async function keyOf(passphrase: string, head: PassphraseKey['head']): Promise<PassphraseKey> {
  const { N, r, p } = head
  const salt = Buffer.from(head.salt, 'base64')
  return { key: await derive(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: MEMORY + 1_048_576 }), head }
}
export const newPassphraseKey = (passphrase: string, cost: typeof guessCost): Promise<PassphraseKey> =>
  keyOf(passphrase, { kdf: 'scrypt', cipher: 'aes-256-gcm', ...cost, salt: randomBytes(16).toString('base64') })

const bound = ({ kdf, cipher, N, r, p, salt }: PassphraseKey['head']) =>
  Buffer.from(JSON.stringify({ kdf, cipher, N, r, p, salt }))

export function lockRing(ring: Ring, { key, head }: PassphraseKey): Locked {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(head))
  const data = Buffer.concat([cipher.update(JSON.stringify(ring), 'utf8'), cipher.final()])
  const encoded = { nonce: nonce.toString('base64'), tag: cipher.getAuthTag().toString('base64') }
  return { ...head, ...encoded, data: data.toString('base64') }
}
/** Null for a wrong passphrase, after the same time as for the right one. */
export async function unlockRing(locked: Locked, passphrase: string) {
  const { nonce, tag, data, ...head } = locked
  const found = await keyOf(passphrase, head)
  try {
    const iv = Buffer.from(nonce, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', found.key, iv, { authTagLength: 16 })
      .setAAD(bound(head))
      .setAuthTag(Buffer.from(tag, 'base64'))
    const text = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()])
    return { ring: Ring.parse(JSON.parse(text.toString('utf8'))), passphraseKey: found }
  } catch {
    return null
  }
}

/** Nobody else may own or read it. A folder that is merely too open is closed; a file that was open is refused. */
export async function assertPrivate(path: string): Promise<void> {
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
