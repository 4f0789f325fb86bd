import type { Decision, FeatureRules, ReplaySummary } from '../../../shared/contracts/routing.ts'
import type { Decisions } from './decisions.ts'

/** Decisions that one question carries: calls that the worker answers meanwhile wait for no more than these. */
const BATCH = 50
const MOST_CHANGED = 100

export type Replay = (question: {
  readonly feature: string
  readonly draft: FeatureRules
  readonly decisions: readonly Decision[]
}) => Promise<ReplaySummary>

/** Decides all kept decisions of a feature anew, some at a time. */
export async function replayAll(
  decisions: Pick<Decisions, 'batches'>,
  replay: Replay,
  feature: string,
  draft: FeatureRules,
): Promise<ReplaySummary> {
  let sum: ReplaySummary = { decisions: 0, same: 0, changed: [], changedCount: 0, keys: [] }
  for (const batch of decisions.batches(feature, BATCH)) {
    sum = added(sum, await replay({ feature, draft, decisions: batch }))
  }
  return sum
}

function added(a: ReplaySummary, b: ReplaySummary): ReplaySummary {
  const keys = new Map(a.keys.map((key) => [key.keyName, key]))
  for (const { keyName, before, after } of b.keys) {
    const so = keys.get(keyName)
    keys.set(keyName, { keyName, before: before + (so?.before ?? 0), after: after + (so?.after ?? 0) })
  }
  return {
    decisions: a.decisions + b.decisions,
    same: a.same + b.same,
    changed: [...a.changed, ...b.changed].slice(0, MOST_CHANGED),
    changedCount: a.changedCount + b.changedCount,
    keys: [...keys.values()],
  }
}
