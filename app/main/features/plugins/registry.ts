import { join } from 'node:path'
import type { CallFigures, Plugin, PluginsUpdate } from '../../../shared/contracts/plugins.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { DataKey } from '../../lib/data-key.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { createGathering } from '../../lib/gathering.ts'
import type { Log } from '../../lib/log.ts'
import type { CallablePlugin, OAuthTokens } from './calling/call-types.ts'
import { clearValues, type Key, missingFields, opened, type StoredValues, tokensName } from './configuration.ts'
import { definitionFile } from './importing/take-package.ts'
import { type PluginRow, pluginRows, type VersionRow } from './plugin-rows.ts'
import { isEmpty } from './version-facts.ts'

/** How long an uninstalled plugin can be restored. */
export const KEPT_MS = 30 * 24 * 3_600_000
/** Figures are published at most this often. */
const FIGURES_MS = 1000

/** A plugin as memory holds it: rows without definitions, tools or findings. */
export interface Held {
  readonly row: PluginRow
  /** The version in use; of a plugin that was never activated, the newest. */
  readonly version: VersionRow
  readonly waitingVersionId: number | null
  readonly values: StoredValues
}
export type Requested = NonNullable<Plugin['requested']>
const noValues: StoredValues = new Map()

/** Plugins whose rows, versions or values changed. `known`: the worker told us, and need not be told. */
export interface RegistryChange {
  readonly ids: readonly string[]
  readonly known: boolean
}

export interface RegistryParts {
  readonly db: Db
  readonly packagesFolder: string
  readonly dataKey: Promise<DataKey>
  readonly log: Log
  readonly figuresOf: (id: string) => CallFigures
  /** Whether the folder of a package is gone. */
  readonly isLost: (packageId: string) => boolean
}

