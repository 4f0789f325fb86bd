import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ImportedPlugin, ImportResult, PackageSource, Provenance } from '../../../../shared/contracts/plugins.ts'
import type { Db } from '../../../db/db.ts'
import { storeFailure } from '../../../db/store-failure.ts'
import type { Asker } from '../../../lib/asker.ts'
import type { Actions } from '../actions.ts'
import type { PackageRow, VersionRow } from '../plugin-rows.ts'
import type { Registry } from '../registry.ts'
import type { Progress, TakenPackage, TakenPlugin } from './package-asks.ts'
import type { PackageReader } from './package-reader.ts'

export interface ImportRequest {
  /** Of what is read: a file or a folder. It is left as it is. */
  readonly path: string
  readonly name: string
  readonly source: PackageSource
  readonly asker: Asker
  /** Puts versions into use where nothing speaks against it. */
  readonly activate: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Which of the plugins become versions; all of them unless given. The others are answered as unchanged where they are known. */
  readonly choose?: (taken: TakenPackage) => readonly TakenPlugin[]
}
export type Imported = Omit<ImportResult, 'taskId'>

export interface ImportParts {
  readonly db: Db
  readonly registry: Registry
  readonly actions: Actions
  readonly reader: PackageReader
  readonly stagingFolder: string
  readonly clock: () => number
}

/**
 * Turns what lies somewhere into versions. Everything is written to a folder in staging; that is renamed to its place;
 * one transaction makes it known. Whenever the console dies, a folder without a row is swept away at the next start.
 */
