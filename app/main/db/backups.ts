import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Backup } from '../../shared/contracts/store.ts'
import { AppError } from '../../shared/errors.ts'
import { backupsFolder, companions, fileTime } from './data-folder.ts'
import { checkIntegrity, type Db, openDatabase } from './db.ts'
import { migrations, schemaVersion } from './migrate.ts'
import { storeFailure } from './store-failure.ts'

export const KEPT = 7
const named = /^pilothouse-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db$/

/** Newest first. */
export function listBackups(folder: string): Backup[] {
  const backups: Backup[] = []
  const names = existsSync(backupsFolder(folder)) ? readdirSync(backupsFolder(folder)) : []
  for (const name of names.sort().reverse()) {
    const parts = named.exec(name)
    if (!parts) continue
    const [, year, month, day, hour, minute, second, ms] = parts
    const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
    backups.push({ name, at, sizeBytes: statSync(join(backupsFolder(folder), name)).size })
  }
  return backups
}

/** The file of a listed backup, else BACKUP_NOT_FOUND: a name from outside never becomes a path. */
export function backupPath(folder: string, name: string): string {
  if (!listBackups(folder).some((backup) => backup.name === name)) throw new AppError('BACKUP_NOT_FOUND', { name })
  return join(backupsFolder(folder), name)
}

/** Throws BACKUP_DAMAGED, or STORE_TOO_NEW when this version could not open it. */
export function verifyBackup(file: string): void {
  let found = 0
  try {
    const copy = openDatabase(file, { readonly: true })
    try {
      checkIntegrity(copy)
      found = schemaVersion(copy)
    } finally {
      copy.close()
    }
  } catch (error) {
    const reason = error instanceof AppError ? String(error.details['reason'] ?? error.message) : String(error)
    throw new AppError('BACKUP_DAMAGED', { name: basename(file), reason }, { cause: error })
  }
  if (found === 0) throw new AppError('BACKUP_DAMAGED', { name: basename(file), reason: 'it is empty' })
  if (found > migrations.length) throw new AppError('STORE_TOO_NEW', { found, known: migrations.length })
}

/** Only those that can be restored; reads every one of them whole. */
export function listGoodBackups(folder: string): Backup[] {
  return listBackups(folder).filter(({ name }) => {
    try {
      verifyBackup(join(backupsFolder(folder), name))
      return true
    } catch {
      return false
    }
  })
}

/**
 * Copies the live database; the copy counts only once it is whole and checked. Keeps the seven newest. `step` is called
 * between pages and ends the backup by throwing.
 */
export async function makeBackup(db: Db, folder: string, step: () => void): Promise<Backup> {
  const at = Date.now()
  const name = `pilothouse-${fileTime(at)}.db`
  const file = join(backupsFolder(folder), name)
  const partial = `${file}.partial`
  try {
    await db.copyTo(partial, step)
    chmodSync(partial, 0o600)
    // The copy says WAL in its header; as a plain file it can be checked and carried about alone.
    const copy = openDatabase(partial)
    copy.pragma('journal_mode = DELETE')
    copy.close()
    verifyBackup(partial)
    renameSync(partial, file)
  } catch (error) {
    for (const suffix of ['', ...companions, '-journal']) rmSync(partial + suffix, { force: true })
    throw storeFailure(error, folder)
  }
  for (const old of listBackups(folder).slice(KEPT)) rmSync(join(backupsFolder(folder), old.name), { force: true })
  return { name, at, sizeBytes: statSync(file).size }
}

/** What a crash left of a backup that was under way. */
export function removePartialBackups(folder: string): void {
  for (const name of readdirSync(backupsFolder(folder))) {
    if (name.includes('.partial')) rmSync(join(backupsFolder(folder), name), { force: true })
  }
}
