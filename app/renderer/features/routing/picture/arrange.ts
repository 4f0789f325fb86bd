import type { KeyState } from '../../../../shared/contracts/keys.ts'
import type { Candidate, FeatureRules, RouteState, Strategy } from '../../../../shared/contracts/routing.ts'
import type { RouteKey } from '../routing-store.ts'

export type LiveChoice = RouteState['choices'][number]

/** One choice of the picture: a candidate with one of the keys that stand for it, or with none. */
export interface Card {
  /** The same for as long as its candidate and key are, wherever it is moved. */
  readonly id: string
  /** Of its candidate among the rules. */
  readonly index: number
  readonly candidate: Candidate
  /** No rule names it: it comes with its key. */
  readonly brought: boolean
  readonly keyId: string | null
  readonly keyName: string | null
  /** Null for a card without a key, and where nothing is known of the key yet. */
  readonly state: KeyState | null
  /** Null where the router has not met this choice. */
  readonly live: LiveChoice | null
  /** Its part of the tier, 0 to 1; null where the strategy does not look at weights, or it is not known. */
  readonly share: number | null
}
/** What is tried together before the column to its right. `tier` is null for what is tried never: it has no key. */
export interface Column {
  readonly tier: string | null
  readonly cards: readonly Card[]
}

const first = ['primary', 'backup']
const rank = (tier: string | null) => (tier === null ? Infinity : first.includes(tier) ? first.indexOf(tier) : 2)

/** Words for one candidate among the rules; two that are written alike are told apart by their turn. */
export function candidateIds(candidates: readonly Candidate[]): readonly string[] {
  const met = new Map<string, number>()
  return candidates.map(({ vendor, service, model }) => {
    const name = `${vendor}/${service}/${model}`
    const times = met.get(name) ?? 0
    met.set(name, times + 1)
    return times === 0 ? name : `${name}#${times}`
  })
}

/** By chance or in turn: any order within a tier is as true as another, so it stays that of the rules. */
const unordered: ReadonlySet<Strategy> = new Set(['weighted', 'round_robin'])

/**
 * The rules as columns: tiers from left to right in the order in which they are tried. Where figures decide within a
 * tier, kept rules stand in the order that the router says; a draft in its own, as the router has not met it.
 */
export function arrange(
  rules: FeatureRules,
  keys: ReadonlyMap<string, RouteKey> | null,
  state: RouteState | null,
  draft: boolean,
  brought: ReadonlySet<Candidate> = new Set(),
): readonly Column[] {
  const standing = keysByPlace(keys, state)
  const live = new Map(state?.choices.map((choice, order) => [choiceId(choice), { choice, order }]))
  const ids = candidateIds(rules.candidates)
  const columns = new Map<string | null, (Card & { order: number; points: number | null })[]>()
  rules.candidates.forEach((candidate, index) => {
    const found = standing.get(`${candidate.vendor} ${candidate.service}`) ?? [null]
    for (const key of found) {
      const tier = candidate.tier ?? key?.tier ?? null
      const met = key && live.get(`${candidate.vendor} ${candidate.service} ${candidate.model} ${key.id}`)
      const column = columns.get(tier) ?? []
      columns.set(tier, column)
      column.push({
        id: `${ids[index]} ${key?.id ?? ''}`,
        index,
        candidate,
        brought: brought.has(candidate),
        keyId: key?.id ?? null,
        keyName: key?.name ?? null,
        state: stateOf(met?.choice.state ?? null, key?.state ?? null),
        live: met?.choice ?? null,
        share: null,
        order: !draft && !unordered.has(rules.strategy) && met ? met.order : Infinity,
        points: key?.weight === undefined ? null : candidate.weight * key.weight,
      })
    }
  })
  return [...columns]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([tier, cards]) => {
      const whole = cards.reduce((sum, { points }) => sum + (points ?? 0), 0)
      const weighted = rules.strategy === 'weighted' && whole > 0
      // A stable sort: what the router does not know keeps its place among the rules.
      const sorted = cards.sort((a, b) => (a.order === b.order ? 0 : a.order - b.order))
      return {
        tier,
        cards: sorted.map(({ order: _, points, ...card }) => ({
          ...card,
          share: weighted && points !== null ? points / whole : null,
        })),
      }
    })
}

/** The router knows of this very choice, the key alone knows why somebody disabled it. */
const stateOf = (choice: KeyState | null, key: KeyState | null): KeyState | null =>
  choice?.kind === 'disabled' && key?.kind === 'disabled' ? key : (choice ?? key)

const choiceId = ({ vendor, service, model, keyId }: LiveChoice) => `${vendor} ${service} ${model} ${keyId}`

interface StandingKey {
  readonly id: string
  readonly name: string
  readonly tier: string
  readonly weight: number | undefined
  readonly state: KeyState
}

/** By "vendor service". What the router names is added, so that the picture is whole before the keys were heard of. */
function keysByPlace(keys: ReadonlyMap<string, RouteKey> | null, state: RouteState | null) {
  const byPlace = new Map<string, StandingKey[]>()
  const add = (vendor: string, service: string, key: StandingKey) => {
    const place = `${vendor} ${service}`
    byPlace.set(place, [...(byPlace.get(place) ?? []), key])
  }
  for (const key of keys?.values() ?? []) add(key.vendor, key.service, key)
  const known = new Set<string>(keys?.keys())
  for (const { vendor, service, keyId, keyName, tier, state: own } of state?.choices ?? []) {
    if (known.has(keyId)) continue
    known.add(keyId)
    add(vendor, service, { id: keyId, name: keyName, tier, weight: undefined, state: own })
  }
  return byPlace
}

/** The card of that id, and where it stands. */
export function findCard(columns: readonly Column[], id: string | null): { card: Card; column: Column } | null {
  for (const column of columns) {
    const card = column.cards.find((one) => one.id === id)
    if (card) return { card, column }
  }
  return null
}
