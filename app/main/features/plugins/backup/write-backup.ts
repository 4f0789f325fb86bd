import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { strToU8, Zip, ZipDeflate } from 'fflate'
import { AppError } from '../../../../shared/errors.ts'
import { filesFolder } from '../importing/take-package.ts'
import { limits } from '../packages/package-types.ts'
import type { PackageRow } from '../plugin-rows.ts'
import type { Registry } from '../registry.ts'
import { type BackupFile, entryOf, rowsFile } from './backup-format.ts'

export const KEY_CHECK = 'plugin-backup'
/** What a zip without its 64-bit extension holds. */
const MOST_ENTRIES = 65_535
const MOST_BYTES = 4 * 1024 ** 3 - 1
/** It comes back as an upload. */
const MEGABYTES = limits.unpackedBytes / 1024 / 1024

/** The zip of all plugins, made as it is taken. What it holds is decided when it begins. */
export async function* writeBackup(
  registry: Registry,
  now: number,
  report: (done: number, total: number) => void,
): AsyncIterable<Uint8Array> {
  const { rows } = registry
  const packages = rows
    .packages()
    .filter(({ id }) => !registry.isLost(id))
    .map((row) => ({ ...row, files: rows.files(row.id).map(({ path }) => path) }))
  const file = rowsOf(registry, packages, now)
  const entries = packages.reduce((sum, { files }) => sum + files.length, 1)
  const bytes = packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (entries > MOST_ENTRIES) throw tooMuch(`it would hold more than ${MOST_ENTRIES} files`)
  if (bytes > MOST_BYTES) throw tooMuch('it would be larger than 4 GB')

  let made: Uint8Array[] = []
  let size = 0
  const take = () => made.splice(0)
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    size += chunk.length
    if (size > limits.unpackedBytes) throw tooMuch(`it would be larger than ${MEGABYTES} MB, the most that is restored`)
    made.push(chunk)
  })
  const begin = (name: string) => {
    const entry = new ZipDeflate(name, { level: 1 })
    zip.add(entry)
    return entry
  }
  let done = 0
  for (const [place, { id, files }] of packages.entries()) {
    for (const [number, path] of files.entries()) {
      const entry = begin(entryOf(place, number))
      for await (const chunk of createReadStream(join(filesFolder(registry.packageFolder(id)), path))) {
        entry.push(chunk as Uint8Array)
        done += (chunk as Uint8Array).length
        report(done, bytes)
        yield* take()
      }
      entry.push(new Uint8Array(), true)
      yield* take()
    }
  }
  begin(rowsFile).push(strToU8(JSON.stringify(file)), true)
  zip.end()
  yield* take()
  made = []
}

const tooMuch = (reason: string) => new AppError('PLUGIN_BACKUP_UNUSABLE', { reason })

type Packed = PackageRow & { readonly files: string[] }

function rowsOf(registry: Registry, packages: readonly Packed[], now: number): BackupFile {
  const { rows } = registry
  const places = new Map(packages.map(({ id }, place) => [id, place]))
  return {
    format: 'pilothouse-plugins-1',
    createdAt: now,
    keyCheck: registry.key()?.seal(KEY_CHECK, KEY_CHECK) ?? null,
    packages: packages.map(({ sha256, kind, name, source, broughtBy, broughtAt, files }) => ({
      ...{ sha256, kind, name, source, broughtBy, broughtAt, files },
    })),
    plugins: registry.list().map(({ row, values }) => ({
      ...{ id: row.id, createdAt: row.createdAt, disabled: row.disabled, recording: row.recording },
      ...{ removedAt: row.removedAt, tokens: row.tokens },
      values: [...values].map(([field, stored]) => ({ field, ...stored })),
      versions: rows
        .versions(row.id)
        .reverse()
        .flatMap(({ versionId, packageId, foreign, activatedAt }) => {
          const place = places.get(packageId)
          const active = versionId === row.activeVersion
          return place === undefined ? [] : [{ package: place, active, foreign, activatedAt }]
        }),
    })),
  }
}
