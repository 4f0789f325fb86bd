import type { Decision, DecisionOutcome } from '../../../shared/contracts/routing.ts'
import type { Db, Value } from '../../db/db.ts'
import { fromJson } from '../../lib/json.ts'
import type { DecisionText } from '../../platform/gateway/journal-line.ts'

export interface KeptDecision {
  readonly decision: Decision
  readonly outcome: DecisionOutcome | null
}
export interface DecisionLimits {
  readonly count: number
  /** One decision over a thousand candidates is a third of a megabyte. */
  readonly bytes: number
}
const bounds: DecisionLimits = { count: 100_000, bytes: 400 * 1024 * 1024 }
/** Taken out at once at most, so that nobody waits for it. */
const STRIDE = 2_000

interface Row {
  readonly sequence: number
  readonly decision: string
  readonly outcome: string | null
}

/** The newest decisions and what came of them, bounded. */
export function createDecisions(db: Db, limits: DecisionLimits = bounds) {
  let { count, bytes } = db.get<{ count: number; bytes: number }>(
    'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM route_decisions',
  )!

  /** Answers by how much was grown. */
  function keepOne({ id, feature, text, outcome }: DecisionText): { count: number; bytes: number } {
    const size = text.length + (outcome?.length ?? 0)
    const added = db.run(
      `INSERT INTO route_decisions (id, feature, bytes, decision, outcome) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
      ...[id, feature, size, text, outcome],
    )
    if (added > 0) return { count: 1, bytes: size }
    if (outcome === null) return { count: 0, bytes: 0 }
    // It was told before its calls had ended.
    const ended = db.run(
      'UPDATE route_decisions SET outcome = ?, bytes = bytes + ? WHERE id = ? AND outcome IS NULL',
      ...[outcome, outcome.length, id],
    )
    return { count: 0, bytes: ended > 0 ? outcome.length : 0 }
  }
  function trim(now: { count: number; bytes: number }): { count: number; bytes: number } {
    if (now.count <= limits.count && now.bytes <= limits.bytes) return now
    const oldest = db.all<{ sequence: number; bytes: number }>(
      'SELECT sequence, bytes FROM route_decisions ORDER BY sequence LIMIT ?',
      now.bytes > limits.bytes ? STRIDE : Math.min(STRIDE, now.count - limits.count),
    )
    let left = now
    let last = 0
    for (const { sequence, bytes: size } of oldest) {
      if (left.count <= limits.count && left.bytes <= limits.bytes) break
      left = { count: left.count - 1, bytes: left.bytes - size }
      last = sequence
    }
    db.run('DELETE FROM route_decisions WHERE sequence <= ?', last)
    return left
  }
  const read = (rows: readonly Row[]): KeptDecision[] =>
    rows.flatMap((row) => {
      const decision = fromJson(row.decision) as Decision | undefined
      const outcome = row.outcome === null ? null : ((fromJson(row.outcome) as DecisionOutcome | undefined) ?? null)
      return decision ? [{ decision, outcome }] : []
    })
  function newest(feature: string | null, before: number, limit: number): Row[] {
    const values: Value[] = feature === null ? [before, limit] : [feature, before, limit]
    return db.all<Row>(
      `SELECT sequence, decision, outcome FROM route_decisions
       WHERE ${feature === null ? '' : 'feature = ? AND'} sequence < ? ORDER BY sequence DESC LIMIT ?`,
      ...values,
    )
  }

  return {
    /** A decision is kept once, however often it is told; what came of it may be told later. */
    keep(list: readonly DecisionText[]): void {
      if (list.length === 0) return
      db.transaction(() => {
        let now = { count, bytes }
        for (const one of list) {
          const grown = keepOne(one)
          now = { count: now.count + grown.count, bytes: now.bytes + grown.bytes }
        }
        const left = trim(now)
        db.afterCommit(() => {
          count = left.count
          bytes = left.bytes
        })
      })
    },
    /** Newest first; from before a decision on, which may itself have gone: then so have those before it. */
    page({ feature, before, limit }: { feature: string | null; before: string | null; limit: number }): KeptDecision[] {
      if (before === null) return read(newest(feature, Number.MAX_SAFE_INTEGER, limit))
      const sql = 'SELECT sequence FROM route_decisions WHERE id = ?'
      const from = db.get<{ sequence: number }>(sql, before)?.sequence
      return from === undefined ? [] : read(newest(feature, from, limit))
    },
    /** Of one feature or of all. */
    newestId(feature: string | null): string | null {
      const [where, values] = feature === null ? ['', []] : ['WHERE feature = ?', [feature]]
      const sql = `SELECT id FROM route_decisions ${where} ORDER BY sequence DESC LIMIT 1`
      return db.get<{ id: string }>(sql, ...values)?.id ?? null
    },
    /** All of one feature, newest first, some at a time. */
    *batches(feature: string, size: number): Generator<Decision[]> {
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const rows = newest(feature, before, size)
        if (rows.length === 0) return
        before = rows.at(-1)!.sequence
        yield read(rows).map(({ decision }) => decision)
      }
    },
  }
}
export type Decisions = ReturnType<typeof createDecisions>
