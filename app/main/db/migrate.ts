import { AppError } from '../../shared/errors.ts'
import type { Db } from './db.ts'
// SQL lives in .ts modules: a `.sql` file imported with `?raw` exists under Vite alone, and the same code also runs
// under plain Node (tests' child processes, the CLI), where a file read at run time would have to be packed and found.
import { sql as first } from './migrations/0001-audit-settings-tasks-notices.ts'
import { sql as plugins } from './migrations/0002-plugins.ts'
import { sql as keys } from './migrations/0003-keys.ts'
import { sql as routing } from './migrations/0004-routing.ts'
import { sql as registry } from './migrations/0005-registry.ts'
import { sql as agents } from './migrations/0006-agents.ts'
import { sql as journal } from './migrations/0007-journal.ts'
import { sql as retiring } from './migrations/0008-retiring-models.ts'
import { sql as tokenMinutes } from './migrations/0009-token-minutes.ts'
import { sql as pluginKeys } from './migrations/0010-plugin-keys.ts'
import { sql as listedJobs } from './migrations/0011-listed-jobs.ts'
import { sql as mappingUnpriced } from './migrations/0012-model-mapping-unpriced.ts'

/** In order; the place in the list is the schema's version. A landed migration is never edited, only followed. */
export const migrations: readonly string[] = [
  ...[first, plugins, keys, routing, registry, agents, journal, retiring, tokenMinutes],
  ...[pluginKeys, listedJobs, mappingUnpriced],
]

export const schemaVersion = (db: Db): number => db.pragma('user_version') as number

/** Brings the schema up to date. Each step is whole or not at all; a failing one leaves the version before it. */
export function migrate(db: Db, steps: readonly string[] = migrations): void {
  const found = schemaVersion(db)
  if (found > steps.length) throw new AppError('STORE_TOO_NEW', { found, known: steps.length })
  steps.slice(found).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${found + index + 1}`)
    })
  })
}
