import { statfsSync } from 'node:fs'
import { AppError } from '../../shared/errors.ts'

/**
 * The AppError behind a failure of SQLite or of the file system: DISK_FULL, DATA_FOLDER_UNUSABLE or STORE_DAMAGED.
 * Anything else is a bug and stays what it is.
 */
export function storeFailure(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  const code = String((error as { code?: unknown }).code ?? '')
  const options = { cause: error }
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) return new AppError('DISK_FULL', { folder }, options)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return new AppError('STORE_DAMAGED', { reason: error.message }, options)
  if (/^(SQLITE_(IOERR|CANTOPEN|READONLY|PERM|BUSY|AUTH)|EACCES|EPERM|EROFS|EIO|ENOTDIR|EEXIST|ENOENT)/.test(code)) {
    // The shared-memory file of the WAL cannot grow on a full disk; SQLite calls that an I/O error.
    if (code.startsWith('SQLITE_IOERR') && isFull(folder)) return new AppError('DISK_FULL', { folder }, options)
    return new AppError('DATA_FOLDER_UNUSABLE', { folder, reason: `${error.message} (${code})` }, options)
  }
  return error
}

function isFull(folder: string): boolean {
  try {
    const disk = statfsSync(folder)
    return disk.bavail * disk.bsize < 100_000
  } catch {
    return false
  }
}
