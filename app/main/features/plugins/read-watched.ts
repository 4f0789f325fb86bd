import { rm } from 'node:fs/promises'
import type { Finding } from '../../../shared/contracts/plugin-findings.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Log } from '../../lib/log.ts'
import type { Imports } from './importing/imports.ts'
import type { TakenPackage, TakenPlugin } from './importing/package-asks.ts'
import type { Registry } from './registry.ts'
import { isEmpty } from './version-facts.ts'

/** Versions of a plugin that edits of a watched folder made and that are kept. */
const KEPT = 20

/** By id of a plugin: the hash of its content. */
export type ReadContents = Readonly<Record<string, string>>

/** What one reading of a watched folder came to; `reloaded`, `failed` and `unchanged` name plugins. */
export interface Reading {
  /** What the folder stands for from now on. */
  readonly plugins: ReadContents
  readonly reloaded: readonly string[]
  readonly failed: readonly { readonly plugin: string; readonly findings: Finding[] }[]
  readonly unchanged: readonly string[]
  readonly findings: Finding[]
  readonly failure: Failure | null
}
export interface ReadParts {
  readonly db: Db
  readonly registry: Registry
  readonly imports: Imports
  readonly log: Log
}

/**
 * Reads a watched folder and puts into use what changed for the better. A plugin that is gone from it, or has nothing
 * left that can be called, keeps its last good version.
 */
export function createFolderReader({ db, registry, imports, log }: ReadParts) {
  const { rows } = registry
  const nameOf = (id: string) => registry.get(id)?.version.facts.name ?? id
  const isGood = ({ facts }: TakenPlugin) => !isEmpty(facts) && facts.signature !== 'invalid'

  /** Every edit makes a version; of a day's edits the newest are enough. */
  async function prune(ids: readonly string[]): Promise<void> {
    const gone = db.transaction(() => {
      for (const id of ids) {
        const own = rows.versions(id).filter(({ packageId }) => rows.package(packageId).source === 'watched')
        const used = registry.get(id)?.row.activeVersion
        for (const { versionId } of own.slice(KEPT)) if (versionId !== used) rows.dropVersion(versionId)
      }
      return rows.dropUnusedPackages()
    })
    for (const id of gone) await rm(registry.packageFolder(id), { recursive: true, force: true })
  }

  return async (folder: {
    readonly path: string
    readonly name: string
    /** What was there, as far as it was good. */
    readonly plugins: ReadContents
    readonly asker: Asker
  }): Promise<Reading> => {
    const { path, name, asker } = folder
    let taken: TakenPackage | null = null
    // Against what was read last, not what is in use: a roll back lasts until the folder is edited.
    const isChanged = ({ id, contentHash }: TakenPlugin) =>
      (folder.plugins[id] ?? registry.get(id)?.version.contentHash) !== contentHash
    const { plugins, findings } = await imports.run({
      ...{ path, name, asker, source: 'watched', activate: true },
      choose: (found) => {
        taken = found
        return found.plugins.filter((plugin) => isGood(plugin) && isChanged(plugin))
      },
    })
    const found = (taken as TakenPackage | null)?.plugins ?? []
    const states = new Map(plugins.map((plugin) => [plugin.id, plugin]))
    // One that the operator uninstalled is not missed.
    const expected = Object.keys(folder.plugins).filter((id) => registry.get(id)?.row.removedAt === null)
    const missing = expected.filter((id) => !found.some((plugin) => plugin.id === id))
    const bad = found.filter((plugin) => !isGood(plugin)).map(({ id, facts }) => ({ id, name: facts.name }))
    const held = plugins.filter(({ id, state }) => state === 'waiting' && !bad.some((one) => one.id === id))
    const reloaded = plugins.filter(({ unchanged, state }) => !unchanged && state !== 'waiting')
    const names = [...missing.map(nameOf), ...bad.map((one) => one.name), ...held.map((one) => one.name)]
    const grave = findings.filter(({ severity }) => severity === 'error')
    const failed = names.map((plugin) => ({ plugin, findings: grave.length > 0 ? grave : findings.slice(0, 100) }))
    if (reloaded.length > 0) log.info('plugins', 'reloaded', { path, count: reloaded.length })
    await prune(reloaded.map(({ id }) => id))
    const failedNames = new Set(names)
    return {
      plugins: {
        ...Object.fromEntries(expected.map((id) => [id, folder.plugins[id]!])),
        ...Object.fromEntries(found.filter(isGood).map(({ id, contentHash }) => [id, contentHash])),
      },
      reloaded: reloaded.map((one) => one.name),
      failed,
      unchanged: found.flatMap(({ id }) =>
        states.get(id)?.unchanged && !failedNames.has(nameOf(id)) ? [nameOf(id)] : [],
      ),
      findings,
      failure: failureOf(name, found.length, names, held.length, findings.length),
    }
  }
}

function failureOf(
  folder: string,
  found: number,
  failed: readonly string[],
  held: number,
  count: number,
): Failure | null {
  const [first] = failed
  if (found === 0) return { code: 'PACKAGE_NOTHING_FOUND', details: { name: folder, count } }
  if (first === undefined) return null
  if (held === failed.length) {
    const reason = 'it is of another kind, author or signature than the one in use'
    return { code: 'PLUGIN_VERSION_UNUSABLE', details: { name: first, version: folder, reason } }
  }
  return { code: 'PACKAGE_NOTHING_FOUND', details: { name: failed.join(', ').slice(0, 300), count } }
}
