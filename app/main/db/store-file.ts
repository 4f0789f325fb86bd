import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import { AppError } from '../../shared/errors.ts'
import { databaseFile } from '../lib/data-folder.ts'
import { listBackups } from './backups.ts'
import { checkIntegrity, type Db, openDatabase } from './db.ts'
import { migrate } from './migrate.ts'
import { finishRestore } from './restore.ts'
import { storeFailure } from './store-failure.ts'

export type OpenedStore =
  | { readonly kind: 'ready'; readonly db: Db; readonly checkedAt: number }
  | { readonly kind: 'damaged'; readonly reason: string }

/**
 * Opens the database of a data folder: checked whole, brought to the present schema. Damage is an answer, because the
 * operator can repair it; a newer schema, a full disk and a folder that cannot be used are thrown.
 */
export function openStore(folder: string): OpenedStore {
  const file = databaseFile(folder)
  try {
    finishRestore(folder)
    const empty = !existsSync(file) || statSync(file).size === 0
    // A database that vanished is damage too: beginning with an empty one unasked would lose data in silence.
    if (empty && listBackups(folder).length > 0) return { kind: 'damaged', reason: 'the file is missing or empty' }
    return { kind: 'ready', db: openChecked(file), checkedAt: Date.now() }
  } catch (caught) {
    const error = storeFailure(caught, folder)
    if (error instanceof AppError && error.code === 'STORE_DAMAGED') {
      return { kind: 'damaged', reason: String(error.details['reason']) }
    }
    throw error
  }
}

/** Makes an empty database where there is none. */
export function createEmptyStore(folder: string): void {
  openChecked(databaseFile(folder)).close()
}

function openChecked(file: string): Db {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const db = openDatabase(file)
  try {
    db.pragma('journal_mode = WAL')
    // A crash of the machine may lose the last transactions, never the file; a crash of the process loses nothing.
    db.pragma('synchronous = NORMAL')
    checkIntegrity(db)
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
