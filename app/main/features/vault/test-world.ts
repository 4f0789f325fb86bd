// biome-ignore-all lint/style/noRestrictedImports: tests build a whole console around the feature.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { fakeHost } from '../../../../tests/lib/fake-host.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Entry } from '../../../shared/contracts/audit.ts'
import type { VaultState } from '../../../shared/contracts/vault.ts'
import { openDatabase } from '../../db/db.ts'
import { migrate } from '../../db/migrate.ts'
import { openDataKey } from '../../lib/data-key.ts'
import type { KeyWrapper } from '../../lib/key-file.ts'
import { silentLog } from '../../lib/log.ts'
import { createScope } from '../../lib/scope.ts'
import type { UsableKey } from '../../platform/gateway/gateway-messages.ts'
import { createAudit } from '../audit/audit.ts'
import { createKeys } from '../keys/keys.ts'
import { facts } from '../keys/test-world.ts'
import type { KeyWorker } from '../keys/worker-keys.ts'
import { createPlugins } from '../plugins/plugins.ts'
import { xpkg } from '../plugins/test-packages.ts'
import { codeOf, fakeWorker, me, sendUpload } from '../plugins/test-world.ts'
import { createSettings } from '../settings/settings.ts'
import { createTaskShelf } from '../tasks/task-shelf.ts'
import { createTasks } from '../tasks/tasks.ts'
import { createVault } from './vault.ts'

export { codeOf, facts, me }

/** Keys, plugins and the vault of one console in a data folder; the next one that opens the folder goes on with it. */
export async function openVaultWorld(
  options: { folder?: string; clock?: () => number; wrapper?: KeyWrapper | null } = {},
) {
  const { folder = tempFolder(), clock = Date.now, wrapper = null } = options
  const scope = createScope()
  const db = openDatabase(join(folder, 'pilothouse.db'))
  scope.add(db.close)
  db.pragma('journal_mode = WAL')
  migrate(db)
  const log = silentLog
  const notify = () => {}
  const audit = createAudit({ db, log, notify })
  scope.add(audit.stop)
  const tasks = createTasks({ shelf: createTaskShelf({ db, log, notify }), log })
  scope.add(tasks.stop)
  const settings = createSettings({ db, audit, log })
  const host = fakeHost()
  const plugged = fakeWorker()
  const used = new Map<string, UsableKey>()
  let locked = false
  const keyWorker = {
    ask: () => Promise.reject(new Error('not for this test')),
    tell(name: string, input: unknown) {
      if (name !== 'keys') return
      const told = input as { reset: boolean; locked?: boolean; upserted: UsableKey[]; removed: string[] }
      if (told.reset) used.clear()
      if (told.reset) locked = told.locked === true
      for (const key of told.upserted) used.set(key.id, key)
      for (const id of told.removed) used.delete(id)
    },
    onStarted(listener: () => void) {
      listener()
      return () => {}
    },
  } as KeyWorker
  const dataKey = openDataKey(folder, wrapper, { clock, cost: { N: 1024, r: 8, p: 1 } })
  const plugins = createPlugins({
    ...{ db, folder: join(folder, 'plugins'), dataKey, worker: plugged.worker, audit, tasks, notify, host, log },
  })
  scope.add(plugins.stop)
  const keys = createKeys({
    ...{ db, dataKey, worker: keyWorker, audit, notify, host, log, loadUse: () => [], plugins: plugins.models },
  })
  scope.add(keys.stop)
  const sealed = [plugins.reseal, keys.reseal]
  const vault = createVault({ db, dataKey, sealed, audit, settings, log, clock })
  scope.add(vault.stop)
  const states: VaultState[] = []
  vault.handlers.onState(
    (state) => {
      states.push(state)
      return true
    },
    undefined,
    me,
  )
  const key = await dataKey
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await scope.close()
  }
  onTestFinished(close)

  return {
    ...{ folder, db, keys, plugins, vault, handlers: vault.handlers, settings, states, key, close },
    /** What the worker has in clear: keys, then the plugin's field and token. */
    inUse: () => ({
      keys: [...used.values()].flatMap(({ secret, former }) => [secret, ...(former ? [former.secret] : [])]).sort(),
      plugin: plugged.table.get('vendor')?.configuration['api_key'] ?? null,
      token: plugged.table.get('vendor')?.tokens?.accessToken ?? null,
      locked: [locked, plugged.table.get('vendor')?.locked ?? false],
    }),
    /** One secret of each kind: a key, its former one, a plugin's field and its tokens. */
    async plant(): Promise<string> {
      const { id } = await keys.handlers.add({ ...facts, secret: 'sk-test-before-0123' }, me)
      await keys.handlers.rotate({ id, secret: 'sk-test-after-0123', graceHours: 24 }, me)
      const uploadId = await sendUpload(plugins.handlers, 'vendor', xpkg({}))
      await plugins.handlers.finishUpload({ uploadId, activate: true }, me)
      await plugins.handlers.configure({ id: 'vendor', values: { api_key: 'sk-test-plugin-0123' } }, me)
      const tokens = { accessToken: 'at-test-token', refreshToken: null, obtainedAt: 1, expiresAt: null }
      await plugins.asks.keepTokens({ pluginId: 'vendor', tokens }, {} as never)
      return id
    },
    audited: () =>
      db
        .all<Entry>("SELECT actor, action, after FROM audit WHERE action LIKE 'vault.%' ORDER BY sequence")
        .map(({ actor, action, after }) => [actor, action, after].filter(Boolean).join(' ')),
    /** Every text of every table that looks sealed, with its place. */
    sealedTexts(): string[] {
      const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      return tables.flatMap(({ name }) =>
        db
          .all<Record<string, unknown>>(`SELECT * FROM "${name}"`)
          .flatMap((row) =>
            Object.entries(row).flatMap(([column, value]) =>
              typeof value === 'string' && /^v1\.[\w-]{38,}$/.test(value) ? [`${name}.${column} ${value}`] : [],
            ),
          ),
      )
    },
  }
}
export type VaultWorld = Awaited<ReturnType<typeof openVaultWorld>>

/** All of them, as the worker has them while the vault is open. */
export const planted = {
  keys: ['sandbox', 'sk-test-after-0123', 'sk-test-before-0123'],
  plugin: 'sk-test-plugin-0123',
  token: 'at-test-token',
  locked: [false, false],
}
export const nothing = { keys: [], plugin: null, token: null, locked: [true, true] }
