import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { storeFailure } from '../../../db/store-failure.ts'
import { eachOf } from '../../../lib/each.ts'
import type { HashedFiles, StreamedFiles } from '../packages/package-types.ts'
import type { Progress, TakenFile } from './package-asks.ts'

const WIDTH = 4
const REPORT_MS = 100

/**
 * Copies the files of a package below a folder that is new, a chunk at a time, and hashes what is written. Their paths
 * were judged when the package was opened.
 */
export async function takeFiles(
  files: StreamedFiles,
  folder: string,
  report: (progress: Progress) => void,
): Promise<TakenFile[]> {
  const total = files.files.reduce((sum, { size }) => sum + size, 0)
  const made = new Map<string, Promise<unknown>>()
  const taken: TakenFile[] = []
  let done = 0
  let reported = Date.now()
  let failure: unknown = null
  const make = (path: string) => {
    const making = made.get(path) ?? mkdir(path, { recursive: true, mode: 0o700 })
    made.set(path, making)
    return making
  }
  await make(folder)
  await eachOf(files.files, WIDTH, async ({ path }) => {
    if (failure) return
    try {
      const target = join(folder, path)
      await make(dirname(target))
      const hash = createHash('sha256')
      let size = 0
      const handle = await open(target, 'wx', 0o600)
      try {
        for await (const chunk of files.chunks(path)) {
          await handle.writeFile(chunk)
          hash.update(chunk)
          size += chunk.length
          done += chunk.length
          if (Date.now() - reported < REPORT_MS) continue
          reported = Date.now()
          report({ done, total })
        }
      } finally {
        await handle.close()
      }
      taken.push({ path, size, sha256: hash.digest('hex') })
    } catch (error) {
      failure ??= storeFailure(error, folder)
    }
  })
  if (failure) throw failure
  return taken.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The copied files as a package: what is read is what is kept, whatever became of the original meanwhile. */
export function keptFiles(folder: string, taken: readonly TakenFile[]): HashedFiles {
  const known = new Map(taken.map((file) => [file.path, file]))
  const of = (path: string) => {
    const file = known.get(path)
    if (!file) throw new AppError('PACKAGE_REFUSED', { reason: `${path} is not in the package` })
    return file
  }
  return {
    files: taken,
    read: async (path) => await readFile(join(folder, of(path).path)),
    hash: async (path) => of(path).sha256,
    close: async () => undefined,
  }
}

/** Of all files together: the same for a folder, a zip of it and one dropped file by file. */
export function hashOfFiles(files: readonly TakenFile[]): string {
  const hash = createHash('sha256')
  for (const { path, sha256 } of files) hash.update(`${path}\0${sha256}\n`)
  return hash.digest('hex')
}
