import type { Asked, FreshVerdict } from './decide.ts'
import type { Verdict } from './engine-types.ts'
import type { Plan } from './plan.ts'
import { limitOf, wasTried } from './standing.ts'

/**
 * Everything rests: the one that may be asked soonest is tried, one call at a time and once in a while, so that a vendor in
 * trouble is not asked by everybody. Limits and budgets that the operator set hold, and a bad key stays out.
 */
export function leastBad(plan: Plan, verdict: FreshVerdict, { model, scope, tokens, now }: Asked): Verdict {
  const { order, slots, modelAt, mapped, wakesAt } = plan
  let best = -1
  let soonest = Number.POSITIVE_INFINITY
  // Tier after tier and in the order of the strategy, so that among equals the one that comes first is taken.
  for (let i = 0; i < order.length; i++) {
    const at = order[i]!
    if (wakesAt[at]! >= soonest) continue
    if (model === -1 ? mapped[at] === 1 : modelAt[at] !== model) continue
    if (scope !== null && scope[modelAt[at]!] === 0) continue
    const { key, candidate } = slots[at]!
    if (key.probes > 0 || candidate.probes > 0 || wasTried(key, now) || wasTried(candidate, now)) continue
    if (limitOf(key, tokens, now) !== null) continue
    best = at
    soonest = wakesAt[at]!
  }
  if (best === -1) return verdict
  const { choice, rejected } = slots[best]!
  verdict.rejected.splice(verdict.rejected.indexOf(rejected!), 1)
  verdict.selected = choice
  verdict.leastBad = true
  return verdict
}
