import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { AppError, type ErrorDetails } from '../../../../shared/errors.ts'
import { limits, type OpenedFiles, type StreamedFiles } from './package-types.ts'

const deepest = 32

/**
 * The files below a folder. Links are told and not followed; hidden files and `node_modules` are not part of a package.
 * A folder that is too large is refused with a finding.
 */
export async function openFolder(folder: string): Promise<OpenedFiles> {
  const root = await realpath(folder).catch(refused)
  const files: { path: string; size: number }[] = []
  const findings: Finding[] = []
  let bytes = 0
  const waiting = ['']
  let seen = 0
  while (waiting.length > 0) {
    const inside = waiting.pop()!
    if (inside.split('/').length > deepest) return tooMuch('FOLDER_TOO_DEEP', { most: deepest })
    for (const entry of await readdir(join(root, inside), { withFileTypes: true }).catch(refused)) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (++seen > limits.entries) return tooMuch('ARCHIVE_TOO_MANY_ENTRIES', { most: limits.entries })
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (entry.isDirectory()) waiting.push(path)
      else if (entry.isFile()) {
        const { size } = await lstat(join(root, path)).catch(refused)
        bytes += size
        if (bytes > limits.unpackedBytes) {
          return tooMuch('ARCHIVE_TOO_LARGE', { megabytes: limits.unpackedBytes / 1024 / 1024 })
        }
        files.push({ path, size })
      } else if (findings.length < limits.findings) findings.push(about('warning', 'FOLDER_LINK_SKIPPED', path))
    }
  }
  return { files: filesBelow(root, files), findings }

  function tooMuch(code: string, details: ErrorDetails): OpenedFiles {
    return { files: null, findings: [...findings, about('error', code, '', details)] }
  }
}

/** One document as a package of one file. */
export async function openFile(file: string): Promise<OpenedFiles> {
  const real = await realpath(file).catch(refused)
  const found = await lstat(real).catch(refused)
  if (!found.isFile()) throw new AppError('PACKAGE_REFUSED', { reason: `${basename(file)} is no file` })
  const folder = real.slice(0, -basename(real).length)
  return { files: filesBelow(folder, [{ path: basename(real), size: found.size }]), findings: [] }
}

function about(severity: Finding['severity'], code: string, file: string, details: ErrorDetails = {}): Finding {
  return { severity, code, details, file, line: null, column: null, path: '', fixable: false }
}
function refused(error: Error): never {
  throw new AppError('PACKAGE_REFUSED', { reason: error.message })
}

function failed(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('PACKAGE_REFUSED', { reason: `${path}: ${error instanceof Error ? error.message : error}` })
}

function filesBelow(root: string, files: { path: string; size: number }[]): StreamedFiles {
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  /** Opens a listed file, once more sure that no link has taken its place or that of a folder above it. */
  async function openListed(path: string): Promise<{ handle: FileHandle; size: number }> {
    const size = sizes.get(path)
    if (size === undefined) throw new AppError('PACKAGE_REFUSED', { reason: `${path} is not in the package` })
    const whole = join(root, path)
    // Without O_NONBLOCK a pipe that took the place of the file would be waited for.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
    const handle = await open(whole, flags).catch(refused)
    try {
      const real = await realpath(whole)
      const base = root.endsWith(sep) ? root : root + sep
      if (real !== whole || !real.startsWith(base)) throw new Error('it leads out of the package')
      if (!(await handle.stat()).isFile()) throw new Error('it is no file')
      return { handle, size }
    } catch (error) {
      await handle.close()
      throw failed(path, error)
    }
  }
  async function use<Value>(path: string, act: (handle: FileHandle, size: number) => Promise<Value>): Promise<Value> {
    const { handle, size } = await openListed(path)
    try {
      return await act(handle, size)
    } catch (error) {
      throw failed(path, error)
    } finally {
      await handle.close()
    }
  }
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    read: (path) =>
      use(path, async (handle, size) => {
        // One byte more than was listed tells that it grew.
        const whole = Buffer.alloc(size + 1)
        let at = 0
        for (let got = 1; got > 0 && at <= size; at += got) {
          got = (await handle.read(whole, at, whole.length - at, at)).bytesRead
        }
        if (at > size) throw new Error('it grew while it was read')
        return whole.subarray(0, at)
      }),
    async *chunks(path) {
      const { handle, size } = await openListed(path)
      try {
        for (let at = 0, got = 1; got > 0; at += got) {
          // A fresh one each time: whoever takes it may not have written it yet when the next is asked for.
          const chunk = Buffer.allocUnsafe(256 * 1024)
          got = (await handle.read(chunk, 0, chunk.length, at)).bytesRead
          if (at + got > size) throw failed(path, new Error('it grew while it was read'))
          if (got > 0) yield chunk.subarray(0, got)
        }
      } finally {
        await handle.close()
      }
    },
    hash: (path) =>
      use(path, async (handle) => {
        const hash = createHash('sha256')
        const chunk = Buffer.alloc(64 * 1024)
        for (let at = 0, got = 1; got > 0; at += got) {
          got = (await handle.read(chunk, 0, chunk.length, at)).bytesRead
          hash.update(chunk.subarray(0, got))
        }
        return hash.digest('hex')
      }),
    close: async () => undefined,
  }
}
