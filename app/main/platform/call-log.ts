import { appendFile, mkdir, open as openFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

const FILES = 5
const FILE_BYTES = 10 * 1024 * 1024
const BATCH_MS = 100
/** Calls that wait for the disk; more are lost and counted. */
const MOST_WAITING = 20_000
const NEW_LINE = 10

export interface LoggedCall {
  readonly at: number
  readonly pluginName: string
  readonly operationId: string
  readonly method: string
  readonly url: string
  readonly durationMs: number
  readonly statusCode: number
  readonly error: string | null
}

/** The names are those that operators' own scripts read; a status is always a number, because those compare it. */
const lineOf = ({ at, pluginName, operationId, method, url, durationMs, statusCode, error }: LoggedCall): string =>
  JSON.stringify({
    timestamp: new Date(at).toISOString(),
    level: error === null ? 'info' : 'error',
    component: 'plugin',
    plugin_name: pluginName,
    operation_id: operationId,
    ...{ method, url, duration_ms: Math.round(durationMs * 1000) / 1000, status_code: statusCode },
    ...(error !== null && { error }),
  })

/** JSON lines of calls, written a batch at a time and rotated. A disk that does not take them loses lines, never a call. */
export function createCallLog(options: {
  readonly file: string
  /** Told once for each time that the disk begins to refuse. */
  readonly lost: (reason: string) => void
  /** Told how many lines are missing, once lines are taken again. */
  readonly missing: (count: number) => void
  readonly fileBytes?: number
}) {
  const { file, fileBytes = FILE_BYTES } = options
  const aged = (age: number) => (age === 0 ? file : file.replace(/(\.\w+)?$/, `.${age}$1`))
  let waiting: LoggedCall[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  /** Null until the file is opened for the first time, or again after a failure. */
  let size: number | null = null
  let lost = 0
  let untold = 0
  let refused = false

  async function open(): Promise<number> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await openFile(file, 'a+', 0o600)
    try {
      await handle.chmod(0o600)
      const { size: bytes } = await handle.stat()
      if (bytes === 0) return 0
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, bytes - 1)
      if (buffer[0] === NEW_LINE) return bytes
      // A full disk or a crash has cut the last line.
      await handle.appendFile('\n')
      return bytes + 1
    } finally {
      await handle.close()
    }
  }
  function lose(count: number): void {
    lost += count
    untold += count
  }
  async function rotate(): Promise<void> {
    await rm(aged(FILES - 1), { force: true })
    for (let age = FILES - 2; age >= 0; age--) await rename(aged(age), aged(age + 1)).catch(unlessAbsent)
    size = 0
  }
  async function write(): Promise<void> {
    const calls = waiting
    waiting = []
    if (calls.length === 0) return
    try {
      const bytes = Buffer.from(`${calls.map(lineOf).join('\n')}\n`)
      size ??= await open()
      if (size > 0 && size + bytes.length > fileBytes) await rotate()
      await appendFile(file, bytes, { mode: 0o600 })
      size = (size ?? 0) + bytes.length
      refused = false
      if (untold > 0) options.missing(untold)
      untold = 0
    } catch (error) {
      lose(calls.length)
      size = null
      if (!refused) options.lost(error instanceof Error ? error.message : String(error))
      refused = true
    }
  }
  function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    writing = writing.then(write)
    return writing
  }

  return {
    add(call: LoggedCall): void {
      if (waiting.length >= MOST_WAITING) lose(1)
      else waiting.push(call)
      timer ??= setTimeout(() => void flush(), BATCH_MS)
    },
    /** Lines that no disk took so far. */
    lost: (): number => lost,
    flush,
  }
}
export type CallLog = ReturnType<typeof createCallLog>

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
