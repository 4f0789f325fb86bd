import type { KeyDetails, KeyUse } from '../../../shared/contracts/keys.ts'
import { monthOf } from '../../lib/month.ts'
import type { UseRecord } from '../../platform/gateway/gateway-messages.ts'
import type { CountedCall } from '../../platform/gateway/journal-line.ts'

/** Use of a key within one hour, as it was stored: rows of the same hour are added up. */
export interface StoredUse {
  readonly keyId: string
  /** Its beginning, milliseconds since 1970. */
  readonly hour: number
  readonly requests: number
  readonly errors: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Millionths of the key's currency. */
  readonly cost: number
  /** Calls that are not part of it, as their model has no known price. */
  readonly unpriced: number
}
export type UsedWithKey = UseRecord & { readonly keyId: string }
/** Everything stored since then. */
export type LoadUse = (since: number) => readonly StoredUse[]

type Hour = KeyDetails['hours'][number]
interface Counted {
  readonly hours: Map<number, { -readonly [K in keyof Hour]: Hour[K] }>
  month: number
  monthCost: number
  monthUnpriced: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const hourOf = (at: number) => at - (at % HOUR_MS)
/** Midnight UTC before a time. */
export const dayOf = (at: number): number => at - (at % DAY_MS)
const monthStart = (at: number): number => monthOf(at).start

/** Figures of use by key: the last day by hour, and what the calendar month cost. Records come once each. */
export function createKeyUse(options: { readonly clock: () => number; readonly load: LoadUse }) {
  const { clock } = options
  const counted = new Map<string, Counted>()
  const now = clock()
  for (const { keyId, hour, requests, errors, inputTokens, outputTokens, cost, unpriced } of options.load(
    Math.min(monthStart(now), hourOf(now - DAY_MS)),
  )) {
    add(keyId, hour, { requests, errors, tokens: inputTokens + outputTokens, cost, unpriced })
  }

  function add(id: string, at: number, more: Omit<Hour, 'at'>): void {
    const time = clock()
    const of = counted.get(id) ?? { hours: new Map(), month: monthStart(time), monthCost: 0, monthUnpriced: 0 }
    counted.set(id, of)
    turn(of, time)
    if (monthStart(at) === of.month) {
      of.monthCost += more.cost
      of.monthUnpriced += more.unpriced
    }
    const begin = hourOf(at)
    if (begin < hourOf(time - DAY_MS)) return
    const hour = of.hours.get(begin) ?? { at: begin, requests: 0, errors: 0, tokens: 0, cost: 0, unpriced: 0 }
    hour.requests += more.requests
    hour.errors += more.errors
    hour.tokens += more.tokens
    hour.cost += more.cost
    hour.unpriced += more.unpriced
    of.hours.set(begin, hour)
  }
  /** Leaves what the clock has left behind. */
  function turn(of: Counted, time: number): void {
    const month = monthStart(time)
    if (of.month !== month) {
      of.month = month
      of.monthCost = 0
      of.monthUnpriced = 0
    }
    const first = hourOf(time - DAY_MS)
    for (const begin of of.hours.keys()) if (begin < first) of.hours.delete(begin)
  }

  return {
    /** What was used with keys, and how often each was asked: also for requests that another key answered in the end. */
    apply(records: readonly UsedWithKey[], calls: readonly CountedCall[]): void {
      for (const { keyId, at, inputTokens, outputTokens, cost, unpriced } of records)
        add(keyId, at, {
          requests: 0,
          errors: 0,
          tokens: inputTokens + outputTokens,
          cost,
          unpriced: Number(unpriced === true),
        })
      for (const { keyId, at, failed } of calls)
        add(keyId, at, { requests: 1, errors: Number(failed), tokens: 0, cost: 0, unpriced: 0 })
    },
    of(id: string): KeyUse {
      const use = {
        ...{ requestsToday: 0, errorsToday: 0, tokensToday: 0, costToday: 0, costThisMonth: 0 },
        ...{ unpricedToday: 0, unpricedThisMonth: 0 },
      }
      const of = counted.get(id)
      if (!of) return use
      const time = clock()
      turn(of, time)
      use.costThisMonth = of.monthCost
      use.unpricedThisMonth = of.monthUnpriced
      for (const { at, requests, errors, tokens, cost, unpriced } of of.hours.values()) {
        if (at < dayOf(time)) continue
        use.requestsToday += requests
        use.errorsToday += errors
        use.tokensToday += tokens
        use.costToday += cost
        use.unpricedToday += unpriced
      }
      return use
    },
    /** The last day, oldest first. */
    hours(id: string): KeyDetails['hours'] {
      const of = counted.get(id)
      if (!of) return []
      turn(of, clock())
      return [...of.hours.values()].map((hour) => ({ ...hour })).sort((a, b) => a.at - b.at)
    },
    forget: (id: string) => void counted.delete(id),
  }
}
export type KeyUses = ReturnType<typeof createKeyUse>
