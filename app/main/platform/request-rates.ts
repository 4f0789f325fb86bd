/** Seconds over which a rate is told. */
const WINDOW = 60

interface Rate {
  readonly requests: number
  readonly requestsPerSecond: number
}

/** Requests by port: what the worker counted, and the mean of the last minute. Ticks only while somebody listens. */
export function createRequestRates(publish: () => void, now: () => number = Date.now) {
  /** Counts with their times, oldest first; the first may be older than the window, as its edge. */
  const counted = new Map<number, { at: number; requests: number }[]>()
  let listeners = 0
  let timer: NodeJS.Timeout | null = null

  function of(port: number): Rate {
    const samples = counted.get(port) ?? []
    const edge = now() - WINDOW * 1000
    const last = samples.at(-1)
    if (!last) return { requests: 0, requestsPerSecond: 0 }
    const before = samples.findLast(({ at }) => at <= edge)?.requests ?? 0
    return { requests: last.requests, requestsPerSecond: (last.requests - before) / WINDOW }
  }
  const moving = () => [...counted.keys()].some((port) => of(port).requestsPerSecond > 0)
  function settle(): void {
    const wanted = listeners > 0 && moving()
    if (wanted) {
      timer ??= setInterval(() => {
        publish()
        settle()
      }, 1000)
      return
    }
    if (timer) clearInterval(timer)
    timer = null
  }

  return {
    of,
    count(counts: readonly { readonly port: number; readonly requests: number }[]): void {
      for (const { port, requests } of counts) {
        const samples = counted.get(port) ?? []
        samples.push({ at: now(), requests })
        const edge = now() - WINDOW * 1000
        while (samples.length > 1 && samples[1]!.at <= edge) samples.shift()
        counted.set(port, samples)
      }
      settle()
    },
    reset: () => counted.clear(),
    listened(count: number): void {
      listeners = count
      settle()
    },
    stop(): void {
      listeners = 0
      settle()
    },
  }
}
