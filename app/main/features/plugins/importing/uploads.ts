import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { storeFailure } from '../../../db/store-failure.ts'
import { clashOf, isUnsafe, type NamesSeen, shown } from '../packages/archive-names.ts'
import { limits } from '../packages/package-types.ts'

const MOST = 8
const IDLE_MS = 10 * 60_000
const PART_BYTES = 1024 * 1024

interface Arriving {
  readonly path: string
  readonly size: number
  received: number
}
interface Upload {
  readonly name: string
  readonly folder: string
  readonly files: readonly Arriving[]
  /** The file that is written now. */
  open: { readonly index: number; readonly handle: FileHandle } | null
  /** What was asked before; parts are written in the order they were sent. */
  last: Promise<unknown>
  timer: NodeJS.Timeout
}
/** Everything of it arrived; `path` is the file, or the folder of its files. */
export interface Arrived {
  readonly name: string
  readonly path: string
}

/** Packages on their way in, a part at a time, straight to the staging folder. What is abandoned, idle or wrong leaves nothing. */
export function createUploads({ stagingFolder, idleMs = IDLE_MS }: { stagingFolder: string; idleMs?: number }) {
  const uploads = new Map<string, Upload>()

  function find(id: string): Upload {
    const upload = uploads.get(id)
    if (!upload) throw new AppError('UPLOAD_NOT_FOUND')
    upload.timer.refresh()
    return upload
  }
  async function drop(id: string): Promise<void> {
    const upload = uploads.get(id)
    if (!upload) return
    uploads.delete(id)
    clearTimeout(upload.timer)
    await upload.last.catch(() => {})
    await upload.open?.handle.close()
    await rm(upload.folder, { recursive: true, force: true })
  }

  async function write(upload: Upload, index: number, offset: number, data: Buffer): Promise<void> {
    const file = upload.files[index]
    if (!file) throw wrong(`there is no file ${index}`)
    if (data.length > PART_BYTES) throw wrong('a part is larger than 1 MiB')
    if (offset !== file.received) throw wrong(`${shown(file.path)}: ${offset} follows ${file.received}`)
    if (file.received + data.length > file.size) throw wrong(`${shown(file.path)} is longer than it was said to be`)
    if (upload.open?.index !== index) {
      await upload.open?.handle.close()
      upload.open = null
      upload.open = { index, handle: await open(join(upload.folder, file.path), 'r+') }
    }
    await upload.open.handle.write(data, 0, data.length, offset)
    file.received += data.length
  }

  return {
    async begin(name: string, listed: readonly { path: string; size: number }[]): Promise<string> {
      const bytes = listed.reduce((sum, { size }) => sum + size, 0)
      const megabytes = limits.unpackedBytes / 1024 / 1024
      if (bytes > limits.unpackedBytes) throw new AppError('UPLOAD_TOO_LARGE', { name, megabytes })
      if (uploads.size >= MOST) throw wrong(`${MOST} uploads are under way`)
      assertConfined(listed)
      const id = randomUUID()
      const folder = join(stagingFolder, id)
      const timer = setTimeout(() => void drop(id), idleMs)
      timer.unref()
      const files = listed.map(({ path, size }) => ({ path, size, received: 0 }))
      const upload: Upload = { name, folder, files, open: null, last: Promise.resolve(), timer }
      uploads.set(id, upload)
      try {
        upload.last = makeFiles(folder, files)
        await upload.last
        return id
      } catch (error) {
        await drop(id)
        throw storeFailure(error, stagingFolder)
      }
    },
    async append(id: string, index: number, offset: number, data: string): Promise<void> {
      const upload = find(id)
      const part = upload.last.then(() => write(upload, index, offset, Buffer.from(data, 'base64')))
      upload.last = part
      try {
        await part
      } catch (error) {
        await drop(id)
        throw storeFailure(error, stagingFolder)
      }
    },
    /** The whole of it; it stays until `drop`. Fails with UPLOAD_INCOMPLETE, and then it is gone. */
    async arrived(id: string): Promise<Arrived> {
      const upload = find(id)
      await upload.last
      await upload.open?.handle.close()
      upload.open = null
      const expected = upload.files.reduce((sum, { size }) => sum + size, 0)
      const received = upload.files.reduce((sum, { received }) => sum + received, 0)
      const { name, folder, files } = upload
      if (received !== expected) {
        await drop(id)
        throw new AppError('UPLOAD_INCOMPLETE', { name, received, expected })
      }
      const single = files.length === 1 && !files[0]!.path.includes('/')
      return { name, path: single ? join(folder, files[0]!.path) : folder }
    },
    drop,
    stop: async (): Promise<void> => void (await Promise.all([...uploads.keys()].map(drop))),
  }
}
export type Uploads = ReturnType<typeof createUploads>

const wrong = (reason: string) => new AppError('BAD_INPUT', { reason })

/** Refuses paths that would leave the folder, or of which two would be one file, on any system. */
function assertConfined(files: readonly { path: string }[]): void {
  const names: NamesSeen = new Map()
  for (const { path } of files) {
    const clash = isUnsafe(path) ? null : clashOf(path, false, names)
    if (clash !== null)
      throw new AppError('PACKAGE_REFUSED', { reason: `${shown(path)} and ${shown(clash)} are one file` })
    if (isUnsafe(path)) throw new AppError('PACKAGE_REFUSED', { reason: `${shown(path)} is no path inside a package` })
  }
}

/** Empty files in their places, so that a part needs nothing but to be written. */
async function makeFiles(folder: string, files: readonly Arriving[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const folders = new Set(files.map(({ path }) => dirname(join(folder, path))))
  for (const one of folders) await mkdir(one, { recursive: true, mode: 0o700 })
  for (const { path } of files) await (await open(join(folder, path), 'wx', 0o600)).close()
}
