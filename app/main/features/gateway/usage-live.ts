import type { UsageQuestion, UsageRow } from '../../../shared/contracts/gateway.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Log } from '../../lib/log.ts'

/** Of the time, at most this part is spent on sums: a long range of a busy gateway takes a while to add up. */
const SHARE = 0.05

type Told = { readonly rows: UsageRow[] }
interface Follower {
  readonly question: UsageQuestion
  readonly emit: Emit<Told>
  /** What it was told last. */
  text: string
}

/** The sums of use for whoever looks: now, then at most once a second when something was used. */
export function createUsageLive(parts: {
  readonly rows: (question: UsageQuestion) => UsageRow[]
  readonly log: Log
  readonly everyMs?: number
}) {
  const { rows, log, everyMs = 1000 } = parts
  const followers = new Set<Follower>()
  let timer: NodeJS.Timeout | null = null
  /** By `performance.now`. */
  let quietUntil = 0

  function tell(one: Follower): void {
    const told = { rows: rows(one.question) }
    const text = JSON.stringify(told)
    if (text === one.text) return
    one.text = text
    one.emit(told)
  }
  function tellAll(): void {
    timer = null
    const began = performance.now()
    try {
      for (const one of [...followers]) tell(one)
    } catch (error) {
      log.warn('gateway', 'use not summed', { error })
    }
    const now = performance.now()
    quietUntil = now + Math.max(everyMs, (now - began) / SHARE)
  }
  return {
    follow(question: UsageQuestion, emit: Emit<Told>): Unsubscribe {
      const one: Follower = { question, emit, text: '' }
      tell(one)
      followers.add(one)
      return () => void followers.delete(one)
    },
    /** Something was used. */
    changed(): void {
      if (timer || followers.size === 0) return
      timer = setTimeout(tellAll, Math.max(0, quietUntil - performance.now()))
      timer.unref()
    },
    stop(): void {
      if (timer) clearTimeout(timer)
      followers.clear()
    },
  }
}
