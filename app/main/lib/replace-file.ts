import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { link, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/errors.ts'

type Source = string | AsyncIterable<Uint8Array>

/**
 * Writes a file beside the wanted place and renames it there, so that a reader finds the old one or the whole new one.
 * Fails with FILE_NOT_WRITTEN, leaving nothing behind.
 */
export async function replaceFile(path: string, source: Source, mode = 0o600): Promise<void> {
  await writeBeside(path, source, mode, rename)
}

/** As `replaceFile`, but false when there is a file already: of two processes creating it, one wins. */
export async function createFile(path: string, source: Source, mode = 0o600): Promise<boolean> {
  try {
    await writeBeside(path, source, mode, link)
    return true
  } catch (error) {
    if (error instanceof AppError && (error.cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function writeBeside(
  path: string,
  source: Source,
  mode: number,
  move: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const beside = `${path}.${randomBytes(4).toString('hex')}.partial`
  try {
    const chunks = typeof source === 'string' ? [Buffer.from(source)] : source
    await pipeline(Readable.from(chunks), createWriteStream(beside, { flags: 'wx', mode, flush: true }))
    await move(beside, path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('FILE_NOT_WRITTEN', { path, reason }, { cause: error })
  } finally {
    await rm(beside, { force: true })
  }
}
