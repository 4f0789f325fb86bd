const MINUTE = 60_000

/**
 * Counts against a limit in windows of a minute; a window begins with the first count in it. `now` is of a clock that
 * never goes back (`performance.now()`).
 */
export interface MinuteWindow {
  begun: number
  used: number
}
export const openWindow = (): MinuteWindow => ({ begun: Number.NEGATIVE_INFINITY, used: 0 })

/** Milliseconds until so much more fits; 0 where it fits now. What is larger than the limit itself fits an empty window. */
export function waitFor(window: MinuteWindow, limit: number, amount: number, now: number): number {
  if (now - window.begun >= MINUTE) return 0
  const fits = window.used + amount <= limit || window.used === 0
  return fits ? 0 : window.begun + MINUTE - now
}

export function count(window: MinuteWindow, amount: number, now: number): void {
  if (now - window.begun >= MINUTE) {
    window.begun = now
    window.used = 0
  }
  window.used += amount
}

/** Puts right what was counted as an estimate, if its window is still open. */
export function correct(window: MinuteWindow, amount: number, countedAt: number): void {
  if (countedAt >= window.begun) window.used = Math.max(0, window.used + amount)
}
