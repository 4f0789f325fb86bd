import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Db, openDatabase } from '../../app/main/db/db.ts'
import { migrate } from '../../app/main/db/migrate.ts'

/** A migrated database in a folder, closed with the test. */
export function tempDatabase(folder: string): Db {
  const db = openDatabase(join(folder, 'x.db'))
  db.pragma('journal_mode = WAL')
  migrate(db)
  onTestFinished(db.close)
  return db
}