export function createImports({ db, registry, actions, reader, stagingFolder, clock }: ImportParts) {
  const { rows } = registry

  async function run(request: ImportRequest): Promise<Imported> {
    const staging = join(stagingFolder, randomUUID())
    try {
      await mkdir(staging, { recursive: true, mode: 0o700 })
      const taken = await take(request, staging)
      request.signal?.throwIfAborted()
      return {
        kind: taken.kind,
        name: request.name,
        findings: [...taken.findings],
        plugins: keep(taken, staging, request),
      }
    } catch (error) {
      throw storeFailure(error, stagingFolder)
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }
  function take({ path, signal, onProgress }: ImportRequest, target: string): Promise<TakenPackage> {
    return reader.ask('take', { path, target }, { ...(signal && { signal }), ...(onProgress && { onProgress }) })
  }

  /** From here on nothing waits: no other import, no cancelling and no action comes in between. */
  function keep(taken: TakenPackage, staging: string, request: ImportRequest): ImportedPlugin[] {
    const chosen = request.choose?.(taken) ?? taken.plugins
    const before = new Map(taken.plugins.map(({ id }) => [id, versionInUse(id)]))
    const updated = new Map(chosen.map(({ id }) => [id, registry.get(id)?.row.updatedAt]))
    const known = knownVersions(taken.sha256, chosen)
    const versions = known ?? (chosen.length > 0 ? keepNew(taken, chosen, staging, request) : [])
    if (known && request.activate) db.transaction(() => activateAll(versions, request))
    // What was known and is in use already is no news.
    const news = versions.filter(
      ({ pluginId }) => known === null || rows.plugin(pluginId)?.updatedAt !== updated.get(pluginId),
    )
    registry.changed(news.map(({ pluginId }) => pluginId))
    registry.flush()
    const fresh = new Map(versions.map((version) => [version.pluginId, version]))
    return taken.plugins.flatMap(({ id }) => {
      const version = fresh.get(id) ?? registry.get(id)?.version
      return version ? [imported(version, before.get(id) ?? null, known !== null || !fresh.has(id))] : []
    })
  }
  function versionInUse(id: string): VersionRow | null {
    const plugin = registry.get(id)
    return plugin && plugin.row.activeVersion !== null ? plugin.version : null
  }

  /** The versions of an earlier import of the very same files, as long as all of them are still there. */
  function knownVersions(sha256: string, chosen: readonly TakenPlugin[]): VersionRow[] | null {
    for (const { id } of chosen.length > 0 ? rows.packagesOf(sha256) : []) {
      if (registry.isLost(id)) continue
      const versions = rows.versionsOfPackage(id)
      const same = chosen.flatMap((plugin) =>
        versions.filter((one) => one.pluginId === plugin.id && one.number === plugin.number),
      )
      if (same.length === chosen.length) return same
    }
    return null
  }

  function keepNew(taken: TakenPackage, chosen: readonly TakenPlugin[], staging: string, request: ImportRequest) {
    const { source, name, asker } = request
    const row: PackageRow = {
      ...{ id: randomUUID(), sha256: taken.sha256, kind: taken.kind!, name, source },
      broughtBy: asker.userId ? `${asker.actor} (${asker.userId})` : asker.actor,
      broughtAt: clock(),
      sizeBytes: taken.files.reduce((sum, { size }) => sum + size, 0),
      fileCount: taken.files.length,
    }
    const folder = registry.packageFolder(row.id)
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
    renameSync(staging, folder)
    try {
      return db.transaction(() => {
        rows.addPackage(row, taken.files)
        const versions = chosen.map((plugin) => addVersion(plugin, row, asker))
        if (request.activate) activateAll(versions, request)
        return versions
      })
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }
  function addVersion(plugin: TakenPlugin, from: PackageRow, asker: Asker): VersionRow {
    const { id, number, contentHash, facts, tools } = plugin
    rows.addPlugin(id, from.broughtAt)
    const version = {
      ...{ pluginId: id, packageId: from.id, number, contentHash, facts, activatedAt: null },
      foreign: isForeign(plugin, versionInUse(id)),
    }
    const versionId = rows.addVersion(version, tools)
    rows.changePlugin(id, from.broughtAt, {})
    const { sha256, source, name } = from
    const after = { version: facts.version, versionId, sha256, source, name }
    const row = rows.plugin(id)!
    const added: VersionRow = { ...version, versionId }
    actions.note(asker, 'import', { row, version: added }, undefined, after)
    return added
  }
  function activateAll(versions: readonly VersionRow[], { asker, source }: ImportRequest): void {
    for (const version of versions) {
      if (version.foreign || actions.obstacle(version) !== null) continue
      actions.putIntoUse(rows.plugin(version.pluginId)!, version, asker, source === 'watched')
    }
  }

  function imported(version: VersionRow, before: VersionRow | null, unchanged: boolean): ImportedPlugin {
    const plugin = registry.find(version.pluginId)
    const { kind, name, description, author, models, ...facts } = version.facts
    const { toolCount, callableCount, repairCount, errorCount, warningCount } = facts
    const state = registry.stateOf({ ...plugin, version })
    // Beside a version that is in use, this one waits.
    const waits = state !== 'error' && plugin.row.activeVersion !== version.versionId
    return {
      ...{
        id: version.pluginId,
        versionId: version.versionId,
        name,
        version: facts.version,
        kind,
        description,
        author,
      },
      ...{ toolCount, callableCount, modelCount: models.length, repairCount, errorCount, warningCount },
      provenance: provenanceOf(version, rows.package(version.packageId)),
      replaces: before && before.versionId !== version.versionId ? before.facts.version : null,
      unchanged,
      state: waits ? 'waiting' : state,
    }
  }

  return { run }
}
export type Imports = ReturnType<typeof createImports>

/** Whether somebody else's package takes the place of the one in use. */
function isForeign({ facts }: TakenPlugin, inUse: VersionRow | null): boolean {
  if (!inUse) return false
  const { kind, author, signature } = inUse.facts
  return kind !== facts.kind || author !== facts.author || (signature === 'valid' && facts.signature !== 'valid')
}

export const provenanceOf = ({ facts, foreign }: VersionRow, from: PackageRow): Provenance => ({
  ...{ source: from.source, name: from.name, sha256: from.sha256, sizeBytes: from.sizeBytes },
  ...{ fileCount: from.fileCount, by: from.broughtBy, at: from.broughtAt },
  ...{ signature: facts.signature, foreign },
})
