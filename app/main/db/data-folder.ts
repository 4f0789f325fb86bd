import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { storeFailure } from './store-failure.ts'

export const backupsFolder = (folder: string) => join(folder, 'backups')
/** What belongs to a database file while it is open. */
export const companions = ['-wal', '-shm']

/** Makes what the database needs of a data folder. */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(backupsFolder(folder), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw storeFailure(error, folder)
  }
}

/** A time that sorts as text and is allowed in file names everywhere: 20261120T134615123Z. */
export const fileTime = (time: number) => new Date(time).toISOString().replace(/[-:.]/g, '')
