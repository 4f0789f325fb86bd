import { rm } from 'node:fs/promises'
import type { Db } from '../../db/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Stop } from '../../lib/scope.ts'
import type { Calls } from './calls.ts'
import { KEPT_MS, type Registry } from './registry.ts'

const DAY_MS = 24 * 3_600_000

/** Takes out for good what was uninstalled 30 days ago, now and once a day. What the audit trail says of it stays. */
export function purgeDaily(parts: { db: Db; registry: Registry; calls: Calls; clock: () => number; log: Log }): Stop {
  let running = Promise.resolve()
  const purge = () => {
    running = purgeRemoved(parts).catch((error) => parts.log.error('plugins', 'purge failed', { error }))
  }
  const timer = setInterval(purge, DAY_MS)
  timer.unref()
  purge()
  return () => {
    clearInterval(timer)
    return running
  }
}

async function purgeRemoved({ db, registry, calls, clock, log }: Parameters<typeof purgeDaily>[0]): Promise<void> {
  const { rows } = registry
  const due = registry.list().filter(({ row }) => row.removedAt !== null && row.removedAt + KEPT_MS <= clock())
  if (due.length === 0) return
  const packages = db.transaction(() => {
    for (const { row } of due) rows.dropPlugin(row.id)
    return rows.dropUnusedPackages()
  })
  const ids = due.map(({ row }) => row.id)
  registry.changed(ids)
  calls.forget(ids)
  for (const id of ids) log.info('plugins', 'purged', { id })
  // Only now that nothing names them: a folder without a row is swept away at the next start as well.
  for (const id of packages) await rm(registry.packageFolder(id), { recursive: true, force: true })
}
