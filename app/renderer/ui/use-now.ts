import { useSyncExternalStore } from 'react'

interface Clock {
  readonly subscribe: (listener: () => void) => () => void
  readonly read: () => number
}

/** A clock that ticks only while somebody looks at it. */
function createClock(step: number): Clock {
  const listeners = new Set<() => void>()
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = () => {
    if (document.hidden) return
    now = Date.now()
    for (const listener of listeners) listener()
  }
  return {
    read: () => now,
    subscribe(listener) {
      if (listeners.size === 0) {
        now = Date.now()
        timer = setInterval(tick, step)
        document.addEventListener('visibilitychange', tick)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        document.removeEventListener('visibilitychange', tick)
      }
    },
  }
}

const clocks = { second: createClock(1000), minute: createClock(30_000) }

/** The time, anew each second or each half minute: one timer for the whole page, none while it is hidden. */
export function useNow(pace: keyof typeof clocks): number {
  const clock = clocks[pace]
  return useSyncExternalStore(clock.subscribe, clock.read)
}
