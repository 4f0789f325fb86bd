import type { Candidate, Choice, FeatureRules, RejectedChoice } from '../../../../shared/contracts/routing.ts'
import type { EngineKey } from './engine-types.ts'
import { askedOf, mappedCandidates, vendorModelOf } from './model-mapping.ts'
import type { Standing } from './standing.ts'

/** One key that can be asked for one candidate, as part of a plan. */
export interface Slot {
  readonly choice: Choice
  readonly key: Standing
  readonly candidate: Standing
  readonly tier: Tier
  /** In its tier, as listed. */
  readonly place: number
  /** The last answers why not, as the next one is mostly the same. */
  rejected: RejectedChoice | null
  mismatch: RejectedChoice | null
  outOfScope: RejectedChoice | null
}
/** Slots from `from` up to `to` of a plan. */
export interface Tier {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly turn: Turn
  /** The board's `changes` when it was sorted; -1 before. */
  sortedAt: number
}
/** Of round robin in one tier: slot of the tier that is next. It outlives plans, so that it goes on when keys change. */
export interface Turn {
  next: number
}
/** Whoever comes after this one is next. */
export function passTurn({ tier, place }: Slot): void {
  tier.turn.next = tier.from + place + 1 === tier.to ? 0 : place + 1
}
/** Candidates times keys has no bound of its own, and each decision looks at all of them. */
export const MOST_SLOTS = 1000

/** A feature's rules spread over the keys, tier after tier, with what a decision looks at in columns. */
export interface Plan {
  readonly feature: string
  readonly revision: number
  readonly rules: FeatureRules
  readonly tiers: readonly Tier[]
  readonly slots: readonly Slot[]
  readonly choices: readonly Choice[]
  /** Places on the board. */
  readonly keyAt: Int32Array
  readonly candidateAt: Int32Array
  readonly weights: Float64Array
  /** Numbers of models by their names in lower case, and the one of each slot. */
  readonly models: ReadonlyMap<string, number>
  readonly modelAt: Int32Array
  /** 1 for a slot that is asked only by its name, which is another one of a candidate's model. */
  readonly mapped: Uint8Array
  /** Which models a scope opens, by the scope. */
  readonly scopes: WeakMap<readonly string[], Uint8Array>
  /** Slots by score within their tiers; kept sorted from question to question, as little changes between two. */
  readonly order: Int32Array
  readonly scores: Float64Array
  /** The rejection that is kept of a slot, until when it holds if the versions are the same, and these. */
  readonly kept: (RejectedChoice | null)[]
  readonly keptUntil: Float64Array
  readonly keptVersion: Float64Array
  /** When a resting slot may be asked again; Infinity where it can never be the least bad. */
  readonly wakesAt: Float64Array
  /** Candidates for which there is no key. */
  readonly without: readonly Candidate[]
  readonly missing: readonly RejectedChoice[]
  /** How many more there would be than `MOST_SLOTS`. */
  readonly leftOut: number
}

/** What a candidate and its keys have in common. */
export interface Named {
  readonly vendor: string
  readonly service: string
}
export const candidateId = ({ vendor, service, model }: Named & { readonly model: string }) =>
  `candidate ${vendor}/${service}/${model}`
/** Prices are told of models as the vendor names them. */
export const priceId = (choice: Pick<Choice, 'vendor' | 'model' | 'vendorModel'>) =>
  `${choice.vendor}/${askedOf(choice)}`
export const serviceId = ({ vendor, service }: Named) => `${vendor}/${service}`

/** Primary, then backup, then any other in the order in which it is first listed. */
function tierRank(name: string): number {
  if (name === 'primary') return 0
  return name === 'backup' ? 1 : 2
}

interface Told {
  readonly feature: string
  readonly revision: number
  readonly rules: FeatureRules
  /** Keys by `serviceId`. */
  readonly keys: ReadonlyMap<string, readonly EngineKey[]>
  readonly prices: ReadonlyMap<string, number>
  keyStanding(id: string): Standing
  candidateStanding(id: string): Standing
  turn(tier: string): Turn
}
export interface Pair {
  readonly candidate: Candidate
  readonly key: EngineKey
  /** What the rules list: another one than `candidate` under a name that the key maps to its model. */
  readonly listed: Candidate
}
export function choiceOf({ candidate, key }: Omit<Pair, 'listed'>, tier: string): Choice {
  const { vendor, service, model } = candidate
  const asked = vendorModelOf(key, model)
  return {
    ...{ vendor, service, model, keyId: key.id, keyName: key.name, tier, endpoint: key.endpoint },
    ...(asked !== model && { vendorModel: asked }),
  }
}

