import type { Rejection } from '../../../../shared/contracts/routing.ts'
import { monthOf } from '../../../lib/month.ts'
import type { Board } from './board.ts'
import { type Breaker, boundBreaker, close, closedBreaker, nextStepAt, share, shiftBreaker } from './breaker.ts'
import type { CallEstimate, EngineKey } from './engine-types.ts'
import { createMinuteWindow, type MinuteWindow } from './minute-window.ts'

/** No vendor's wish for a pause is followed longer than that. */
export const LONGEST_COOLDOWN = 24 * 3600 * 1000
/** One that rests is tried no more often, however many callers there are and however short its pauses. */
const LEAST_BAD_PAUSE = 30_000

/** What is known of one key, or of one candidate over all its keys. Zero stands for "not" in times. */
export interface Standing {
  readonly id: string
  /** Null for a candidate, and for a key that is gone or was not named yet. */
  key: EngineKey | null
  readonly board: Board
  /** On the board. */
  readonly place: number
  /** Spent budgets follow from `spent`, and are not a bench here. */
  bench: 'bad-key' | 'quota' | null
  benchAt: number
  benchUntil: number
  spentAllAt: number
  coolingUntil: number
  /** Pauses in a row without a success between. */
  coolings: number
  cooledAt: number
  /** When it was last asked while it rested, as the least bad. */
  leastBadAt: number
  readonly breaker: Breaker
  /** Milliseconds, exponentially weighted; -1 before the first success. */
  latency: number
  monthStart: number
  spent: number
  /** What calls under way may cost, of that month or of another. */
  held: number
  /** The month before, for a clock that goes back over the turn. */
  former: { readonly monthStart: number; readonly spent: number } | null
  running: number
  /** Of them, those that began while it rested. */
  probes: number
  requests: MinuteWindow | null
  tokens: MinuteWindow | null
  /** Spreads what is decided by chance over keys. */
  readonly salt: number
  /** Of a candidate the keys, of a key the candidates, whose newest call together failed or was answered. */
  readonly failing: Set<Standing>
  readonly answering: Set<Standing>
}

export function createStanding(id: string, board: Board): Standing {
  let salt = 0x811c9dc5
  for (let i = 0; i < id.length; i++) salt = Math.imul(salt ^ id.charCodeAt(i), 0x01000193)
  const standing: Standing = {
    id,
    key: null,
    board,
    place: board.take(),
    bench: null,
    benchAt: 0,
    benchUntil: 0,
    spentAllAt: 0,
    coolingUntil: 0,
    coolings: 0,
    cooledAt: 0,
    leastBadAt: 0,
    breaker: closedBreaker(),
    latency: -1,
    monthStart: 0,
    spent: 0,
    held: 0,
    former: null,
    running: 0,
    probes: 0,
    requests: null,
    tokens: null,
    salt,
    failing: new Set(),
    answering: new Set(),
  }
  refresh(standing)
  return standing
}

/** A key as the operator has it now; what was counted and learned stays. */
export function setKey(standing: Standing, key: EngineKey | null, now: number): void {
  standing.key = key
  // One that is gone may come back: the vault was locked.
  if (key !== null) {
    if (!hasSpentAll(standing)) standing.spentAllAt = 0
    else if (standing.spentAllAt === 0) standing.spentAllAt = now
    standing.requests = key.rpm === null ? null : (standing.requests ?? createMinuteWindow())
    standing.tokens = key.tpm === null ? null : (standing.tokens ?? createMinuteWindow())
  }
  refresh(standing)
}

/** Puts a standing on the board; after every change of it. */
export function refresh(standing: Standing): void {
  const { board, place, key, breaker } = standing
  const hindered =
    standing.bench !== null ||
    standing.coolingUntil !== 0 ||
    breaker.openUntil !== 0 ||
    breaker.recoveredAt !== 0 ||
    (key !== null &&
      (!key.enabled ||
        hasSpentAll(standing) ||
        (standing.requests !== null && standing.requests.upper() >= key.rpm!) ||
        (standing.tokens !== null && standing.tokens.upper() >= key.tpm!) ||
        (key.concurrency !== null && standing.running >= key.concurrency)))
  board.clearUntil[place] = hindered ? Number.NEGATIVE_INFINITY : (key?.expiresAt ?? Number.POSITIVE_INFINITY)
  board.room[place] =
    standing.tokens === null || key === null ? Number.POSITIVE_INFINITY : key.tpm! - standing.tokens.upper()
  board.versions[place]!++
  const latency = Math.max(standing.latency, 0)
  if (board.latency[place] !== latency || board.running[place] !== standing.running) board.changes++
  board.latency[place] = latency
  board.running[place] = standing.running
}

export const hasSpentAll = ({ key, spent }: Standing): boolean =>
  key !== null && key.monthlyBudget !== null && spent >= key.monthlyBudget

/** Whether a call fits into what is left of the month's budget beside those under way. */
export function fitsBudget({ key, spent, held }: Standing, { cost, bounded }: CallEstimate): boolean {
  if (key === null || key.monthlyBudget === null) return true
  // What nobody bounds cannot be held whole, only what is usual; the rest of a budget goes to one such call alone.
  return spent + held + cost <= key.monthlyBudget || (!bounded && held === 0 && spent < key.monthlyBudget)
}

/** What an operator set for a minute and at once; it holds for the least bad too. */
export function limitOf(standing: Standing, tokens: number, now: number): 'rpm' | 'tpm' | 'concurrency' | null {
  const key = standing.key
  if (key === null) return null
  if (standing.requests !== null && standing.requests.total(now) >= key.rpm!) return 'rpm'
  if (standing.tokens !== null) {
    const used = standing.tokens.total(now)
    if (used >= key.tpm! || used + tokens > key.tpm!) return 'tpm'
  }
  if (key.concurrency !== null && standing.running >= key.concurrency) return 'concurrency'
  return null
}

