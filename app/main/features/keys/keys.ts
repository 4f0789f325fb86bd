import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { DataKey } from '../../lib/data-key.ts'
import type { Host, Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { createScope } from '../../lib/scope.ts'
import { createKeyActions } from './actions.ts'
import { keyAsks } from './asks.ts'
import { keyHandlers } from './handlers.ts'
import { keyRows } from './key-rows.ts'
import { createKeyUse, type LoadUse } from './key-use.ts'
import { createKeyVault } from './key-vault.ts'
import { createPluginKeys, type ModelPlugins } from './plugin-keys.ts'
import { createKeyRegistry } from './registry.ts'
import { createKeyReports, remind } from './reports.ts'
import { type ScheduleParts, scheduleTests } from './scheduled-tests.ts'
import { fillWorker, type KeyWorker } from './worker-keys.ts'

export interface KeyOptions {
  readonly db: Db
  /** May still be on its way, or locked: secrets are masked whole until then, and the worker has no keys. */
  readonly dataKey: Promise<DataKey>
  readonly worker: KeyWorker
  readonly audit: Audit
  readonly notify: Notify
  readonly host: Pick<Host, 'saveFile'>
  /** Plugins whose models the gateway may ask. */
  readonly plugins: ModelPlugins
  readonly log: Log
  /** What was used before this start. */
  readonly loadUse: LoadUse
  /** How often every key is tested; without it only when somebody asks. */
  readonly testHours?: ScheduleParts['hours']
  readonly testPace?: NonNullable<ScheduleParts['pace']>
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

/** Everything that main knows and does about keys of vendors. */
export function createKeys(options: KeyOptions) {
  const { db, dataKey, worker, audit, notify, host, log, loadUse, testHours, testPace, clock = Date.now } = options
  const scope = createScope()
  const rows = keyRows(db)
  const vault = createKeyVault({ rows, dataKey, log })
  const uses = createKeyUse({ clock, load: loadUse })
  const registry = createKeyRegistry({
    ...{ db, rows, vault, uses, clock, log },
    due(all) {
      const now = clock()
      const over = all.filter(({ formerUntil }) => formerUntil !== null && formerUntil <= now)
      if (over.length > 0) actions.endGrace(over.map(({ id }) => id))
      registry.changed(remind({ db, rows, notify, clock }, all), true)
    },
  })
  scope.add(vault.stop)
  scope.add(registry.stop)
  const actions = createKeyActions({ db, registry, vault, worker, audit, notify, loadUse, log, clock })
  scope.add(fillWorker(registry, worker, vault))
  if (testHours) {
    const test = (id: string) => actions.test(id, { actor: 'console' })
    const parts = { registry, vault, test, notify, hours: testHours, log, clock, ...(testPace && { pace: testPace }) }
    scope.add(scheduleTests(parts))
  }
  const pluginKeys = createPluginKeys({ db, registry, actions, vault, plugins: options.plugins, log })
  scope.add(pluginKeys.stop)
  const parts = { db, registry, actions, vault, uses, worker, host, clock, pluginKeys }

  return {
    follow: registry.follow,
    /** Null for a key that is not there. */
    nameOf: (id: string): string | null => registry.get(id)?.name ?? null,
    list: registry.list,
    handlers: keyHandlers(parts),
    /** What the local platform's worker may ask about keys. */
    asks: keyAsks(parts),
    /** For `gatewayRecords`. */
    ...createKeyReports({ db, registry, uses }),
    /** What was known of keys and candidates; a worker that begins is told it before its keys. */
    storedHealth: registry.storedHealth,
    /** Within a transaction: seals every secret of the tables again. */
    reseal: vault.reseal,
    stop: scope.close,
  }
}
export type Keys = ReturnType<typeof createKeys>
