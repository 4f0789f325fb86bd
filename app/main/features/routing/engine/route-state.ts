import type { KeyState } from '../../../../shared/contracts/keys.ts'
import type { RouteState } from '../../../../shared/contracts/routing.ts'
import type { Board } from './board.ts'
import { recentErrors, share } from './breaker.ts'
import { obstacleOf } from './decide.ts'
import { sortTier } from './order.ts'
import type { Plan, Tier } from './plan.ts'
import { hasSpentAll, type Standing } from './standing.ts'

/** How each choice of a plan stands, in the order in which they would be tried. */
export const routeChoices = (plan: Plan, board: Board, now: number, monthEnd: number): RouteState['choices'] =>
  plan.tiers.flatMap((tier) => inOrder(plan, tier, board).map((at) => choiceState(plan, at, now, monthEnd)))

function inOrder(plan: Plan, tier: Tier, board: Board): readonly number[] {
  sortTier(plan, tier, board)
  const slots = [...plan.order.subarray(tier.from, tier.to)]
  const { strategy } = plan.rules
  // Chance has no order: the likeliest first.
  if (strategy === 'weighted') return slots.sort((a, b) => plan.weights[b]! - plan.weights[a]!)
  if (strategy !== 'round_robin') return slots
  const { next } = tier.turn
  return [...slots.slice(next), ...slots.slice(0, next)]
}

function choiceState(plan: Plan, at: number, now: number, monthEnd: number): RouteState['choices'][number] {
  const slot = plan.slots[at]!
  const { key, candidate, choice } = slot
  const ramps = share(key.breaker, now) < 1 || share(candidate.breaker, now) < 1
  const obstacle = plan.weights[at] === 0 ? 'weight-zero' : obstacleOf(slot, 0, now)
  // The key tells keys of one candidate apart, the candidate tells models of one key apart.
  const latency = Math.max(key.latency, candidate.latency)
  return {
    ...choice,
    state: keyState(key, candidate, now, monthEnd),
    running: key.running,
    latencyMs: latency < 0 ? null : latency,
    recentErrors: recentErrors(key.breaker),
    recentCalls: key.breaker.count,
    rejection: obstacle ?? (ramps ? 'ramping' : null),
  }
}

/** Who disabled it and why is kept with the key, not here. */
function keyState(standing: Standing, candidate: Standing, now: number, monthEnd: number): KeyState {
  const { key, bench, benchAt } = standing
  if (key !== null && !key.enabled) return { kind: 'disabled', reason: '', at: 0 }
  if (key?.expiresAt != null && key.expiresAt <= now) return { kind: 'expired', at: key.expiresAt }
  if (bench === 'bad-key') return { kind: 'benched', reason: bench, at: benchAt, until: null }
  if (hasSpentAll(standing)) return { kind: 'benched', reason: 'budget', at: standing.spentAllAt, until: monthEnd }
  if (bench === 'quota' && standing.benchUntil > now) {
    return { kind: 'benched', reason: bench, at: benchAt, until: standing.benchUntil }
  }
  if (standing.coolingUntil > now) return { kind: 'cooling', until: standing.coolingUntil }
  const broken = Math.max(standing.breaker.openUntil, candidate.breaker.openUntil)
  return broken > now ? { kind: 'broken', until: broken } : { kind: 'ready' }
}
