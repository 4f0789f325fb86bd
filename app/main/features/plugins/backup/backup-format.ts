import { z } from 'zod'
import { PackageKind } from '../../../../shared/contracts/plugin-findings.ts'
import { PackageSource } from '../../../../shared/contracts/plugins.ts'
import type { TakenPackage } from '../importing/package-asks.ts'
import { isUnsafe } from '../packages/archive-names.ts'

// A plugin backup is a zip: the packages' files as they came, at packages/<place>/<number>, and what is not in them in
// backup.json. Numbers, because a folder of one system may hold names that no zip for all systems may. Definitions are not in it: a restore reads the packages anew, so nothing that somebody could have put
// into a backup is believed that would not be believed of a package.

export const rowsFile = 'backup.json'
export const entryOf = (place: number, number: number) => `packages/${place}/${number}`

/** Whether a path leads to somewhere below the folder that it is put in, on this system. */
function staysInside(path: string): boolean {
  if (process.platform === 'win32' && isUnsafe(path)) return false
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

const id = z.string().min(1).max(256)
const time = z.number().int().min(0)
const Package = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  kind: PackageKind,
  name: z.string().max(256),
  source: PackageSource,
  broughtBy: z.string().max(300),
  broughtAt: time,
  /** Paths in the order of their numbers. */
  files: z.array(z.string().min(1).max(4096).refine(staysInside)).max(10_000),
})
const Version = z.object({
  /** Place of its package in the list. */
  package: z.number().int().min(0),
  active: z.boolean(),
  foreign: z.boolean(),
  activatedAt: time.nullable(),
})
const Plugin = z.object({
  id,
  createdAt: time,
  disabled: z.boolean(),
  recording: z.boolean(),
  removedAt: time.nullable(),
  /** Sealed under the key of the data folder that it comes from, as secret values are. */
  tokens: z.string().max(100_000).nullable(),
  values: z
    .array(z.object({ field: z.string().max(128), value: z.string().max(100_000), sealed: z.boolean() }))
    .max(1000),
  versions: z.array(Version).max(10_000),
})
export const BackupFile = z.object({
  format: z.literal('pilothouse-plugins-1'),
  createdAt: time,
  /** Sealed: tells whether a data folder's key is the one that sealed the secrets. Null for a backup without a key. */
  keyCheck: z.string().max(1000).nullable(),
  packages: z.array(Package).max(10_000),
  plugins: z.array(Plugin).max(10_000),
})
export type BackupFile = z.infer<typeof BackupFile>

/** A backup that was opened: each package was read anew and lies at its place in the folder. */
export interface BackupRows {
  readonly file: BackupFile
  readonly packages: readonly TakenPackage[]
}
