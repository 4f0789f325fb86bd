import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Where what was used is written down before its answer goes out. */
export interface Journal {
  /** One line with its end; it is written with the others of this turn of the event loop. */
  append(line: string): void
  /** When all that was appended is written: an answer waits for it. */
  written(): Promise<void>
  /** Writes what was appended now. */
  flush(): void
  close(): void
}

/** Bytes of one file; main removes those that it has read. */
const MOST_BYTES = 8 * 1024 * 1024
/** After a failure to write, as on a full disk. */
const AGAIN_MS = 1000

export const journalFolder = (dataFolder: string): string => join(dataFolder, 'gateway')
/** Numbers of a folder's journal files, oldest first. */
export function journalFiles(folder: string): number[] {
  try {
    const found = readdirSync(folder).flatMap((name) => /^(\d{1,15})\.journal$/.exec(name)?.[1] ?? [])
    return found.map(Number).sort((a, b) => a - b)
  } catch {
    // Nothing was ever written.
    return []
  }
}
export const journalFile = (folder: string, number: number): string => join(folder, `${number}.journal`)

/**
 * Appends lines to files of a folder. A line that is written is with the system: it survives the end of this process, however
 * sudden, though not a power cut. Nothing here fails a call; `lost` hears of lines that could not be written.
 */
export function createJournal(options: {
  readonly folder: string
  readonly lost: (reason: string, lines: number) => void
  readonly mostBytes?: number
}): Journal {
  const { folder, lost, mostBytes = MOST_BYTES } = options
  let file: number | null = null
  let bytes = 0
  let again = 0
  let lines: string[] = []
  /** Of this turn of the event loop. */
  let turn: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null

  function open(): number {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const number = Math.max(Date.now(), (journalFiles(folder).at(-1) ?? 0) + 1)
    bytes = 0
    return openSync(journalFile(folder, number), 'ax', 0o600)
  }
  function closeFile(): void {
    const descriptor = file
    file = null
    if (descriptor !== null) closeSync(descriptor)
  }
  function write(text: string): void {
    if (again > performance.now()) throw new Error('the last lines could not be written either')
    try {
      if (bytes >= mostBytes) closeFile()
      file ??= open()
      const written = writeSync(file, text)
      bytes += written
      // The next line must not continue a torn one.
      if (written < Buffer.byteLength(text)) throw new Error('the disk is full')
    } catch (error) {
      again = performance.now() + AGAIN_MS
      closeFile()
      throw error
    }
  }
  function flush(): void {
    const ended = turn
    const text = lines.join('')
    const count = lines.length
    turn = null
    lines = []
    try {
      if (count > 0) write(text)
    } catch (error) {
      lost(error instanceof Error ? error.message : String(error), count)
    }
    ended?.resolve()
  }

  return {
    append(line) {
      lines.push(line)
      if (turn) return
      turn = Promise.withResolvers<void>()
      // Once for all calls that end in this turn: a write for each would cost as much as the rest of the accounting.
      setImmediate(flush)
    },
    written: () => turn?.promise ?? Promise.resolve(),
    flush,
    close() {
      flush()
      closeFile()
    },
  }
}
