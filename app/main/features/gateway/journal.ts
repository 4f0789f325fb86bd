import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import type { Db } from '../../db/db.ts'
import { journalFile, journalFiles } from '../../platform/gateway/journal.ts'
import { entryOf, type JournalEntry } from '../../platform/gateway/journal-line.ts'

/** Read at once: a few hundred requests, some milliseconds. */
const SLICE_BYTES = 512 * 1024
const lineFeed = 10

/** Reads what the worker wrote down, each line once: how far it was read is kept in the transaction that keeps what was read. */
export function createJournalReader(options: {
  readonly db: Db
  readonly folder: string
  /** Within a transaction. */
  readonly keep: (entries: readonly JournalEntry[]) => void
  readonly sliceBytes?: number
}) {
  const { db, folder, keep } = options
  const slice = Buffer.allocUnsafe(options.sliceBytes ?? SLICE_BYTES)
  let at = db.get<{ file: number; offset: number }>('SELECT file, offset FROM gateway_journal')!
  let unreadable = 0

  function read(file: number, offset: number): number {
    const descriptor = openSync(journalFile(folder, file), 'r')
    try {
      return readSync(descriptor, slice, 0, slice.length, offset)
    } finally {
      closeSync(descriptor)
    }
  }
  function keepTo(next: typeof at, entries: readonly JournalEntry[]): void {
    db.transaction(() => {
      if (entries.length > 0) keep(entries)
      db.run('UPDATE gateway_journal SET file = ?, offset = ?', next.file, next.offset)
      db.afterCommit(() => {
        at = next
      })
    })
  }

  return {
    /** The next slice; false where nothing is left. A slice that could not be kept is read again. */
    step(): boolean {
      // A file is finished once there is one after it, so that is looked at before it is read.
      const files = journalFiles(folder)
      const [file] = files
      if (file === undefined) return false
      const offset = file === at.file ? at.offset : 0
      const length = read(file, offset)
      const end = slice.subarray(0, length).lastIndexOf(lineFeed) + 1
      if (end > 0) {
        const lines = slice.toString('utf8', 0, end - 1).split('\n')
        const entries = lines.flatMap((line) => entryOf(line) ?? [])
        unreadable += lines.length - entries.length
        keepTo({ file, offset: offset + end }, entries)
        return length === slice.length || files.length > 1
      }
      if (length === slice.length) {
        // No line is as long: what stands there is none.
        unreadable++
        keepTo({ file, offset: offset + length }, [])
        return true
      }
      if (files.length === 1) return false
      // Its writer has ended or gone on to the next; what is left of a torn line is nothing.
      rmSync(journalFile(folder, file), { force: true })
      return true
    },
    /** Lines that could not be read since this was asked last. */
    unreadable(): number {
      const count = unreadable
      unreadable = 0
      return count
    },
  }
}
