import type { KeyState } from '../../../shared/contracts/keys.ts'
import type { GatewayAsks } from '../../platform/gateway/gateway-messages.ts'
import type { KeyRow } from './key-rows.ts'

/** What the local platform knows of a key, or of a candidate. */
export type Health = GatewayAsks['gatewayRecords']['input']['health'][number]

/** Whether a key can be used now: what the operator said comes first, then what the vendor did. */
export function stateOf(row: Pick<KeyRow, 'disabled' | 'expiresAt'>, health: Health | null, now: number): KeyState {
  if (row.disabled) return { kind: 'disabled', reason: row.disabled.reason, at: row.disabled.at }
  if (row.expiresAt !== null && row.expiresAt <= now) return { kind: 'expired', at: row.expiresAt }
  const bench = health?.bench
  if (bench && (bench.until === null || bench.until > now))
    return { kind: 'benched', reason: bench.reason, at: bench.at, until: bench.until }
  const cooling = health?.coolingUntil ?? 0
  if (cooling > now) return { kind: 'cooling', until: cooling }
  const open = health?.breaker?.openUntil ?? 0
  return open > now ? { kind: 'broken', until: open } : { kind: 'ready' }
}

/** When the clock alone changes something about a key next; null for never. */
export function nextChange(row: KeyRow, health: Health | null, now: number): number | null {
  // One that is due already is given soon; not at once, as what hinders it may last.
  if (!row.disabled && dueReminder(expiryOf(row), now) !== null) return now + 1000
  const times = [
    ...[row.expiresAt, row.formerUntil, health?.bench?.until, health?.coolingUntil, health?.breaker?.openUntil],
    row.disabled ? null : nextReminder(expiryOf(row), now),
  ]
  const ahead = times.filter((time) => typeof time === 'number' && time > now) as number[]
  return ahead.length > 0 ? Math.min(...ahead) : null
}

/** What is left of it once bench, cooldown and breaker are forgotten. */
/** Of a key of which nothing else is known. */
export const untried = (id: string): Health => ({
  ...{ id, bench: null, coolingUntil: null, breaker: null, recent: [], failures: 0, latencyMs: null },
  ...{ monthStart: 0, spent: 0 },
})
export const withoutBench = (health: Health): Health => ({
  ...health,
  ...{ bench: null, coolingUntil: null, breaker: null, recent: [], failures: 0 },
})

const DAY_MS = 24 * 3_600_000
/** Days before the end at which the operator is reminded, the last one first. */
const reminders = [0, 3, 14]

/** When something ends, and the reminder of it that was given last, in days before. */
export interface Ending {
  readonly at: number | null
  readonly reminded: number | null
}
export const expiryOf = ({ expiresAt, reminded }: Pick<KeyRow, 'expiresAt' | 'reminded'>): Ending => ({
  ...{ at: expiresAt, reminded },
})
/** A model ends as its last day begins, in UTC. */
export const endOfModel = ({ on, reminded }: KeyRow['retiring'][number]): Ending => ({ at: Date.parse(on), reminded })

/** The reminder that is due and was not given: the latest alone, where a console was off for days; null for none. */
export function dueReminder({ at, reminded }: Ending, now: number): number | null {
  if (at === null) return null
  const due = reminders.find((days) => at - days * DAY_MS <= now)
  return due === undefined || (reminded !== null && reminded <= due) ? null : due
}
function nextReminder({ at }: Ending, now: number): number | null {
  if (at === null) return null
  const ahead = reminders.map((days) => at - days * DAY_MS).filter((time) => time > now)
  return ahead.length > 0 ? Math.min(...ahead) : null
}
