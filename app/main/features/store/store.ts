import type { Backup, store as contract, StoreState } from '../../../shared/contracts/store.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Actor, Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import { listBackups, listGoodBackups, makeBackup, removePartialBackups } from '../../db/backups.ts'
import type { Db } from '../../db/db.ts'
import { schemaVersion } from '../../db/migrate.ts'
import { prepareRestore, setAside } from '../../db/restore.ts'
import { createEmptyStore } from '../../db/store-file.ts'
import { databaseFile } from '../../lib/data-folder.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import type { Restart } from '../../lib/restart.ts'
import type { TaskRunner } from '../../lib/tasks.ts'

const DAY_MS = 24 * 3600 * 1000
const HOUR_MS = 3600 * 1000

/** What can be done to the database as a file, whether it is whole or not. */
export function createRepair(options: { folder: string; restart: Restart; log: Log }) {
  const { folder, restart, log } = options
  let busy = false
  async function alone(work: () => Promise<void>): Promise<void> {
    if (busy) throw new AppError('NOT_SUPPORTED', { reason: 'the database is being replaced already' })
    busy = true
    try {
      await work()
    } finally {
      busy = false
    }
  }
  return {
    restore: (name: string, actor: Actor) =>
      alone(async () => {
        const swap = prepareRestore(folder, name)
        log.info('store', 'restoring', { name })
        const subject = { actor, action: 'store.restore', target: `backup ${name}`, targetId: 'store' }
        await restart(() => void swap(), {
          notice: { severity: 'info', code: 'STORE_RESTORED', details: { name } },
          subject,
        })
      }),
    startEmpty: (actor: Actor) =>
      alone(async () => {
        log.warn('store', 'starting empty')
        const subject = { actor, action: 'store.startEmpty', target: 'database', targetId: 'store' }
        const replace = () => {
          setAside(folder, 'before-empty')
          createEmptyStore(folder)
        }
        await restart(replace, { notice: { severity: 'warn', code: 'STORE_STARTED_EMPTY', details: {} }, subject })
      }),
  }
}
export type Repair = ReturnType<typeof createRepair>

/** Nothing but its repair works until the operator has chosen one. */
export function damagedStoreHandlers(folder: string, reason: string, repair: Repair): Handlers<typeof contract> {
  const state: StoreState = { kind: 'damaged', file: databaseFile(folder), reason, backups: listGoodBackups(folder) }
  return {
    backup: () => {
      throw new AppError('STORE_DAMAGED', { reason })
    },
    restore: ({ name }, { actor }) => repair.restore(name, actor),
    startEmpty: (_, { actor }) => repair.startEmpty(actor),
    onState: (emit) => {
      emit(state)
      return () => {}
    },
  }
}

interface Options {
  readonly folder: string
  readonly db: Db
  readonly checkedAt: number
  readonly tasks: TaskRunner
  readonly notify: Notify
  readonly log: Log
}

/** The backups of a whole database: daily by itself, and when asked. */
export function createStore({ folder, db, checkedAt, tasks, notify, log }: Options) {
  const states = createEmitter<StoreState>()
  const ending = new AbortController()
  let running: Promise<Backup> | null = null

  const state = (): StoreState => ({
    kind: 'ready',
    file: db.file,
    // Not the file's size: what was written lately is still in the log beside it.
    sizeBytes: Number(db.pragma('page_count')) * Number(db.pragma('page_size')),
    schemaVersion: schemaVersion(db),
    checkedAt,
    backups: listBackups(folder),
  })

  /** One at a time: who asks during one gets that one. */
  function backup(signal: AbortSignal): Promise<Backup> {
    running ??= make(signal).finally(() => {
      running = null
    })
    return running
  }
  async function make(signal: AbortSignal): Promise<Backup> {
    try {
      const made = await makeBackup(db, folder, () => {
        signal.throwIfAborted()
        ending.signal.throwIfAborted()
      })
      log.info('store', 'backup made', { name: made.name, sizeBytes: made.sizeBytes })
      states.emit(state())
      return made
    } catch (error) {
      const known =
        error instanceof AppError ? error : new AppError('INTERNAL', { incident: 'backup' }, { cause: error })
      if (known.code !== 'CANCELLED') {
        log.error('store', 'backup failed', { error })
        notify({ severity: 'fail', code: 'BACKUP_FAILED', details: { reason: known.message } })
      }
      throw error
    }
  }
  async function backupIfDue(): Promise<void> {
    try {
      const newest = listBackups(folder)[0]?.at ?? 0
      // One from the future (a clock set back) is no reason to make none for years.
      if (Math.abs(Date.now() - newest) >= DAY_MS) await backup(ending.signal)
    } catch (error) {
      log.debug('store', 'no daily backup', { error }) // told by its notice
    }
  }

  removePartialBackups(folder)
  void backupIfDue()
  const hourly = setInterval(() => void backupIfDue(), HOUR_MS)
  hourly.unref()

  return {
    backup: () => tasks.run({ title: { kind: 'backup' }, cancellable: true }, (task) => backup(task.signal)),
    follow(emit: Emit<StoreState>): Unsubscribe {
      emit(state())
      return states.listen((next) => void emit(next))
    },
    stop: async () => {
      clearInterval(hourly)
      ending.abort(new AppError('CANCELLED'))
      await running?.catch(() => {})
    },
  }
}
export type Store = ReturnType<typeof createStore>

export const storeHandlers = (store: Store, repair: Repair): Handlers<typeof contract> => ({
  backup: () => store.backup(),
  restore: ({ name }, { actor }) => repair.restore(name, actor),
  startEmpty: () => {
    throw new AppError('NOT_SUPPORTED', { reason: 'the database is not damaged' })
  },
  onState: (emit) => store.follow(emit),
})
