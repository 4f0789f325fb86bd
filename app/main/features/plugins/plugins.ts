import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { DataKey } from '../../lib/data-key.ts'
import type { Host, Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { createScope } from '../../lib/scope.ts'
import type { Sealer } from '../../lib/sealing.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import { createActions } from './actions.ts'
import { pluginAsks } from './asks.ts'
import { createCalls } from './calls.ts'
import { pluginHandlers } from './handlers.ts'
import { createImports } from './importing/imports.ts'
import { createPackageReader } from './importing/package-reader.ts'
import { createUploads } from './importing/uploads.ts'
import { foldersOf, mend } from './mend.ts'
import { modelPlugins } from './model-plugins.ts'
import { purgeDaily } from './purge.ts'
import { createRegistry } from './registry.ts'
import { resealPlugins } from './reseal.ts'
import { createWatchedFolders } from './watched-folders.ts'
import { fillWorker } from './worker-table.ts'

export interface PluginOptions {
  readonly db: Db
  /** Of all that is kept of plugins beside the database: `<data folder>/plugins`. */
  readonly folder: string
  /** May still be on its way: secrets count as missing until then. */
  readonly dataKey: Promise<DataKey>
  readonly worker: PlatformWorker
  readonly audit: Audit
  readonly tasks: TaskRunner
  readonly notify: Notify
  readonly host: Pick<Host, 'saveFile'>
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

/** Everything that main knows and does about plugins. What an earlier console left half done is swept up first. */
export function createPlugins(options: PluginOptions) {
  const { db, folder, dataKey, worker, audit, tasks, notify, host, log, clock = Date.now } = options
  const scope = createScope()
  const folders = foldersOf(folder)
  const lost = mend({ db, folders, notify, log })
  const calls = createCalls({
    ...{ db, clock },
    nameOf: (id) => registry.get(id)?.version.facts.name ?? null,
    counted: (ids) => registry.figuresChanged(ids),
  })
  scope.add(calls.stop)
  const registry = createRegistry({
    ...{ db, dataKey, log },
    packagesFolder: folders.packages,
    figuresOf: calls.figuresOf,
    isLost: (packageId) => lost.has(packageId),
  })
  scope.add(registry.stop)
  const actions = createActions({ db, registry, audit, log, clock })
  const reader = createPackageReader({ log })
  scope.add(reader.stop)
  const uploads = createUploads({ stagingFolder: folders.staging })
  scope.add(uploads.stop)
  const imports = createImports({ db, registry, actions, reader, stagingFolder: folders.staging, clock })
  const watched = createWatchedFolders({ db, registry, imports, audit, log, clock })
  scope.add(watched.stop)
  scope.add(purgeDaily({ db, registry, calls, clock, log }))
  scope.add(fillWorker(registry, worker))
  const parts = {
    db,
    registry,
    actions,
    calls,
    reader,
    uploads,
    imports,
    watched,
    worker,
    audit,
    tasks,
    host,
    log,
    clock,
    folders,
  }

  return {
    /** Where the local platform may receive uploads. */
    stagingFolder: folders.staging,
    follow: registry.follow,
    models: modelPlugins(registry),
    handlers: pluginHandlers(parts),
    /** What the local platform's worker may ask; the rest of `MainAsks` is not about plugins. */
    asks: pluginAsks(parts),
    /** Within a transaction: seals every secret of the tables again. */
    reseal: (from: Sealer, to: Sealer): number => resealPlugins(db, registry, from, to),
    stop: scope.close,
  }
}
export type Plugins = ReturnType<typeof createPlugins>
