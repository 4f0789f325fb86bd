import { Worker } from 'node:worker_threads'
import { AppError } from '../../../../shared/errors.ts'
import type { Log } from '../../../lib/log.ts'
import { createPeer, type Peer } from '../../../lib/peer.ts'
import { workerFile } from '../../../lib/worker-file.ts'
import type { PackageAsks, PackageReports } from './package-asks.ts'

/** The longest that one package may be read, and a backup of many. */
const TIME_LIMIT_MS = 30_000
const BACKUP_LIMIT_MS = 10 * 60_000
/** A thread that stays a while makes the next import quick: starting one takes longer than reading most packages. */
const IDLE_MS = 20_000
const MEMORY_MB = 1024

interface Thread {
  readonly peer: Peer<PackageAsks>
  /** Ends the thread at once; what it was asked fails with this. */
  end(error: AppError): void
}

/**
 * The thread that reads packages, started when it is needed. It does one thing at a time, each within the time limit; a
 * cancelled or endless one takes the thread with it.
 */
export function createPackageReader({ log, timeLimitMs = TIME_LIMIT_MS }: { log: Log; timeLimitMs?: number }) {
  let thread: Thread | null = null
  let idle: NodeJS.Timeout | null = null
  let last: Promise<unknown> = Promise.resolve()
  let working = false
  let stopped = false

  function begin(): Thread {
    const worker = new Worker(workerFile(import.meta.url, './worker.ts', 'package-worker'), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    })
    const peer = createPeer<PackageAsks, PackageReports>(
      worker,
      { failed: (fields) => log.error('plugins', 'reading failed', fields) },
      (name, error) => log.error('plugins', 'report of the reader failed', { name, error }),
    )
    const own: Thread = {
      peer,
      end(error) {
        if (thread === own) thread = null
        peer.close(error)
        void worker.terminate()
      },
    }
    worker.on('error', (error: NodeJS.ErrnoException) => {
      log.warn('plugins', 'reader ended', { error })
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      own.end(
        new AppError('PACKAGE_REFUSED', { reason: memory ? 'it needs more memory than is allowed' : error.message }),
      )
    })
    worker.on('exit', () => own.end(new AppError('PACKAGE_REFUSED', { reason: 'reading it ended unexpectedly' })))
    worker.unref()
    return own
  }

  function endWhenIdle(): void {
    if (idle) clearTimeout(idle)
    if (working) return
    idle = setTimeout(() => thread?.end(new AppError('CANCELLED')), IDLE_MS)
    idle.unref()
  }

  /** One after the other, whatever becomes of the one before. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = last
    const mine = before.catch(() => {}).then(work)
    last = mine
    return await mine
  }

  return {
    /** Something is on its way: the thread begins while it arrives. */
    warm(): void {
      if (stopped) return
      thread ??= begin()
      endWhenIdle()
    },
    ask<K extends keyof PackageAsks & string>(
      name: K,
      input: PackageAsks[K]['input'],
      options: { signal?: AbortSignal; onProgress?: (progress: PackageAsks[K]['progress']) => void } = {},
    ): Promise<PackageAsks[K]['output']> {
      return inTurn(async () => {
        const { signal, onProgress } = options
        if (stopped || signal?.aborted) throw new AppError('CANCELLED')
        working = true
        if (idle) clearTimeout(idle)
        thread ??= begin()
        const { peer, end } = thread
        const cancel = () => end(new AppError('CANCELLED'))
        signal?.addEventListener('abort', cancel, { once: true })
        const most = name === 'openBackup' ? BACKUP_LIMIT_MS : timeLimitMs
        const tooLong = new AppError('PACKAGE_TIME_LIMIT', { seconds: Math.round(most / 1000) })
        const limit = setTimeout(() => end(tooLong), most)
        try {
          return (await peer.ask(name, input as never, { onProgress: onProgress as never })) as PackageAsks[K]['output']
        } finally {
          clearTimeout(limit)
          signal?.removeEventListener('abort', cancel)
          working = false
          endWhenIdle()
        }
      })
    },
    stop(): void {
      stopped = true
      if (idle) clearTimeout(idle)
      thread?.end(new AppError('CANCELLED'))
    },
  }
}
export type PackageReader = ReturnType<typeof createPackageReader>
