import { randomUUID } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { Db } from '../../../db/db.ts'
import type { Asker } from '../../../lib/asker.ts'
import type { Actions } from '../actions.ts'
import { type Key, opened, secretName } from '../configuration.ts'
import type { StoredValue, VersionRow } from '../plugin-rows.ts'
import type { Registry } from '../registry.ts'
import type { BackupFile, BackupRows } from './backup-format.ts'
import { KEY_CHECK } from './write-backup.ts'

type BackedUp = BackupFile['plugins'][number]

/** What a backup brings: plugins that are new here, such that take the place of ours, and what this key cannot open. */
export interface RestorePlan {
  readonly createdAt: number
  readonly added: string[]
  readonly replaced: string[]
  readonly unreadableSecrets: number
}

/** Says what a restore would do; nothing is changed. */
export function planRestore(registry: Registry, { file, packages }: BackupRows): RestorePlan {
  const key = fittingKey(registry.key(), file)
  const added: string[] = []
  const replaced: string[] = []
  let unreadableSecrets = 0
  for (const plugin of file.plugins) {
    const newest = plugin.versions.findLast((version) => takenOf(packages, version.package, plugin.id))
    const name = newest && takenOf(packages, newest.package, plugin.id)?.facts.name
    if (name === undefined) continue
    ;(registry.get(plugin.id) ? replaced : added).push(name)
    unreadableSecrets += plugin.values.filter(
      ({ field, value, sealed }) => sealed && !opens(key, plugin.id, field, value),
    ).length
    if (plugin.tokens !== null && !opens(key, plugin.id, 'tokens', plugin.tokens)) unreadableSecrets++
  }
  return { createdAt: file.createdAt, added, replaced, unreadableSecrets }
}

/**
 * Takes over what a backup holds: packages that are not here are put in their places, then one transaction makes
 * everything known. Versions of ours that the backup does not know stay beside its own.
 */
export function applyRestore(
  parts: { db: Db; registry: Registry; actions: Actions; clock: () => number },
  { file, packages }: BackupRows,
  folder: string,
  asker: Asker,
): void {
  const { db, registry, actions, clock } = parts
  const { rows } = registry
  const key = fittingKey(registry.key(), file)
  const moved: string[] = []
  /** By place: the package here. */
  const ids: string[] = []
  let unused: string[] = []
  try {
    for (const place of file.packages.keys()) ids.push(packageHere(place))
    db.transaction(() => {
      for (const [place, id] of ids.entries()) if (moved.includes(id)) addPackage(place, id)
      for (const plugin of file.plugins) takeOver(plugin)
      unused = rows.dropUnusedPackages()
    })
  } catch (error) {
    for (const id of moved) rmSync(registry.packageFolder(id), { recursive: true, force: true })
    throw error
  }
  for (const id of unused) rmSync(registry.packageFolder(id), { recursive: true, force: true })
  registry.changed(file.plugins.map(({ id }) => id).filter((id) => rows.plugin(id) !== null))
  registry.flush()

  function packageHere(place: number): string {
    const known = rows.packagesOf(packages[place]!.sha256).find(({ id }) => !registry.isLost(id))
    if (known) return known.id
    const id = randomUUID()
    moved.push(id)
    renameSync(join(folder, String(place)), registry.packageFolder(id))
    return id
  }
  function addPackage(place: number, id: string): void {
    const { sha256, files } = packages[place]!
    const { kind, name, source, broughtBy, broughtAt } = file.packages[place]!
    const sizeBytes = files.reduce((sum, { size }) => sum + size, 0)
    const row = { id, sha256, kind, name, source, broughtBy, broughtAt, sizeBytes, fileCount: files.length }
    rows.addPackage(row, files)
  }
  function takeOver(plugin: BackedUp): void {
    const versions = plugin.versions.flatMap((version) => {
      const row = versionHere(plugin.id, version)
      return row ? [{ ...version, row }] : []
    })
    if (versions.length === 0) return
    const { id, disabled, recording, removedAt } = plugin
    const was = registry.get(id)
    const active = versions.find((version) => version.active)?.row ?? null
    const tokens =
      plugin.tokens !== null && opens(key, id, 'tokens', plugin.tokens) ? plugin.tokens : (was?.row.tokens ?? null)
    rows.changePlugin(id, clock(), {
      activeVersion: active?.versionId ?? was?.row.activeVersion ?? null,
      disabled,
      recording,
      removedAt,
      tokens,
    })
    for (const { row, activatedAt } of versions)
      if (activatedAt !== null && row.activatedAt === null) rows.activated(row.versionId, activatedAt)
    takeValues(plugin, was?.values ?? new Map())
    const version = active ?? versions.at(-1)!.row
    const before = was ? { version: was.version.facts.version } : undefined
    actions.note(asker, 'restoreBackup', { row: rows.plugin(id)!, version }, before, { version: version.facts.version })
  }
  /** The version of a package here, made where it is missing. */
  function versionHere(pluginId: string, version: BackedUp['versions'][number]): VersionRow | null {
    const taken = takenOf(packages, version.package, pluginId)
    const packageId = ids[version.package]
    if (!taken || !packageId) return null
    const known = rows
      .versionsOfPackage(packageId)
      .find((row) => row.pluginId === pluginId && row.number === taken.number)
    if (known) return known
    rows.addPlugin(pluginId, clock())
    const { number, contentHash, facts } = taken
    const { foreign } = version
    const made = { pluginId, packageId, number, contentHash, foreign, activatedAt: null, facts }
    return { ...made, versionId: rows.addVersion(made, taken.tools) }
  }
  function takeValues({ id, values }: BackedUp, ours: ReadonlyMap<string, StoredValue>): void {
    for (const field of ours.keys()) rows.setValue(id, field, null)
    for (const { field, value, sealed } of values) {
      const readable = !sealed || opens(key, id, field, value)
      // What cannot be opened here is worth less than what is here.
      rows.setValue(id, field, readable ? { value, sealed } : (ours.get(field) ?? { value, sealed }))
    }
  }
}

const takenOf = (packages: BackupRows['packages'], place: number, pluginId: string) =>
  packages[place]?.plugins.find(({ id }) => id === pluginId)

/** This data folder's key, if it is the one that sealed the backup's secrets. */
function fittingKey(key: Key, { keyCheck }: BackupFile): Key {
  // Its secrets would count as lost, which they are not.
  if (keyCheck !== null && key?.isOpen() === false) throw new AppError('KEY_VAULT_LOCKED')
  return keyCheck !== null && opened(key, KEY_CHECK, keyCheck) !== null ? key : null
}

const opens = (key: Key, id: string, field: string, sealed: string) =>
  opened(key, secretName(id, field), sealed) !== null
