import type { PluginCall, PluginCallsUpdate } from '../../../shared/contracts/plugin-calls.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { CallRecord, RecordedCall, Surface } from '../../platform/messages.ts'
import { createCallFigures } from './call-figures.ts'

export interface CallLimits {
  readonly perPlugin: number
  readonly inAll: number
  readonly payloadsPerPlugin: number
  readonly payloadBytes: number
}
const bounds: CallLimits = {
  perPlugin: 1000,
  inAll: 100_000,
  payloadsPerPlugin: 200,
  payloadBytes: 50 * 1024 * 1024,
}
const SHOWN = 200
const HOUR = 3_600_000
/** How often figures that only time changes are looked at. */
const AGEING_MS = 30_000
/** Trials are no use of a plugin. */
const isUse = (surface: Surface) => surface !== 'test' && surface !== 'replay'

type Row = Omit<PluginCall, 'pluginName' | 'recorded'> & { readonly recorded: number }
const columns = `c.id AS callId, c.plugin_id AS pluginId, c.operation_id AS operationId, c.at, c.surface, c.method, c.url,
  c.status_code AS statusCode, c.duration_ms AS durationMs, c.error, p.call_id IS NOT NULL AS recorded`
const joined = 'plugin_calls c LEFT JOIN plugin_call_payloads p ON p.call_id = c.id'

export interface CallsParts {
  readonly db: Db
  readonly clock: () => number
  /** Null for a plugin that is not there any more. */
  readonly nameOf: (id: string) => string | null
  /** Told which plugins have new figures. */
  readonly counted: (ids: Iterable<string>) => void
  readonly limits?: CallLimits
}

