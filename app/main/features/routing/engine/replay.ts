import type { Choice, Decision, FeatureRules, ReplaySummary } from '../../../../shared/contracts/routing.ts'
import { bringCandidates } from './bring-candidates.ts'
import type { RouteSnapshot } from './engine-api.ts'
import type { EngineKey } from './engine-types.ts'
import { candidateId, choiceOf, type Pair, priceId, serviceId, spread } from './plan.ts'
import { idOf, type Met, pairId, standingOf, stateOf } from './replay-state.ts'
import { resting } from './standing.ts'

const MOST_CHANGED = 100

type ByTier = ReturnType<typeof spread>['byTier']

/**
 * Decides kept decisions of one feature anew by draft rules. The state that each met is read from what it rejected and
 * chose; what it does not tell (latencies and keys of services that it did not look at) is as it is now.
 */
export function replay(
  decisions: readonly Decision[],
  feature: string,
  draft: FeatureRules,
  now: RouteSnapshot,
): ReplaySummary {
  const keys = Map.groupBy(allKeys(decisions, now), serviceId)
  const present = [...keys.values()].flat()
  const tiersOf = (rules: FeatureRules) => spread(bringCandidates(rules, feature, present), keys).byTier
  const after = tiersOf(draft)
  const before = now.feature === null ? [] : tiersOf(now.feature.rules)
  const counts = new Map<string, { before: number; after: number }>()
  const count = (choice: Choice | null, side: 'before' | 'after') => {
    if (choice === null) return
    const so = counts.get(choice.keyName) ?? { before: 0, after: 0 }
    so[side]++
    counts.set(choice.keyName, so)
  }
  const changed: ReplaySummary['changed'] = []
  let changedCount = 0
  for (const decision of decisions) {
    const state = stateOf(decision)
    const random = randomOf(decision, before, state, now.feature?.rules.strategy)
    const choice = choose(after, draft.strategy, decision, state, random, now)
    count(decision.selected, 'before')
    count(choice, 'after')
    if (idOf(choice) === idOf(decision.selected)) continue
    changedCount++
    if (changed.length < MOST_CHANGED) {
      changed.push({ decisionId: decision.id, at: decision.at, before: decision.selected, after: choice })
    }
  }
  return {
    decisions: decisions.length,
    same: decisions.length - changedCount,
    changed,
    changedCount,
    keys: [...counts].map(([keyName, both]) => ({ keyName, ...both })).sort((a, b) => b.before - a.before),
  }
}

/** The keys of now, and those of then that are gone. */
function allKeys(decisions: readonly Decision[], now: RouteSnapshot): EngineKey[] {
  const keys = new Map(now.keys.map((key) => [key.id, key]))
  const gone = new Map<string, GoneKey>()
  for (const { selected, fallbacks } of decisions) {
    for (const choice of selected === null ? fallbacks : [selected, ...fallbacks]) {
      if (keys.has(choice.keyId)) continue
      const key = gone.get(choice.keyId) ?? goneKey(choice)
      gone.set(key.id, key)
      if (choice.vendorModel !== undefined) key.modelMapping[choice.model] = choice.vendorModel
    }
  }
  return [...keys.values(), ...gone.values()]
}
type GoneKey = Omit<EngineKey, 'modelMapping'> & { readonly modelMapping: Record<string, string> }
const goneKey = ({ keyId, keyName, vendor, service, tier, endpoint }: Choice): GoneKey => ({
  id: keyId,
  name: keyName,
  vendor,
  service,
  tier,
  endpoint,
  weight: 1,
  rpm: null,
  tpm: null,
  concurrency: null,
  monthlyBudget: null,
  currency: 'USD',
  enabled: true,
  expiresAt: null,
  modelMapping: {},
})

