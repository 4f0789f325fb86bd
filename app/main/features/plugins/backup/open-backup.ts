import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { fromJson } from '../../../lib/json.ts'
import type { Progress, TakenPackage } from '../importing/package-asks.ts'
import { takeOpened } from '../importing/take-package.ts'
import { openArchive } from '../packages/archive.ts'
import type { StreamedFiles } from '../packages/package-types.ts'
import { BackupFile, type BackupRows, entryOf, rowsFile } from './backup-format.ts'

/** All that fits a zip without its 64-bit extension; deflate itself stops at about 1,032 to 1. */
const bounds = { entries: 65_535, unpackedBytes: 4 * 1024 ** 3, ratio: 1100 }
const ROWS_BYTES = 64 * 1024 * 1024
const TIME_LIMIT_MS = 5 * 60_000

/** Unpacks and reads every package of a plugin backup below `target`. Fails with PLUGIN_BACKUP_UNUSABLE when anything in it is off. */
export async function openBackup(
  path: string,
  target: string,
  report: (progress: Progress) => void,
): Promise<BackupRows> {
  const { files, findings } = await openArchive(path, { limits: bounds, timeLimitMs: TIME_LIMIT_MS })
  if (!files) throw unusable(`${findings[0]?.code ?? 'it is no zip'} ${findings[0]?.file ?? ''}`.trim())
  try {
    const file = await readRows(files)
    const packages: TakenPackage[] = []
    for (const [place, { sha256, name, files: paths }] of file.packages.entries()) {
      const own = filesOfPackage(files, place, paths)
      const taken = await takeOpened({ files: own, findings: [] }, join(target, String(place)), () => {})
      if (taken.sha256 !== sha256) throw unusable(`the files of ${name} are not what they were`)
      packages.push(taken)
      report({ done: place + 1, total: file.packages.length })
    }
    return { file, packages }
  } finally {
    await files.close()
  }
}

const unusable = (reason: string) => new AppError('PLUGIN_BACKUP_UNUSABLE', { reason })

async function readRows(files: StreamedFiles): Promise<BackupFile> {
  const size = files.files.find(({ path }) => path === rowsFile)?.size
  if (size === undefined) throw unusable(`it has no ${rowsFile}`)
  if (size > ROWS_BYTES) throw unusable(`${rowsFile} is larger than ${ROWS_BYTES / 1024 / 1024} MB`)
  const parsed = BackupFile.safeParse(fromJson(Buffer.from(await files.read(rowsFile)).toString('utf8')))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unusable(`${rowsFile}: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** The files of one package of the archive, under their own paths. */
function filesOfPackage(files: StreamedFiles, place: number, paths: readonly string[]): StreamedFiles {
  const sizes = new Map(files.files.map(({ path, size }) => [path, size]))
  const entries = new Map(paths.map((path, number) => [path, entryOf(place, number)]))
  const entry = (path: string) => entries.get(path) ?? ''
  return {
    files: [...entries].map(([path, name]) => {
      const size = sizes.get(name)
      if (size === undefined) throw unusable(`${path} is missing`)
      return { path, size }
    }),
    read: (path) => files.read(entry(path)),
    chunks: (path) => files.chunks(entry(path)),
    hash: (path) => files.hash(entry(path)),
    close: async () => undefined,
  }
}
