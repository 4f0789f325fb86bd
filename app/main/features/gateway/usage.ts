import type { UsageRow } from '../../../shared/contracts/gateway.ts'
import type { Currency } from '../../../shared/contracts/keys.ts'
import type { Decision } from '../../../shared/contracts/routing.ts'
import type { Db } from '../../db/db.ts'
import { fromJson } from '../../lib/json.ts'
import type { UseRecord } from '../../platform/gateway/gateway-messages.ts'
import type { CountedCall, JournalEntry } from '../../platform/gateway/journal-line.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Long jobs whose ids are remembered, so that one that ends twice counts once. */
const MOST_COUNTED = 100_000
/** Rows of one hour; callers choose the names of models, and shall not choose how much is kept. */
const MOST_AN_HOUR = 5_000
const OTHER = '(other)'

export type UsageQuestion = {
  readonly from: number
  readonly to: number
  readonly by: 'hour' | 'day' | 'model' | 'key' | 'feature' | 'caller'
}
export interface UsageNames {
  /** Null for one that is not known any more. */
  readonly keyName: (id: string) => string | null
  readonly tokenName: (id: string) => string | null
}

// Where there was none, the place is '': a part of the primary key is never null.
const columns = {
  hour: 'hour',
  day: `hour - hour % ${DAY}`,
  model: 'model',
  key: 'key_id',
  feature: 'feature',
  caller: 'token_id',
} as const satisfies Record<UsageQuestion['by'], string>

interface Sums {
  readonly of: string | number
  readonly currency: Currency
  readonly requests: number
  readonly errors: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly images: number
  readonly cost: number
  readonly unpriced: number
  readonly durationMs: number
  readonly firstTokenMs: number
  readonly streamed: number
}

/** What was used with each key since then, by the hour. */
export const useOfKeys = (db: Db, since: number) =>
  db.all<{
    readonly keyId: string
    readonly hour: number
    readonly requests: number
    readonly errors: number
    readonly inputTokens: number
    readonly outputTokens: number
    readonly cost: number
    readonly unpriced: number
  }>(
    `SELECT keyId, hour, sum(requests) AS requests, sum(errors) AS errors, sum(inputTokens) AS inputTokens,
       sum(outputTokens) AS outputTokens, sum(cost) AS cost, sum(unpriced) AS unpriced
     FROM (SELECT key_id AS keyId, hour, requests, errors, 0 AS inputTokens, 0 AS outputTokens, 0 AS cost,
         0 AS unpriced FROM key_hours
       UNION ALL SELECT key_id, hour, 0, 0, input_tokens, output_tokens, cost, unpriced FROM usage_hours WHERE key_id <> '')
     WHERE hour >= ? GROUP BY keyId, hour`,
    since,
  )

