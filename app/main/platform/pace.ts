import { setFlagsFromString } from 'node:v8'

/** Requests within a second from which on speed is worth more than memory, and below which it no longer is. */
const BUSY = 50
const SECOND_MS = 1000
/** So many seconds below it, one after the other: what comes in bursts shall not switch with each of them. */
const CALM_SECONDS = 15

/**
 * A console that idles keeps its heap small (`console.ts`); under load many small collections make callers wait (measured at
 * 32 connections: p99 15 ms, 8 without). So the heap may grow while many requests come, and shrinks after them: `calmed` is
 * told then.
 */
export function createPace(calmed: () => void, setFlag: (flag: string) => void = setFlagsFromString) {
  let requests = 0
  let calm = 0
  let timer: NodeJS.Timeout | null = null
  let hurrying = false

  function tick(): void {
    calm = requests >= BUSY ? 0 : calm + 1
    requests = 0
    if (calm < CALM_SECONDS) return
    const wasHurrying = hurrying
    stop()
    if (wasHurrying) calmed()
  }
  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
    calm = 0
    if (hurrying) setFlag('--optimize-for-size')
    hurrying = false
  }

  return {
    request(): void {
      // At once: the first second of a flood counts as well.
      if (++requests === BUSY && !hurrying) {
        hurrying = true
        setFlag('--no-optimize-for-size')
      }
      timer ??= setInterval(tick, SECOND_MS).unref()
    },
    stop,
  }
}
export type Pace = ReturnType<typeof createPace>