/** The history of calls, bounded, and the figures of the last hour. */
export function createCalls({ db, clock, nameOf, counted, limits = bounds }: CallsParts) {
  const figures = createCallFigures(clock)
  const appended = createEmitter<readonly PluginCall[]>()
  const cleared = createEmitter<string>()
  const calls = new Map<string, number>()
  const payloads = new Map<string, number>()
  let total = 0
  let bytes = 0
  recount()
  seed()
  const ageing = setInterval(() => counted(figures.ageing()), AGEING_MS)
  ageing.unref()

  function recount(): void {
    calls.clear()
    const sql = 'SELECT plugin_id AS id, count(*) AS n FROM plugin_calls GROUP BY plugin_id'
    for (const { id, n } of db.all<{ id: string; n: number }>(sql)) calls.set(id, n)
    total = sumOf(calls)
    countPayloads()
  }
  function seed(): void {
    const newest = `SELECT p.id AS pluginId, (SELECT at FROM plugin_calls c WHERE c.plugin_id = p.id
      AND c.surface NOT IN ('test', 'replay') ORDER BY c.id DESC LIMIT 1) AS at FROM plugins p`
    for (const { pluginId, at } of db.all<{ pluginId: string; at: number | null }>(newest))
      if (at !== null) figures.seen(pluginId, at)
    // Read from the newest back: the hour is a small part of the history.
    const older = 'SELECT id FROM plugin_calls WHERE at <= ? ORDER BY id DESC LIMIT 1'
    const from = db.get<{ id: number }>(older, clock() - HOUR)?.id ?? 0
    const recent = db.all<{ pluginId: string; at: number; durationMs: number; failed: number }>(
      `SELECT plugin_id AS pluginId, at, duration_ms AS durationMs, error IS NOT NULL AS failed FROM plugin_calls
       WHERE id > ? AND surface NOT IN ('test', 'replay')`,
      from,
    )
    for (const one of recent) figures.count({ ...one, failed: one.failed === 1 })
  }

  function insert(record: CallRecord, pluginName: string): PluginCall {
    const { pluginId, operationId, surface, method, url, statusCode, error, payload } = record
    const at = Math.round(record.at)
    const { id } = db.get<{ id: number }>(
      `INSERT INTO plugin_calls (plugin_id, version_id, operation_id, at, surface, method, url, status_code, duration_ms, error)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      ...[pluginId, record.versionId, operationId, at, surface, method, url, statusCode, record.durationMs, error],
    )!
    if (payload) {
      db.run(
        'INSERT INTO plugin_call_payloads (call_id, plugin_id, arguments, answer, bytes) VALUES (?, ?, ?, ?, ?)',
        ...[id, pluginId, payload.arguments, payload.answer, payload.arguments.length + payload.answer.length],
      )
    }
    const { durationMs } = record
    return {
      callId: id,
      ...{ pluginId, pluginName, operationId, at, surface, method, url, statusCode, durationMs, error },
      recorded: payload !== null,
    }
  }

  /** Takes the oldest calls of a plugin, or of all, out; answers how many by plugin. */
  function dropOldest(pluginId: string | null, most: number): Map<string, number> {
    const gone = db.all<{ id: string }>(
      `DELETE FROM plugin_calls WHERE id IN
         (SELECT id FROM plugin_calls ${pluginId === null ? '' : 'WHERE plugin_id = ?'} ORDER BY id LIMIT ?)
       RETURNING plugin_id AS id`,
      ...(pluginId === null ? [most] : [pluginId, most]),
    )
    return tally(gone.map(({ id }) => id))
  }
  function dropOldestPayloads(pluginId: string | null, most: number): void {
    db.run(
      `DELETE FROM plugin_call_payloads WHERE call_id IN
         (SELECT call_id FROM plugin_call_payloads ${pluginId === null ? '' : 'WHERE plugin_id = ?'}
          ORDER BY call_id LIMIT ?)`,
      ...(pluginId === null ? [most] : [pluginId, most]),
    )
  }
  function countPayloads(): void {
    payloads.clear()
    bytes = 0
    const sql =
      'SELECT plugin_id AS id, count(*) AS n, sum(bytes) AS bytes FROM plugin_call_payloads GROUP BY plugin_id'
    for (const row of db.all<{ id: string; n: number; bytes: number }>(sql)) {
      payloads.set(row.id, row.n)
      bytes += row.bytes
    }
  }
  function trim(touched: readonly string[]): void {
    const before = total
    for (const id of touched) {
      const over = (calls.get(id) ?? 0) - limits.perPlugin
      if (over > 0) forget(dropOldest(id, over))
    }
    if (total > limits.inAll) forget(dropOldest(null, total - limits.inAll))
    // What was kept of those calls went with them.
    if (total < before) countPayloads()
    const over = (id: string) => (payloads.get(id) ?? 0) - limits.payloadsPerPlugin
    const full = touched.filter((id) => over(id) > 0)
    for (const id of full) dropOldestPayloads(id, over(id))
    if (full.length > 0) countPayloads()
    while (bytes > limits.payloadBytes) {
      dropOldestPayloads(null, Math.max(1, Math.ceil(sumOf(payloads) / 10)))
      countPayloads()
    }
  }
  function forget(gone: ReadonlyMap<string, number>): void {
    for (const [id, n] of gone) {
      calls.set(id, (calls.get(id) ?? 0) - n)
      total -= n
    }
  }

  function newest(pluginId: string | null): PluginCall[] {
    const where = pluginId === null ? '' : 'WHERE c.plugin_id = ?'
    const values = pluginId === null ? [SHOWN] : [pluginId, SHOWN]
    const rows = db.all<Row>(`SELECT ${columns} FROM ${joined} ${where} ORDER BY c.id DESC LIMIT ?`, ...values)
    return rows.map((row) => ({
      ...row,
      pluginName: nameOf(row.pluginId) ?? row.pluginId,
      recorded: row.recorded === 1,
    }))
  }

  return {
    figuresOf: figures.of,
    /** A batch of what was called, in one transaction. What is about a plugin that went meanwhile is left out. */
    append(records: readonly CallRecord[]): void {
      const known = records.flatMap((record) => {
        const name = nameOf(record.pluginId)
        return name === null ? [] : [{ record, name }]
      })
      if (known.length === 0) return
      const added = db.transaction(() => {
        const rows = known.map(({ record, name }) => insert(record, name))
        db.afterCommit(() => count(rows, records))
        return rows
      })
      const touched = [...new Set(added.map(({ pluginId }) => pluginId))]
      db.transaction(() => trim(touched))
      appended.emit(added)
      counted(touched)
    },
    follow(emit: Emit<PluginCallsUpdate>, id: string | null): Unsubscribe {
      const snapshot = () => emit({ kind: 'snapshot', calls: newest(id) })
      snapshot()
      const stopAppended = appended.listen((list) => {
        const own = id === null ? list : list.filter(({ pluginId }) => pluginId === id)
        if (own.length > 0) emit({ kind: 'appended', calls: [...own] })
      })
      const stopCleared = cleared.listen((of) => (id === null || id === of) && snapshot())
      return () => {
        stopAppended()
        stopCleared()
      }
    },
    recordedCount: (pluginId: string): number => payloads.get(pluginId) ?? 0,
    /** For a replay, oldest first. */
    recorded: (pluginId: string): RecordedCall[] =>
      db.all<RecordedCall>(
        `SELECT c.id AS callId, c.operation_id AS operationId, c.status_code AS statusCode, p.arguments, p.answer
         FROM plugin_call_payloads p JOIN plugin_calls c ON c.id = p.call_id WHERE p.plugin_id = ? ORDER BY p.call_id`,
        pluginId,
      ),
    payload(callId: number): { arguments: string | null; answer: string | null } {
      const row = db.get<{ arguments: string | null; answer: string | null }>(
        `SELECT p.arguments, p.answer FROM ${joined} WHERE c.id = ?`,
        callId,
      )
      if (!row) throw new AppError('CALL_NOT_FOUND')
      return row
    },
    /** Within a transaction: the caller writes down that it was done. */
    clear(pluginId: string): void {
      db.run('DELETE FROM plugin_calls WHERE plugin_id = ?', pluginId)
      db.afterCommit(() => {
        recount()
        figures.forget(pluginId)
        cleared.emit(pluginId)
        counted([pluginId])
      })
    },
    /** Of plugins that were taken out with all that is theirs. */
    forget(ids: readonly string[]): void {
      for (const id of ids) figures.forget(id)
      recount()
    },
    stop: () => clearInterval(ageing),
  }

  function count(rows: readonly PluginCall[], records: readonly CallRecord[]): void {
    for (const { pluginId, at, durationMs, error, surface } of rows) {
      calls.set(pluginId, (calls.get(pluginId) ?? 0) + 1)
      total++
      if (isUse(surface)) figures.count({ pluginId, at, durationMs, failed: error !== null })
    }
    for (const { pluginId, payload } of records) {
      if (!payload || nameOf(pluginId) === null) continue
      payloads.set(pluginId, (payloads.get(pluginId) ?? 0) + 1)
      bytes += payload.arguments.length + payload.answer.length
    }
  }
}
export type Calls = ReturnType<typeof createCalls>

function tally(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
const sumOf = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0)