/** What was used, summed by the hour. */
export function createUsage(db: Db, mostAnHour = MOST_AN_HOUR) {
  function add(place: Place, sums: readonly number[]): void {
    const where = [place.hour, place.feature, place.model, place.keyId, place.vendor, place.tokenId, place.currency]
    const updated = db.get(
      `UPDATE usage_hours SET requests = requests + ?, errors = errors + ?, input_tokens = input_tokens + ?,
         output_tokens = output_tokens + ?, images = images + ?, cost = cost + ?, duration_ms = duration_ms + ?,
         first_token_ms = first_token_ms + ?, streamed = streamed + ?, unpriced = unpriced + ?
       WHERE hour = ? AND feature = ? AND model = ? AND key_id = ? AND vendor = ? AND token_id = ? AND currency = ? RETURNING 1`,
      ...sums,
      ...where,
    )
    if (updated) return
    const { n } = db.get<{ n: number }>('SELECT count(*) AS n FROM usage_hours WHERE hour = ?', place.hour)!
    if (n >= mostAnHour && place.model !== OTHER) {
      add({ ...place, model: OTHER }, sums)
      return
    }
    db.run(
      `INSERT INTO usage_hours (hour, feature, model, key_id, vendor, token_id, currency, requests, errors, input_tokens,
         output_tokens, images, cost, duration_ms, first_token_ms, streamed, unpriced)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...where,
      ...sums,
    )
  }
  /** Whether it was not counted before; from now on it was. */
  function isFresh({ id }: UseRecord): boolean {
    const added = db.get<{ sequence: number }>(
      'INSERT INTO usage_counted (id) VALUES (?) ON CONFLICT (id) DO NOTHING RETURNING sequence',
      id,
    )
    if (added) db.run('DELETE FROM usage_counted WHERE sequence <= ?', added.sequence - MOST_COUNTED)
    return added !== undefined
  }
  /** Most of a slice are of the same hour, model and key: one write for all of them. */
  function addUses(uses: readonly UseRecord[]): void {
    const places = new Map<string, { place: Place; sums: number[] }>()
    for (const record of uses) {
      const place = placeOf(record)
      const name = `${place.hour} ${place.keyId} ${place.tokenId} ${place.feature} ${place.currency} ${place.vendor} ${place.model}`
      const so = places.get(name)
      const own = sumsOf(record)
      if (!so) places.set(name, { place, sums: own })
      else for (let i = 0; i < own.length; i++) so.sums[i]! += own[i]!
    }
    for (const { place, sums } of places.values()) add(place, sums)
  }
  function addCalls(calls: readonly CountedCall[]): void {
    const hours = Map.groupBy(calls, ({ at, keyId }) => `${hourOf(at)} ${keyId}`)
    for (const of of hours.values()) {
      const errors = of.filter(({ failed }) => failed).length
      db.run(
        `INSERT INTO key_hours (hour, key_id, requests, errors) VALUES (?, ?, ?, ?) ON CONFLICT (hour, key_id)
         DO UPDATE SET requests = requests + excluded.requests, errors = errors + excluded.errors`,
        ...[hourOf(of[0]!.at), of[0]!.keyId, of.length, errors],
      )
    }
  }

  return {
    /**
     * Within the transaction that keeps how far the journal was read. Answers what was counted: a long job can end in two
     * workers, and counts the first time.
     */
    count(entries: readonly JournalEntry[]): { readonly uses: UseRecord[]; readonly calls: CountedCall[] } {
      const fresh = entries.filter(({ use, decision }) => !use || decision || isFresh(use))
      const uses = fresh.flatMap(({ use }) => use ?? [])
      const calls = fresh.flatMap(({ use, calls: of, decision }) => {
        const at = use?.at ?? (decision && (fromJson(decision.text) as Partial<Decision> | undefined)?.at) ?? 0
        return of.map((call) => ({ ...call, at }))
      })
      addUses(uses)
      addCalls(calls)
      return { uses, calls }
    },
    /** The hours that touch the time asked for; days and hours are of UTC, the largest use first where it is not time. */
    rows({ from, to, by }: UsageQuestion, names: UsageNames): UsageRow[] {
      const sums = db.all<Sums>(
        `SELECT ${columns[by]} AS of, currency, sum(requests) AS requests, sum(errors) AS errors,
           sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens, sum(images) AS images, sum(cost) AS cost,
           sum(duration_ms) AS durationMs, sum(first_token_ms) AS firstTokenMs, sum(streamed) AS streamed,
           sum(unpriced) AS unpriced
         FROM usage_hours WHERE hour >= ? AND hour < ? GROUP BY of, currency ORDER BY of, currency`,
        ...[hourOf(from), to],
      )
      const rows = [...Map.groupBy(sums, ({ of }) => of)].map(([of, parts]) => rowOf(by, of, parts, names))
      return by === 'hour' || by === 'day' ? rows : rows.sort((a, b) => b.requests - a.requests)
    },
    prune(before: number): void {
      db.run('DELETE FROM usage_hours WHERE hour < ?', hourOf(before))
      db.run('DELETE FROM key_hours WHERE hour < ?', hourOf(before))
    },
  }
}
export type Usage = ReturnType<typeof createUsage>

const hourOf = (at: number) => Math.floor(at / HOUR) * HOUR
const finite = (value: number) => (Number.isFinite(value) ? value : 0)
/** Sums are of whole numbers; SQLite refuses others there, and one that is none would keep its whole batch out. */
const whole = (value: number) => Math.round(finite(value))

const placeOf = ({ at, feature, model, keyId, vendor, tokenId, currency }: UseRecord) => ({
  ...{ hour: hourOf(at), feature, model: model.slice(0, 200), currency },
  ...{ keyId: keyId ?? '', vendor: vendor ?? '', tokenId: tokenId ?? '' },
})
type Place = ReturnType<typeof placeOf>

/** In the order of the columns. */
const sumsOf = ({ failed, inputTokens, outputTokens, images, cost, ...more }: UseRecord): number[] => [
  ...[1, Number(failed), whole(inputTokens), whole(outputTokens), whole(images), whole(cost)],
  ...[finite(more.durationMs), finite(more.firstTokenMs ?? 0), Number(more.firstTokenMs !== null)],
  Number(more.unpriced === true),
]

function rowOf(by: UsageQuestion['by'], of: string | number, parts: readonly Sums[], names: UsageNames): UsageRow {
  const sum = (pick: (one: Sums) => number) => parts.reduce((total, one) => total + pick(one), 0)
  const group =
    by === 'hour' ? new Date(of).toISOString() : by === 'day' ? new Date(of).toISOString().slice(0, 10) : String(of)
  const name = by === 'key' ? names.keyName(group) : by === 'caller' ? names.tokenName(group) : group
  const requests = sum((one) => one.requests)
  const streamed = sum((one) => one.streamed)
  return {
    ...{ group, label: name ?? group, requests },
    errors: sum((one) => one.errors),
    inputTokens: sum((one) => one.inputTokens),
    outputTokens: sum((one) => one.outputTokens),
    images: sum((one) => one.images),
    cost: parts.filter(({ cost }) => cost !== 0).map(({ currency, cost }) => ({ currency, amount: cost })),
    unpriced: sum((one) => one.unpriced),
    averageMs: sum((one) => one.durationMs) / requests,
    firstTokenMs: streamed === 0 ? null : sum((one) => one.firstTokenMs) / streamed,
  }
}
