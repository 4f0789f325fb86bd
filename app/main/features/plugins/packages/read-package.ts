import { lstat, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Finding, PackageKind } from '../../../../shared/contracts/plugin-findings.ts'
import { AppError } from '../../../../shared/errors.ts'
import { openArchive } from './archive.ts'
import { isCoze, readCoze } from './coze.ts'
import { readCurlPackage } from './curl.ts'
import { readDifyPackage } from './dify.ts'
import { bounded, fileFinding } from './findings.ts'
import { openFile, openFolder } from './folder.ts'
import { readOpenApiPackage } from './openapi.ts'
import type { HashedFiles, OpenedFiles, ReadOptions, ReadPackage } from './package-types.ts'
import { readPostmanPackage } from './postman.ts'
import { readXpkgPackage } from './xpkg.ts'

/** A reader answers null for a package that is not of its kind. */
interface Reader {
  readonly kind: PackageKind
  read(files: HashedFiles, options: ReadOptions): Promise<ReadPackage | null>
}

/** Asked in this order: what is told by the name of a file before what needs a look into every document. */
const readers: readonly Reader[] = [
  { kind: 'coze', read: async (files, options) => (isCoze(files) ? readCoze(files, options) : null) },
  { kind: 'xpkg', read: readXpkgPackage },
  { kind: 'dify', read: readDifyPackage },
  { kind: 'postman', read: readPostmanPackage },
  { kind: 'curl', read: readCurlPackage },
  { kind: 'openapi', read: readOpenApiPackage },
]

const unread = (finding: Finding): ReadPackage => ({ kind: null, plugins: [], findings: [finding] })

/**
 * Reads whatever lies at a path: a folder, an archive, one document. Nothing in it runs and nothing is written; what is
 * wrong with it becomes findings, sorted by file and line and bounded.
 */
export async function readPackage(path: string, options: ReadOptions): Promise<ReadPackage> {
  let opened: OpenedFiles
  try {
    opened = await openPath(path)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return unread(fileFinding('error', 'PACKAGE_UNREADABLE', '', { reason: String(error.details['reason'] ?? '') }))
  }
  if (opened.files === null) return { kind: null, plugins: [], findings: bounded(opened.findings) }
  try {
    const read = await readFiles(opened.files, options)
    return { ...read, findings: bounded([...opened.findings, ...read.findings]) }
  } finally {
    await opened.files.close()
  }
}

/** The same for files that are open already. */
export async function readFiles(files: HashedFiles, options: ReadOptions): Promise<ReadPackage> {
  for (const { read } of readers) {
    const found = await read(files, options)
    if (found) return { ...found, findings: bounded(found.findings) }
  }
  const [only, ...more] = files.files
  return unread(fileFinding('error', 'PACKAGE_NOT_RECOGNISED', only && more.length === 0 ? only.path : ''))
}

/** Opens whatever lies at a path; AppError PACKAGE_REFUSED where nothing can be read. */
export async function openPath(path: string): Promise<OpenedFiles> {
  const found = await stat(path)
    .catch(() => lstat(path))
    .catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? `${basename(path)} does not exist` : error.message
      throw new AppError('PACKAGE_REFUSED', { reason }, { cause: error })
    })
  if (found.isDirectory()) return openFolder(path)
  return (await isArchive(path)) ? openArchive(path) : openFile(path)
}

/** By its content: `.zip`, `.xpkg` and `.difypkg` all begin alike. */
async function isArchive(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch((error: Error) => {
    throw new AppError('PACKAGE_REFUSED', { reason: error.message }, { cause: error })
  })
  try {
    const head = Buffer.alloc(4)
    await handle.read(head, 0, 4, 0)
    return head.toString('latin1') === 'PK\u0003\u0004' || head.toString('latin1') === 'PK\u0005\u0006'
  } finally {
    await handle.close()
  }
}
