import { recentCalls } from './breaker.ts'
import type { Health } from './engine-types.ts'
import { createMinuteWindow } from './minute-window.ts'
import { hasSpentAll, refresh, type Standing } from './standing.ts'

export function healthOf(standing: Standing, monthEnd: number): Health {
  const { breaker, bench } = standing
  const resting = breaker.openUntil !== 0 || breaker.recoveredAt !== 0 || breaker.opened !== 0
  const spentAll = hasSpentAll(standing)
    ? ({ reason: 'budget', at: standing.spentAllAt, until: monthEnd } as const)
    : null
  return {
    id: standing.id,
    bench:
      bench === null
        ? spentAll
        : { reason: bench, at: standing.benchAt, until: bench === 'bad-key' ? null : standing.benchUntil },
    coolingUntil: standing.coolingUntil === 0 ? null : standing.coolingUntil,
    breaker: resting
      ? {
          openUntil: breaker.openUntil,
          opened: breaker.opened,
          recoveredAt: breaker.recoveredAt === 0 ? null : breaker.recoveredAt,
        }
      : null,
    recent: recentCalls(breaker),
    failures: breaker.failures,
    latencyMs: standing.latency < 0 ? null : standing.latency,
    monthStart: standing.monthStart,
    spent: standing.spent,
    ...((standing.requests || standing.tokens) && {
      minute: { requests: standing.requests?.counts() ?? [], tokens: standing.tokens?.counts() ?? [] },
    }),
  }
}

/** As an earlier run left it. Times are bounded with the next question, which brings the present. */
export function takeHealth(standing: Standing, health: Health): void {
  const { breaker } = standing
  // A spent budget follows from what was spent, and from the budget that the key has by now.
  const reason = health.bench?.reason
  const bench = reason === 'bad-key' || reason === 'quota' ? health.bench : null
  standing.bench = reason === 'bad-key' || reason === 'quota' ? reason : null
  standing.benchAt = bench?.at ?? 0
  standing.benchUntil = bench?.until ?? 0
  standing.spentAllAt = reason === 'budget' ? health.bench!.at : 0
  standing.coolingUntil = health.coolingUntil ?? 0
  breaker.openUntil = health.breaker?.openUntil ?? 0
  breaker.opened = health.breaker?.opened ?? 0
  breaker.recoveredAt = health.breaker?.recoveredAt ?? 0
  const recent = health.recent.slice(-20)
  breaker.bits = recent.reduce<number>((bits, failed) => (bits << 1) | failed, 0)
  breaker.count = recent.length
  breaker.failures = health.failures
  standing.latency = health.latencyMs ?? -1
  standing.monthStart = health.monthStart
  standing.spent = health.spent
  if (health.minute) {
    // Its key, and with it the limits, is told afterwards.
    standing.requests = createMinuteWindow(health.minute.requests)
    standing.tokens = createMinuteWindow(health.minute.tokens)
  }
  refresh(standing)
}