/** The live list of plugins. Whoever changed the tables tells it which ids to read again; what that changes is published once. */
export function createRegistry({ db, packagesFolder, dataKey, log, figuresOf, isLost }: RegistryParts) {
  const rows = pluginRows(db)
  const held = new Map<string, Held>()
  const requested = new Map<string, Requested>()
  const updates = createEmitter<PluginsUpdate>()
  const changes = createEmitter<RegistryChange>()
  let key: Key = null
  let stopped = false
  readAll()

  function readAll(): void {
    const plugins = rows.plugins()
    const shown = new Map(rows.shownVersions().map((version) => [version.pluginId, version]))
    const waiting = rows.waitingVersions()
    const values = rows.values()
    held.clear()
    for (const row of plugins) {
      const version = shown.get(row.id)
      if (!version) continue
      const waitingVersionId = waiting.get(row.id) ?? null
      held.set(row.id, { row, version, waitingVersionId, values: values.get(row.id) ?? noValues })
    }
  }
  function readOne(id: string): void {
    const row = rows.plugin(id)
    const [version] = rows.shownVersions(id)
    if (!row || !version) {
      held.delete(id)
      return
    }
    const waitingVersionId = rows.waitingVersions(id).get(id) ?? null
    held.set(id, { row, version, waitingVersionId, values: rows.values(id).get(id) ?? noValues })
  }

  function stateOf({ row, version }: Held): Plugin['state'] {
    if (isLost(version.packageId) || isEmpty(version.facts)) return 'error'
    if (row.activeVersion === null) return 'waiting'
    return row.disabled ? 'disabled' : 'active'
  }
  function view(plugin: Held): Plugin {
    const { row, version, waitingVersionId, values } = plugin
    const { models, toolCount, callableCount, errorCount, warningCount, ...facts } = version.facts
    return {
      id: row.id,
      ...{ name: facts.name, nameForModel: facts.nameForModel, kind: facts.kind, description: facts.description },
      ...{ author: facts.author, provider: facts.provider, state: stateOf(plugin) },
      ...{ versionId: version.versionId, version: facts.version, waitingVersionId },
      ...{ toolCount, callableCount, modelCount: models.length, errorCount, warningCount },
      signature: facts.signature,
      missingConfiguration: missingFields(key, row.id, version.facts, values),
      recording: row.recording,
      figures: figuresOf(row.id),
      updatedAt: row.updatedAt,
      restorableUntil: row.removedAt === null ? null : row.removedAt + KEPT_MS,
      requested: requested.get(row.id) ?? null,
    }
  }
  const snapshot = (): PluginsUpdate => ({ kind: 'snapshot', plugins: [...held.values()].map(view) })

  const { publish, publishWithin, flush, stop } = createGathering((id) => {
    const plugin = held.get(id)
    return plugin && view(plugin)
  }, updates.emit)

  const turns = createEmitter<void>()
  let unfollow: Unsubscribe | null = null
  const keyReady = dataKey.then(
    (found) => {
      if (stopped) return
      key = found
      unfollow = found.follow(() => {
        publish([...held.values()].filter(({ values }) => values.size > 0).map(({ row }) => row.id))
        turns.emit()
      })
    },
    (error: unknown) => log.error('plugins', 'secrets cannot be opened', { error }),
  )

  function find(id: string): Held {
    const plugin = held.get(id)
    if (!plugin) throw new AppError('PLUGIN_NOT_FOUND', { name: id.slice(0, 100) })
    return plugin
  }
  const packageFolder = (packageId: string) => join(packagesFolder, packageId)
  function tokensOf({ row }: Held): OAuthTokens | null {
    const text = row.tokens === null ? null : opened(key, tokensName(row.id), row.tokens)
    return text === null ? null : (JSON.parse(text) as OAuthTokens)
  }

  const hasSecrets = ({ row, values }: Held) => row.tokens !== null || [...values.values()].some(({ sealed }) => sealed)

  return {
    rows,
    follow(listener: Emit<PluginsUpdate>): Unsubscribe {
      flush()
      listener(snapshot())
      return updates.listen((update) => void listener(update))
    },
    onChange: changes.listen,
    list: (): readonly Held[] => [...held.values()],
    get: (id: string): Held | null => held.get(id) ?? null,
    /** Fails with PLUGIN_NOT_FOUND. */
    find,
    /** By id, else the oldest active one of that name for the model. Fails with PLUGIN_NOT_FOUND. */
    named(idOrName: string): Held {
      const named = [...held.values()].filter(({ version }) => version.facts.nameForModel === idOrName)
      return held.get(idOrName) ?? named.find((one) => stateOf(one) === 'active') ?? named[0] ?? find(idOrName)
    },
    version(id: string, versionId: number): VersionRow {
      const { version } = find(id)
      const found = rows.version(id, versionId)
      if (!found) throw new AppError('PLUGIN_VERSION_NOT_FOUND', { name: version.facts.name })
      return found
    },
    stateOf,
    isLost,
    view,
    tokensOf,
    packageFolder,
    /** Reads these again from the tables and publishes them. */
    changed(ids: readonly string[], known = false): void {
      if (ids.length === 0) return
      for (const id of ids) readOne(id)
      publish(ids)
      changes.emit({ ids, known })
    },
    /** Publishes new figures of these, soon. */
    figuresChanged(ids: Iterable<string>): void {
      publishWithin(
        FIGURES_MS,
        [...ids].filter((id) => held.has(id)),
      )
    },
    /** Marks an action as under way; the answered function ends it. Fails with PLUGIN_BUSY. */
    request(id: string, action: Requested): () => void {
      const present = requested.get(id)
      if (present) throw new AppError('PLUGIN_BUSY', { name: find(id).version.facts.name, action: present })
      requested.set(id, action)
      publish([id])
      // Told before the work begins, in one change with the others of the same click.
      queueMicrotask(flush)
      return () => {
        requested.delete(id)
        publish([id])
      }
    },
    /** Tells followers now what they would be told soon: before whoever asked for it is answered. */
    flush,
    key: (): Key => key,
    keyReady,
    /** Told at each lock and unlock of the vault. */
    onTurn: turns.listen,
    /** As the worker calls it; another version than the one in use where one is given. Secrets are in clear. */
    callable(plugin: Held, version: VersionRow = plugin.version): CallablePlugin {
      const { facts, versionId, packageId, number } = version
      return {
        ...{ id: plugin.row.id, name: facts.name, nameForModel: facts.nameForModel, kind: facts.kind },
        ...{ versionId, version: facts.version, state: stateOf({ ...plugin, version }) },
        definitionFile: definitionFile(packageFolder(packageId), number),
        configuration: clearValues(key, plugin.row.id, facts, plugin.values),
        tokens: tokensOf(plugin),
        locked: key?.isOpen() === false && hasSecrets(plugin),
        recording: plugin.row.recording,
      }
    },
    stop(): void {
      stopped = true
      unfollow?.()
      stop()
    },
  }
}
export type Registry = ReturnType<typeof createRegistry>