export function createPlan(told: Told): Plan {
  const { feature, revision, rules } = told
  const { byTier, without, leftOut } = spread(rules, told.keys)
  const count = byTier.reduce((sum, [, pairs]) => sum + pairs.length, 0)
  const tiers: Tier[] = []
  const slots: Slot[] = []
  const models = new Map<string, number>()
  const numbers = () => new Float64Array(count)
  const [weights, prices, keptUntil, wakesAt] = [numbers(), numbers(), numbers(), numbers()]
  const mapped = new Uint8Array(count)
  const [keyAt, candidateAt, modelAt] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
  for (const [name, pairs] of byTier) {
    const tier: Tier = {
      name,
      from: slots.length,
      to: slots.length + pairs.length,
      turn: told.turn(name),
      sortedAt: -1,
    }
    tiers.push(tier)
    for (const { candidate, key, listed } of pairs) {
      const i = slots.length
      const choice = choiceOf({ candidate, key }, name)
      // The same model under another name works, or fails, alike.
      const standings = { key: told.keyStanding(key.id), candidate: told.candidateStanding(candidateId(listed)) }
      slots.push({ choice, ...standings, tier, place: i - tier.from, rejected: null, mismatch: null, outOfScope: null })
      keyAt[i] = standings.key.place
      candidateAt[i] = standings.candidate.place
      weights[i] = candidate.weight * key.weight
      mapped[i] = Number(listed !== candidate)
      prices[i] = told.prices.get(priceId(choice)) ?? Number.POSITIVE_INFINITY
      const lower = candidate.model.toLowerCase()
      if (!models.has(lower)) models.set(lower, models.size)
      modelAt[i] = models.get(lower)!
    }
  }
  const order = Int32Array.from(slots.keys())
  if (rules.strategy === 'lowest_cost') {
    for (const { from, to } of tiers) order.subarray(from, to).sort((a, b) => compare(prices[a]!, prices[b]!) || a - b)
  }
  return {
    feature,
    revision,
    rules,
    tiers,
    slots,
    choices: slots.map(({ choice }) => choice),
    keyAt,
    candidateAt,
    weights,
    models,
    modelAt,
    mapped,
    scopes: new WeakMap(),
    order,
    scores: numbers(),
    kept: slots.map(() => null),
    keptUntil: keptUntil.fill(Number.NEGATIVE_INFINITY),
    keptVersion: numbers(),
    wakesAt: wakesAt.fill(Number.POSITIVE_INFINITY),
    without,
    missing: without.map(missingChoice),
    leftOut,
  }
}

/** Two infinities are equal, and their difference is no number. */
const compare = (left: number, right: number): number => (left === right ? 0 : left - right)

const missingChoice = ({ vendor, service, model, tier }: Candidate): RejectedChoice => ({
  vendor,
  service,
  model,
  keyId: null,
  keyName: null,
  tier: tier ?? 'primary',
  reason: 'no-key',
  until: null,
})

/** Choices that rules come to with these keys; beyond `MOST_SLOTS` they are not looked at. */
export function countChoices({ candidates }: FeatureRules, keys: readonly Named[]): number {
  const distinct = new Map(candidates.map((one) => [candidateId(one), serviceId(one)]))
  const keysOf = Map.groupBy(keys, serviceId)
  return [...distinct.values()].reduce((sum, service) => sum + (keysOf.get(service)?.length ?? 0), 0)
}

const inOrder = <T>(byTier: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...byTier].sort(([a], [b]) => tierRank(a) - tierRank(b))

/**
 * Every candidate with every key of its service, then under each other name with the keys that map it, by tier and in the
 * order of tiers, as many as a plan may have. One that is listed twice counts as it is listed first.
 */
export function spread(
  rules: FeatureRules,
  keys: ReadonlyMap<string, readonly EngineKey[]>,
): {
  readonly byTier: readonly (readonly [string, readonly Pair[]])[]
  readonly without: readonly Candidate[]
  readonly leftOut: number
} {
  const first = new Map(rules.candidates.toReversed().map((one) => [candidateId(one), one]))
  const candidates = rules.candidates.filter((one) => first.get(candidateId(one)) === one)
  const keysOf = (candidate: Candidate) => keys.get(serviceId(candidate)) ?? []
  const named = candidates.map((candidate) => ({ candidate, listed: candidate, keys: keysOf(candidate) }))
  const mapped = mappedCandidates(candidates, keys)
  let room = MOST_SLOTS
  let leftOut = 0
  const byTier = new Map<string, { most: number; readonly pairs: Pair[] }>()
  // Other names never take the place of what is listed, in whichever tier that is.
  for (const all of [named, mapped]) {
    // Counted before anything is made of them: a thousand by a thousand are a million.
    const sizes = new Map<string, number>()
    for (const { candidate, keys: own } of all) {
      for (const key of own) {
        const tier = candidate.tier ?? key.tier
        sizes.set(tier, (sizes.get(tier) ?? 0) + 1)
      }
    }
    for (const [tier, size] of inOrder(sizes)) {
      const more = Math.min(size, room)
      room -= more
      leftOut += size - more
      const of = byTier.get(tier) ?? { most: 0, pairs: [] }
      of.most += more
      if (of.most > 0) byTier.set(tier, of)
    }
    for (const { candidate, listed, keys: own } of all) {
      for (const key of own) {
        const tier = byTier.get(candidate.tier ?? key.tier)
        if (tier !== undefined && tier.pairs.length < tier.most) tier.pairs.push({ candidate, key, listed })
      }
    }
  }
  return {
    byTier: inOrder(byTier).map(([tier, { pairs }]) => [tier, pairs] as const),
    without: candidates.filter((candidate) => keysOf(candidate).length === 0),
    leftOut,
  }
}
