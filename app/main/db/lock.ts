import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Stop } from '../lib/scope.ts'
import { openDatabase } from './db.ts'

/**
 * Makes this process the only console of a data folder. The lock is SQLite's own on a file that is held open: the
 * operating system frees it however the process ends, and it holds within one process too. The pid stands in a second
 * file, because reading a locked file and closing it would free the lock (POSIX).
 */
export function lockDataFolder(folder: string): Stop {
  const pidFile = join(folder, 'lock.pid')
  const lock = openDatabase(join(folder, 'lock'), { busyTimeoutMs: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    const busy = error instanceof AppError && String((error.cause as { code?: string }).code).startsWith('SQLITE_BUSY')
    if (!busy) throw error
    throw new AppError('DATA_FOLDER_IN_USE', { folder, pid: readPid(pidFile) })
  }
  try {
    writeFileSync(pidFile, String(process.pid), { mode: 0o600 })
  } catch {
    // A full disk must not keep the console from starting; the sentence then says "?".
  }
  return () => lock.close()
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 20).trim() || '?'
  } catch {
    return '?'
  }
}
