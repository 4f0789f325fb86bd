import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../db/db.ts'
import { storeFailure } from '../../db/store-failure.ts'
import type { Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { pluginRows } from './plugin-rows.ts'

export interface Folders {
  readonly staging: string
  readonly packages: string
}
export const foldersOf = (folder: string): Folders => ({
  staging: join(folder, 'staging'),
  packages: join(folder, 'packages'),
})

/**
 * Sweeps up what a console that died left behind: nothing in staging was kept, and a package folder without a row was
 * not either. Answers the packages whose folder is gone; their versions cannot be used.
 */
export function mend(parts: { db: Db; folders: Folders; notify: Notify; log: Log }): ReadonlySet<string> {
  const { db, folders, notify, log } = parts
  const rows = pluginRows(db)
  try {
    rmSync(folders.staging, { recursive: true, force: true })
    for (const one of [folders.staging, folders.packages]) mkdirSync(one, { recursive: true, mode: 0o700 })
    const known = new Set(rows.packages().map(({ id }) => id))
    const present = new Set(readdirSync(folders.packages))
    for (const name of present) {
      if (known.has(name)) continue
      log.info('plugins', 'leftover removed', { name })
      rmSync(join(folders.packages, name), { recursive: true, force: true })
    }
    const lost = new Set([...known].filter((id) => !present.has(id)))
    for (const id of lost) {
      for (const { pluginId, facts } of rows.versionsOfPackage(id)) {
        log.error('plugins', 'files of a version are gone', { id: pluginId, version: facts.version, package: id })
        const { name, version } = facts
        notify({ severity: 'fail', code: 'PLUGIN_FILES_LOST', details: { name, version } })
      }
    }
    return lost
  } catch (error) {
    throw storeFailure(error, folders.packages)
  }
}
