import { monthOf } from '../../../lib/month.ts'

/** Callers read the clock at different moments: that much backwards is no jump. */
const TOLERANCE = 2_000

interface Clock {
  /** The time that counts: never a little backwards. */
  now(at: number): number
  /** The time that counted last; 0 before the first look. */
  last(): number
  month(): { readonly start: number; readonly end: number }
  /** What was kept by another clock came in: bound it with the next look. */
  doubt(): void
}

/**
 * Watches the wall clock. Where it goes back, everything that is to come stays as far away as it was, and is bounded; a
 * jump forwards cannot be told from a pause of the machine, and ends what would have ended by then.
 */
export function createClock(told: {
  shift(milliseconds: number): void
  bound(now: number, month: { readonly start: number; readonly end: number }): void
}): Clock {
  let last = 0
  let month = { start: 0, end: 0 }
  let doubted = true

  function adjust(at: number): number {
    if (!Number.isFinite(at) || (at < last && last - at <= TOLERANCE && !doubted)) return last
    if (at < last) told.shift(last - at)
    last = at
    month = monthOf(at)
    doubted = false
    told.bound(at, month)
    return at
  }

  return {
    now(at) {
      if (!(at >= last && at < month.end) || doubted) return adjust(at)
      last = at
      return at
    },
    last: () => last,
    month: () => month,
    doubt() {
      doubted = true
    },
  }
}
