import { createCipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { Saved } from '../../../shared/contracts/host.ts'
import type { Asker } from '../../lib/asker.ts'
import type { KeyParts } from './key-parts.ts'

export const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)
/** 64 MB and about a tenth of a second for each guess. */
const cost = { N: 65_536, r: 8, p: 1 }
export const FORMAT = 'pilothouse-keys'

/** Lets the operator keep all keys with their secrets; nobody reads the file without the passphrase. */
export async function saveKeys(parts: KeyParts, passphrase: string, asker: Asker): Promise<Saved> {
  const { db, registry, vault, actions, host } = parts
  await vault.ready
  const keys = registry.list().map((row) => ({
    ...{ vendor: row.vendor, service: row.service, key_name: row.name, api_key: vault.secretOf(row.id) },
    ...{ tier: row.tier, base_url: row.baseUrl, weight: row.weight, rpm: row.rpm, tpm: row.tpm },
    ...{ concurrency: row.concurrency, expires_at: row.expiresAt, enabled: row.disabled === null },
    model_mapping: row.modelMapping,
    monthly_budget: row.monthlyBudget === null ? null : row.monthlyBudget / 1_000_000,
  }))
  const text = await encrypted(JSON.stringify({ keys }), passphrase)
  db.transaction(() => actions.note(asker, 'export', { id: 'all', name: 'all' }, undefined, { count: keys.length }))
  const day = new Date(parts.clock()).toISOString().slice(0, 10)
  return await host.saveFile(`pilothouse-keys-${day}.json`, 'application/json', async function* () {
    yield Buffer.from(text)
  })
}

/** JSON that says how it was encrypted; the head is part of what is authenticated. */
async function encrypted(text: string, passphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const head = { format: FORMAT, version: 1, cipher: 'aes-256-gcm', kdf: 'scrypt', ...cost }
  const key = await derive(passphrase.normalize('NFC'), salt, 32, { ...cost, maxmem: 128 * 1024 * 1024 })
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(JSON.stringify(head)))
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const parts = { salt, nonce, tag: cipher.getAuthTag(), data }
  const encoded = Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64')]))
  return JSON.stringify({ ...head, ...encoded }, null, 2)
}
