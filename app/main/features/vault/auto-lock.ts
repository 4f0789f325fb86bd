/** A machine may sleep meanwhile, and timers with it: the clock is looked at this often at least. */
const LOOK_MS = 30_000
const MINUTE_MS = 60_000

/** Calls `due` once nobody used the console for some minutes while the vault is open. */
export function createAutoLock({ clock, due }: { readonly clock: () => number; readonly due: () => void }) {
  let minutes: number | null = null
  let open = false
  let timer: NodeJS.Timeout | null = null
  let usedAt = stamp()

  function stamp() {
    return { wall: clock(), ticks: performance.now() }
  }
  /** The longer one: the wall clock goes on while the machine sleeps, the other one does not turn back. */
  function unusedMs(): number {
    const now = stamp()
    return Math.max(now.wall - usedAt.wall, now.ticks - usedAt.ticks)
  }
  function watch(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (minutes === null || !open) return
    const rest = minutes * MINUTE_MS - unusedMs()
    if (rest <= 0) {
      open = false
      due()
    } else timer = setTimeout(watch, Math.min(rest, LOOK_MS)).unref()
  }

  return {
    used(): void {
      // One that came too late does not bring back what is over.
      watch()
      usedAt = stamp()
    },
    /** Null for never. Choosing it is use. */
    setMinutes(chosen: number | null): void {
      if (chosen === minutes) return
      minutes = chosen
      usedAt = stamp()
      watch()
    },
    /** Whether there is anything to lock. */
    setOpen(now: boolean): void {
      if (now && !open) usedAt = stamp()
      open = now
      watch()
    },
    stop(): void {
      if (timer) clearTimeout(timer)
      minutes = null
    },
  }
}