function choose(
  tiers: ByTier,
  strategy: FeatureRules['strategy'],
  decision: Decision,
  met: Met,
  random: number,
  now: RouteSnapshot,
): Choice | null {
  let least: { readonly pair: Pair; readonly tier: string; readonly until: number } | null = null
  for (const [tier, pairs] of tiers) {
    const usable: { readonly pair: Pair; readonly id: string }[] = []
    for (const pair of pairs) {
      const standing = standingOf(pair, decision, met)
      if (standing === null) continue
      const { id, blocked } = standing
      // One that recovers takes its part where there is nobody else.
      if (blocked === null || blocked.reason === 'ramping') usable.push({ pair, id })
      else if (resting.includes(blocked.reason) && (least === null || blocked.until < least.until)) {
        least = { pair, tier, until: blocked.until }
      }
    }
    const whole = usable.filter(({ id, pair }) => !met.blocked.has(id) && !met.blocked.has(pair.key.id))
    const among = whole.length > 0 ? whole : usable
    if (among.length === 0) continue
    return choiceOf(pick(among, strategy, decision, met, random, now), tier)
  }
  // Where nobody was chosen, what rested could not even be the least bad: it had been tried just before.
  return least === null || decision.selected === null ? null : choiceOf(least.pair, least.tier)
}

function pick(
  among: readonly { readonly pair: Pair; readonly id: string }[],
  strategy: FeatureRules['strategy'],
  decision: Decision,
  met: Met,
  random: number,
  now: RouteSnapshot,
): Pair {
  const rank = (id: string) => met.ranks.get(id) ?? Number.POSITIVE_INFINITY
  const least = (scoreOf: (one: { readonly pair: Pair; readonly id: string }) => number) =>
    among.reduce((best, one) => (scoreOf(one) < scoreOf(best) ? one : best)).pair
  switch (strategy) {
    case 'weighted':
      return byWeight(among, random)
    case 'round_robin':
      return decision.strategy === strategy
        ? least(({ id }) => rank(id))
        : among[Math.min(among.length - 1, Math.floor(random * among.length))]!.pair
    case 'least_busy':
      return least(({ id }) => rank(id))
    case 'least_latency':
      if (decision.strategy === strategy) return least(({ id }) => rank(id))
      return least(
        ({ pair }) => (now.latencies.get(pair.key.id) ?? 0) + (now.latencies.get(candidateId(pair.listed)) ?? 0),
      )
    case 'lowest_cost':
      return least(({ pair }) => now.prices.get(priceId(choiceOf(pair, pair.key.tier))) ?? Number.POSITIVE_INFINITY)
  }
}

const weightOf = ({ candidate, key }: Pair) => candidate.weight * key.weight

function byWeight(among: readonly { readonly pair: Pair }[], random: number): Pair {
  let rest = random * among.reduce((sum, { pair }) => sum + weightOf(pair), 0)
  for (const { pair } of among) {
    rest -= weightOf(pair)
    if (rest < 0) return pair
  }
  return among.at(-1)!.pair
}

/**
 * The chance that led to a decision is not kept. It is taken so that the rules of now, if they choose by weight, choose
 * the same again: what changes then is the draft's doing and not another roll of the dice.
 */
function randomOf(
  decision: Decision,
  before: ByTier,
  met: Met,
  strategy: FeatureRules['strategy'] | undefined,
): number {
  const own = hashOf(decision.id)
  if (strategy !== 'weighted' || decision.selected === null) return own
  const chosen = pairId(decision.selected)
  for (const [, pairs] of before) {
    const usable = pairs.filter((pair) => standingOf(pair, decision, met)?.blocked === null)
    if (usable.length === 0) continue
    const total = usable.reduce((sum, pair) => sum + weightOf(pair), 0)
    let from = 0
    for (const pair of usable) {
      const weight = weightOf(pair)
      if (pairId({ ...pair.candidate, keyId: pair.key.id }) === chosen) return (from + own * weight) / total
      from += weight
    }
    return own
  }
  return own
}

/** From 0 up to 1, always the same for the same id. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}
