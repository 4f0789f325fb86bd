import type { Board } from './board.ts'
import type { Plan, Tier } from './plan.ts'

/**
 * Sorts the slots of a tier by what the strategy compares, the least first. As listed where it does not compare: by
 * weight and round robin, or where that cannot have changed.
 */
export function sortTier(plan: Plan, tier: Tier, board: Board): void {
  if (tier.sortedAt === board.changes) return
  tier.sortedAt = board.changes
  switch (plan.rules.strategy) {
    case 'weighted':
    case 'round_robin':
    case 'lowest_cost':
      // Prices change with the plan only, which is made in their order.
      return
    case 'least_latency':
      // The key's and the model's own part of the time. What is not known yet counts as nothing, so that it is tried.
      insertAll(plan, tier, board.latency, plan.keyAt, plan.candidateAt)
      return
    case 'least_busy':
      insertAll(plan, tier, board.running, plan.keyAt, null)
  }
}

/** Few have moved since the last question: one pass that looks at each, and inserts these. */
function insertAll(
  { order, scores }: Plan,
  { from, to }: Tier,
  column: Float64Array,
  first: Int32Array,
  second: Int32Array | null,
): void {
  let moves = 0
  let last = -1
  let highest = Number.NEGATIVE_INFINITY
  for (let i = from; i < to; i++) {
    const slot = order[i]!
    const score = second === null ? column[first[slot]!]! : column[first[slot]!]! + column[second[slot]!]!
    scores[slot] = score
    if (highest < score || (highest === score && last < slot)) {
      highest = score
      last = slot
      continue
    }
    let place = i
    for (; place > from; place--) {
      const before = order[place - 1]!
      const its = scores[before]!
      if (its < score || (its === score && before < slot)) break
      order[place] = before
    }
    order[place] = slot
    moves += i - place
    if (moves > 16 * (to - from)) {
      for (let at = i + 1; at < to; at++) {
        const other = order[at]!
        scores[other] = column[first[other]!]! + (second === null ? 0 : column[second[other]!]!)
      }
      order.subarray(from, to).sort((a, b) => scores[a]! - scores[b]! || a - b)
      return
    }
  }
}
