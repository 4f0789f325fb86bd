import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'
import { storeFailure } from './store-failure.ts'

export type Value = string | number | null
/** One open SQLite file. Every method throws AppError where the disk or the file is at fault (see `storeFailure`). */
export interface Db {
  readonly file: string
  all<Row>(sql: string, ...values: Value[]): Row[]
  get<Row>(sql: string, ...values: Value[]): Row | undefined
  /** Answers how many rows were changed. */
  run(sql: string, ...values: Value[]): number
  /** Several statements without values. */
  exec(sql: string): void
  pragma(text: string): unknown
  /** All or nothing; one inside another is part of it. */
  transaction<T>(work: () => T): T
  /** Runs `effect` once the surrounding transaction is written, never when it is rolled back; at once outside of one. */
  afterCommit(effect: () => void): void
  /** Copies the live database to `file` a few pages at a time; writes go on meanwhile. Throws what `step` throws. */
  copyTo(file: string, step: () => void): Promise<void>
  /** Told once, the first time a statement meets damage. */
  onDamage(listener: (reason: string) => void): void
  close(): void
}

export function openDatabase(file: string, options: { readonly?: boolean; busyTimeoutMs?: number } = {}): Db {
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw failed(error)
    }
  }
  let damaged: ((reason: string) => void) | null = null
  function failed(error: unknown): unknown {
    const failure = storeFailure(error, dirname(file))
    if (failure instanceof AppError && failure.code === 'STORE_DAMAGED') {
      damaged?.(String(failure.details['reason']))
      damaged = null
    }
    return failure
  }
  const handle = guard(
    () => new Sqlite(file, { readonly: options.readonly ?? false, timeout: options.busyTimeoutMs ?? 5000 }),
  )
  const statements = new Map<string, Sqlite.Statement>()
  function statement(sql: string): Sqlite.Statement {
    // Work that ends after the parts were stopped: its caller's link is dropped as well.
    if (!handle.open) throw new AppError('DISCONNECTED')
    let found = statements.get(sql)
    if (!found) {
      found = handle.prepare(sql)
      statements.set(sql, found)
    }
    return found
  }
  let effects: (() => void)[] = []

  return {
    file,
    all: <Row>(sql: string, ...values: Value[]) => guard(() => statement(sql).all(...values) as Row[]),
    get: <Row>(sql: string, ...values: Value[]) => guard(() => statement(sql).get(...values) as Row | undefined),
    run: (sql, ...values) => guard(() => statement(sql).run(...values).changes),
    exec: (sql) => guard(() => void handle.exec(sql)),
    pragma: (text) => guard(() => handle.pragma(text, { simple: true })),
    transaction<T>(work: () => T): T {
      if (handle.inTransaction) return work()
      if (!handle.open) throw new AppError('DISCONNECTED')
      effects = []
      const result = guard(() => handle.transaction(work).immediate())
      for (const effect of effects.splice(0)) effect()
      return result
    },
    afterCommit(effect) {
      if (handle.inTransaction) effects.push(effect)
      else effect()
    },
    async copyTo(target, step) {
      try {
        await handle.backup(target, {
          progress: () => {
            step()
            return 100
          },
        })
      } catch (error) {
        throw failed(error)
      }
    },
    onDamage: (listener) => {
      damaged = listener
    },
    close: () => void handle.close(),
  }
}

/** Throws STORE_DAMAGED with SQLite's first finding. */
export function checkIntegrity(db: Db): void {
  const [finding] = db.all<{ integrity_check: string }>('PRAGMA integrity_check(1)')
  if (finding?.integrity_check !== 'ok') {
    throw new AppError('STORE_DAMAGED', { reason: finding?.integrity_check ?? 'no answer of the check' })
  }
}
