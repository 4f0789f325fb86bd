import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { databaseFile } from '../lib/data-folder.ts'
import { backupPath, verifyBackup } from './backups.ts'
import { companions, fileTime } from './data-folder.ts'
import { storeFailure } from './store-failure.ts'

const arriving = (folder: string) => `${databaseFile(folder)}.restoring`

/** Checks a backup and lays a copy beside the database; changes nothing yet. Answers the swap, which only renames. */
export function prepareRestore(folder: string, name: string): () => string {
  const source = backupPath(folder, name)
  verifyBackup(source)
  const copy = arriving(folder)
  try {
    copyFileSync(source, copy)
    sync(copy)
  } catch (error) {
    rmSync(copy, { force: true })
    throw storeFailure(error, folder)
  }
  return () => {
    const aside = setAside(folder, 'before-restore')
    renameSync(copy, databaseFile(folder))
    return aside
  }
}

/** Ends a restore that a crash cut between its two renames: the copy was whole before the first of them. */
export function finishRestore(folder: string): void {
  const copy = arriving(folder)
  if (!existsSync(copy)) return
  if (existsSync(databaseFile(folder))) rmSync(copy)
  else renameSync(copy, databaseFile(folder))
}

/** Moves the database, damaged or not, out of the way; answers its new name. No file of it may be open. */
export function setAside(folder: string, why: 'before-restore' | 'before-empty'): string {
  const file = databaseFile(folder)
  const aside = `${file}.${why}-${fileTime(Date.now())}`
  // The log first: left beside a restored database, SQLite would replay it into that.
  for (const suffix of [...companions, '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return basename(aside)
}

function sync(file: string): void {
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}
