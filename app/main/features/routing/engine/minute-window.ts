import type { CountedSecond } from './engine-types.ts'

const SECONDS = 61

/**
 * What came within the last minute: a sliding window in steps of a second. It holds 61 of them, so that no sixty
 * seconds ever carry more than the limit, whatever part of a second the first and last call fell into.
 */
export interface MinuteWindow {
  total(now: number): number
  /** At most that much is in it now, without looking at the time. */
  upper(): number
  add(amount: number, now: number): void
  /** Changes what was counted at `at`; what has left the window since stays as it was. */
  correct(difference: number, at: number): void
  /** When `amount` or more of what is counted will have left; null where there is less than that. */
  roomAt(amount: number, now: number): number | null
  /** What is in it by second (of 1970), the oldest first; seconds without anything are left out. */
  counts(): CountedSecond[]
  /** The clock went back: everything counted is as old as it was. */
  shift(milliseconds: number): void
  /** Nothing in it is newer than `now`, whatever clock said so. */
  bound(now: number): void
}

/** With what an earlier one had in it. */
export function createMinuteWindow(before: readonly CountedSecond[] = []): MinuteWindow {
  const counts = new Float64Array(SECONDS)
  let head = 0
  let newest = Number.NEGATIVE_INFINITY
  let sum = 0

  function advance(now: number): void {
    const second = Math.floor(now / 1000)
    if (second <= newest) return
    const steps = second - newest
    newest = second
    if (sum === 0) return
    if (steps >= SECONDS) {
      counts.fill(0)
      sum = 0
      return
    }
    for (let step = 0; step < steps; step++) {
      head = head === SECONDS - 1 ? 0 : head + 1
      sum -= counts[head]!
      counts[head] = 0
    }
  }

  function add(amount: number, now: number): void {
    advance(now)
    counts[head]! += amount
    sum += amount
  }
  for (const [second, amount] of before) add(amount, second * 1000)

  return {
    total(now) {
      advance(now)
      return sum
    },
    upper: () => sum,
    add,
    correct(difference, at) {
      const age = newest - Math.floor(at / 1000)
      if (age < 0 || age >= SECONDS) return
      const place = (head - age + SECONDS) % SECONDS
      // A correction never takes away what others have counted.
      const change = Math.max(difference, -counts[place]!)
      counts[place]! += change
      sum += change
    },
    roomAt(amount, now) {
      advance(now)
      let left = amount
      for (let age = SECONDS - 1; age >= 0; age--) {
        left -= counts[(head - age + SECONDS) % SECONDS]!
        if (left <= 0) return (newest - age + SECONDS) * 1000
      }
      return null
    },
    counts() {
      const found: CountedSecond[] = []
      for (let age = SECONDS - 1; age >= 0 && sum > 0; age--) {
        const amount = counts[(head - age + SECONDS) % SECONDS]!
        if (amount > 0) found.push([newest - age, amount])
      }
      return found
    },
    shift(milliseconds) {
      newest -= Math.floor(milliseconds / 1000)
    },
    bound(now) {
      newest = Math.min(newest, Math.floor(now / 1000))
    },
  }
}
