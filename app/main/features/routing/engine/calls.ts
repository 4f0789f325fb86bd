import type { Choice } from '../../../../shared/contracts/routing.ts'
import { isFailing, open, recordCall, recover, settleRamp } from './breaker.ts'
import type { Ticket } from './engine-api.ts'
import type { CallEnd, FailureKind } from './engine-types.ts'
import type { Slot } from './plan.ts'
import { hasSpentAll, isResting, isUsable, LONGEST_COOLDOWN, refresh, type Standing, wakeOf } from './standing.ts'

// What calls do to what is known of their key and candidate.

const FIRST_COOLDOWN = 5_000
const LONGEST_OWN_COOLDOWN = 60_000
/** Weight of the newest call in the latency. */
const NEWEST = 0.2

export interface Running extends Ticket {
  readonly choice: Choice
  readonly startedAt: number
  readonly key: Standing
  readonly candidate: Standing
  readonly tokens: number
  /** Held of the budget, millionths. */
  readonly cost: number
  /** It rested when the call began: the call tries whether it answers again. */
  readonly probesKey: boolean
  readonly probesCandidate: boolean
  ended: boolean
}

const amount = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0)

export function beginCall(
  { key, candidate, choice }: Pick<Slot, 'key' | 'candidate' | 'choice'>,
  now: number,
  asked: number,
  held: number,
) {
  const tokens = amount(asked)
  const cost = Math.round(amount(held))
  const probesKey = isResting(key, now)
  const probesCandidate = isResting(candidate, now)
  if (wakeOf(key) > now) key.leastBadAt = now
  if (wakeOf(candidate) > now) candidate.leastBadAt = now
  key.running++
  candidate.running++
  if (probesKey) key.probes++
  if (probesCandidate) candidate.probes++
  key.requests?.add(1, now)
  key.tokens?.add(tokens, now)
  key.held += cost
  refresh(key)
  refresh(candidate)
  return {
    choice,
    startedAt: now,
    key,
    candidate,
    tokens,
    cost,
    probesKey,
    probesCandidate,
    ended: false,
  } satisfies Running
}

/** `keys` counts the usable keys that stand for the candidate. */
export function endCall(call: Running, end: CallEnd, now: number, monthEnd: number, keys: () => number): void {
  const { key, candidate } = call
  call.ended = true
  key.running--
  candidate.running--
  if (call.probesKey) key.probes = Math.max(0, key.probes - 1)
  if (call.probesCandidate) candidate.probes = Math.max(0, candidate.probes - 1)
  key.tokens?.correct(amount(end.tokens) - call.tokens, call.startedAt)
  key.held -= call.cost
  key.spent += Math.round(amount(end.cost))
  if (key.spentAllAt === 0 && hasSpentAll(key)) key.spentAllAt = now
  settleRamp(key.breaker, now)
  settleRamp(candidate.breaker, now)
  if (end.kind === 'succeeded') succeed(call, amount(end.durationMs), now)
  else fail(call, end.failure, end.retryAfterMs, { now, monthEnd, keys })
  refresh(key)
  refresh(candidate)
}

function succeed({ key, candidate, probesKey, probesCandidate }: Running, durationMs: number, now: number): void {
  key.answering.add(candidate)
  key.failing.delete(candidate)
  candidate.answering.add(key)
  candidate.failing.delete(key)
  answer(key, probesKey, durationMs, now)
  answer(candidate, probesCandidate, durationMs, now)
}

function answer(standing: Standing, probes: boolean, durationMs: number, now: number): void {
  recordCall(standing.breaker, false)
  standing.latency = standing.latency < 0 ? durationMs : standing.latency + NEWEST * (durationMs - standing.latency)
  if (probes) {
    if (standing.breaker.openUntil !== 0) recover(standing.breaker, now)
    if (standing.bench === 'quota') standing.bench = null
  }
  // A call that was under way when the vendor asked for a pause says nothing of the pause.
  if (probes || standing.coolingUntil <= now) {
    standing.coolingUntil = 0
    standing.coolings = 0
  }
}

interface Circumstances {
  readonly now: number
  readonly monthEnd: number
  readonly keys: () => number
}
function fail(call: Running, failure: FailureKind, retryAfterMs: number | null, told: Circumstances): void {
  const { key } = call
  const { now } = told
  switch (failure) {
    case 'caller':
      return
    case 'bad-key':
      bench(key, 'bad-key', now, 0)
      return
    case 'quota':
      if (key.bench !== 'bad-key') bench(key, 'quota', now, told.monthEnd)
      return
    case 'rate-limit':
      cool(key, call.startedAt, retryAfterMs, now)
      return
    case 'vendor':
    case 'timeout':
    case 'connection':
    case 'cut':
    case 'garbage':
      breakDown(call, told)
      return
    default:
      failure satisfies never
  }
}

function bench(key: Standing, reason: 'bad-key' | 'quota', now: number, until: number): void {
  if (key.bench !== reason) key.benchAt = now
  key.bench = reason
  key.benchUntil = until
}

function cool(key: Standing, startedAt: number, retryAfterMs: number | null, now: number): void {
  // Calls that were under way together are told so together: that is one pause, not one after the other.
  if (key.coolings === 0 || startedAt >= key.cooledAt) {
    key.coolings++
    key.cooledAt = now
  }
  const asked = retryAfterMs !== null && retryAfterMs >= 0 ? retryAfterMs : null
  const pause =
    asked === null
      ? Math.min(FIRST_COOLDOWN * 2 ** (key.coolings - 1), LONGEST_OWN_COOLDOWN)
      : Math.min(asked, LONGEST_COOLDOWN)
  key.coolingUntil = Math.max(key.coolingUntil, now + pause)
}

/**
 * A failure of the vendor counts against key and candidate, and both can break. Which one it is: a candidate breaks only
 * where none of its keys answers, or one bad key would take its model from all others; a key stays whole where the
 * candidate is broken and the key answers for another, or one bad model would take the key from all others.
 */
function breakDown({ key, candidate, probesKey, probesCandidate }: Running, { now, keys }: Circumstances): void {
  key.failing.add(candidate)
  key.answering.delete(candidate)
  candidate.failing.add(key)
  candidate.answering.delete(key)
  recordCall(key.breaker, true)
  recordCall(candidate.breaker, true)
  if (mustOpen(candidate, probesCandidate) && (probesCandidate || usableOf(candidate.failing, now) >= keys())) {
    open(candidate.breaker, now)
  }
  if (!mustOpen(key, probesKey)) return
  if (!probesKey && candidate.breaker.openUntil !== 0 && key.answering.size > 0) return
  open(key.breaker, now)
}

/** A trial that failed opens again; calls that were under way when it opened change nothing. */
function mustOpen({ breaker }: Standing, probes: boolean): boolean {
  if (breaker.openUntil !== 0) return probes
  return isFailing(breaker)
}

function usableOf(keys: ReadonlySet<Standing>, now: number): number {
  let count = 0
  for (const key of keys) if (isUsable(key, now)) count++
  return count
}