/** Whether it rests: the next call to it is one that tries whether it answers again. */
export const isResting = (standing: Standing, now: number): boolean =>
  standing.breaker.openUntil !== 0 ||
  standing.coolingUntil > now ||
  (standing.bench === 'quota' && standing.benchUntil > now)

/** Why it must not be asked, without limits and ramps; what can never be the least bad comes first. */
export function restOf(standing: Standing, now: number): Rejection | null {
  const { key, breaker } = standing
  if (key !== null) {
    if (!key.enabled) return 'disabled'
    if (key.expiresAt !== null && key.expiresAt <= now) return 'expired'
    if (standing.bench === 'bad-key') return 'bad-key'
    if (key.monthlyBudget !== null && standing.spent >= key.monthlyBudget) return 'budget'
    if (standing.bench === 'quota' && standing.benchUntil > now) return 'quota'
    if (standing.coolingUntil > now) return 'cooling'
  }
  if (breaker.openUntil !== 0 && (breaker.openUntil > now || standing.probes > 0)) return 'breaker-open'
  return null
}

/** Reasons of `restOf` that pass by themselves, or with a call that tries. */
export const resting: readonly Rejection[] = ['cooling', 'breaker-open', 'quota']
/** Whether a key could be asked, were it not for pauses and limits. */
export function isUsable(standing: Standing, now: number): boolean {
  if (standing.key === null) return false
  const rest = restOf(standing, now)
  return rest === null || resting.includes(rest)
}

/** Whether a recovered one has no part in a request that rolled so. */
export const isHeldBack = (standing: Standing, roll: number, now: number): boolean =>
  standing.breaker.recoveredAt !== 0 && roll >= share(standing.breaker, now)

/** When what `reason` says will be over; null where that is not known. */
export function untilOf(standing: Standing, reason: Rejection, tokens: number, now: number): number | null {
  const { breaker, key } = standing
  switch (reason) {
    case 'quota':
      return standing.benchUntil
    case 'budget':
      return monthOf(now).end
    case 'cooling':
      return standing.coolingUntil
    case 'breaker-open':
      return breaker.openUntil > now ? breaker.openUntil : null
    case 'ramping':
      return breaker.recoveredAt === 0 ? null : nextStepAt(breaker, now)
    case 'rpm':
      return standing.requests!.roomAt(standing.requests!.total(now) - key!.rpm! + 1, now)
    case 'tpm':
      if (tokens > key!.tpm!) return null
      return standing.tokens!.roomAt(standing.tokens!.total(now) - key!.tpm! + Math.max(tokens, 1), now)
    default:
      return null
  }
}

/** When it will have rested; 0 for one that does not rest. */
export const wakeOf = ({ breaker, bench, benchUntil, coolingUntil }: Standing): number =>
  Math.max(breaker.openUntil, coolingUntil, bench === 'quota' ? benchUntil : 0)

/** Whether it rests and was tried all the same a moment ago: it then gets the rest of its pause. */
export const wasTried = (standing: Standing, now: number): boolean =>
  wakeOf(standing) > now && now - standing.leastBadAt < LEAST_BAD_PAUSE

/** How long `reason` is surely the answer if nothing of the standing changes; -Infinity where the next look may differ. */
export function holdsUntil(standing: Standing, reason: Rejection, until: number | null): number {
  if (reason === 'tpm' || reason === 'ramping') return Number.NEGATIVE_INFINITY
  if (reason === 'expired') return Number.POSITIVE_INFINITY
  return Math.min(until ?? Number.POSITIVE_INFINITY, standing.key?.expiresAt ?? Number.POSITIVE_INFINITY)
}

/** Forgets why it rests; what was spent stays spent. */
export function resetStanding(standing: Standing): void {
  standing.bench = null
  standing.benchUntil = 0
  standing.coolingUntil = 0
  standing.coolings = 0
  standing.leastBadAt = 0
  standing.probes = 0
  close(standing.breaker)
  standing.failing.clear()
  refresh(standing)
}

/** Into the month of `now`: budgets and quotas begin anew, and come back where the clock goes back over the turn. */
export function turnMonth(standing: Standing, monthStart: number): void {
  if (standing.monthStart === monthStart) return
  const { former } = standing
  const present = { monthStart: standing.monthStart, spent: standing.spent }
  if (standing.monthStart > monthStart) {
    if (former !== null && former.monthStart === monthStart) standing.spent += former.spent
    standing.former = null
  } else {
    standing.spent = 0
    standing.spentAllAt = 0
    standing.former = present
  }
  standing.monthStart = monthStart
}

/** The clock went back by so much: what was to come stays as far away as it was. */
export function shiftStanding(standing: Standing, milliseconds: number): void {
  if (standing.coolingUntil !== 0) standing.coolingUntil -= milliseconds
  standing.cooledAt -= milliseconds
  standing.leastBadAt -= milliseconds
  shiftBreaker(standing.breaker, milliseconds)
  standing.requests?.shift(milliseconds)
  standing.tokens?.shift(milliseconds)
}

/** Nothing rests longer than it could have been sent to rest at `now`, whatever clock said so. */
export function boundStanding(standing: Standing, now: number, monthEnd: number): void {
  if (standing.coolingUntil !== 0) standing.coolingUntil = Math.min(standing.coolingUntil, now + LONGEST_COOLDOWN)
  if (standing.benchUntil !== 0) standing.benchUntil = Math.min(standing.benchUntil, monthEnd)
  boundBreaker(standing.breaker, now)
  standing.requests?.bound(now)
  standing.tokens?.bound(now)
  refresh(standing)
}
