// A circuit breaker of a key or of a candidate. It opens after five failures in a row or when half of the last twenty
// calls failed, lets one call try after a while, and gives a recovered one its share back step by step.

const RECENT = 20
const RECENT_MASK = 2 ** RECENT - 1
const ENOUGH = 10
const IN_ROW = 5
const FIRST_PAUSE = 30_000
const LONGEST_PAUSE = 600_000
const RAMP_STEP = 30_000
const RAMP = [0.1, 0.5] as const

/** Zero stands for "not" in times: nothing happened in 1970. */
export interface Breaker {
  /** Nonzero while open; in the past when half-open. */
  openUntil: number
  /** Times in a row without a full recovery between. */
  opened: number
  recoveredAt: number
  /** The last calls, one bit each, 1 for a failure, the newest lowest. */
  bits: number
  count: number
  /** In a row. */
  failures: number
}

export const closedBreaker = (): Breaker => ({
  openUntil: 0,
  opened: 0,
  recoveredAt: 0,
  bits: 0,
  count: 0,
  failures: 0,
})

export function recordCall(breaker: Breaker, failed: boolean): void {
  breaker.bits = ((breaker.bits << 1) | (failed ? 1 : 0)) & RECENT_MASK
  if (breaker.count < RECENT) breaker.count++
  breaker.failures = failed ? breaker.failures + 1 : 0
}

export function recentErrors(breaker: Breaker): number {
  let errors = 0
  for (let bits = breaker.bits; bits !== 0; bits &= bits - 1) errors++
  return errors
}

/** The newest last. */
export function recentCalls(breaker: Breaker): (0 | 1)[] {
  const calls: (0 | 1)[] = []
  for (let place = breaker.count - 1; place >= 0; place--) calls.push(((breaker.bits >> place) & 1) as 0 | 1)
  return calls
}

/** Whether what is recorded is reason enough to open. */
export const isFailing = (breaker: Breaker): boolean =>
  breaker.failures >= IN_ROW || (breaker.count >= ENOUGH && recentErrors(breaker) * 2 >= breaker.count)

export const pauseOf = (opened: number): number => Math.min(FIRST_PAUSE * 2 ** Math.max(0, opened - 1), LONGEST_PAUSE)

export function open(breaker: Breaker, now: number): void {
  settleRamp(breaker, now)
  breaker.opened++
  breaker.openUntil = now + pauseOf(breaker.opened)
  breaker.recoveredAt = 0
}

/** A trial succeeded: closed, but with a part of its share at first. */
export function recover(breaker: Breaker, now: number): void {
  breaker.openUntil = 0
  breaker.recoveredAt = now
  forgetCalls(breaker)
}

export function forgetCalls(breaker: Breaker): void {
  breaker.bits = 0
  breaker.count = 0
  breaker.failures = 0
}

export function close(breaker: Breaker): void {
  forgetCalls(breaker)
  breaker.openUntil = 0
  breaker.opened = 0
  breaker.recoveredAt = 0
}

/** The part of its share that it may take, from 0 to 1. */
export function share(breaker: Breaker, now: number): number {
  if (breaker.recoveredAt === 0) return 1
  return RAMP[Math.max(0, Math.floor((now - breaker.recoveredAt) / RAMP_STEP))] ?? 1
}

/** When the next part of its share comes back. */
export const nextStepAt = (breaker: Breaker, now: number): number =>
  breaker.recoveredAt + RAMP_STEP * (Math.max(0, Math.floor((now - breaker.recoveredAt) / RAMP_STEP)) + 1)

/** Forgets that it was ever open once it has its whole share back. */
export function settleRamp(breaker: Breaker, now: number): void {
  if (breaker.recoveredAt === 0 || share(breaker, now) < 1) return
  breaker.recoveredAt = 0
  breaker.opened = 0
}

/** No pause is longer than it could have been set at `now`, nothing happened later than that. */
export function boundBreaker(breaker: Breaker, now: number): void {
  if (breaker.openUntil !== 0) breaker.openUntil = Math.min(breaker.openUntil, now + pauseOf(breaker.opened))
  if (breaker.recoveredAt !== 0) breaker.recoveredAt = Math.min(breaker.recoveredAt, now)
}

export function shiftBreaker(breaker: Breaker, milliseconds: number): void {
  if (breaker.openUntil !== 0) breaker.openUntil -= milliseconds
  if (breaker.recoveredAt !== 0) breaker.recoveredAt -= milliseconds
}
