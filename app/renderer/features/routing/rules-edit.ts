import type { Candidate, FeatureRules } from '../../../shared/contracts/routing.ts'
import type { Card, Column } from './picture/arrange.ts'

// Changes of rules, each a new value. What is edited is the candidate: all the keys that stand for it go with it.

export const withCandidates = (rules: FeatureRules, candidates: Candidate[]): FeatureRules => ({ ...rules, candidates })

export const setCandidate = (rules: FeatureRules, index: number, candidate: Candidate): FeatureRules =>
  withCandidates(
    rules,
    rules.candidates.map((one, at) => (at === index ? candidate : one)),
  )
export const addCandidate = (rules: FeatureRules, candidate: Candidate): FeatureRules =>
  withCandidates(rules, [...rules.candidates, candidate])
export const removeCandidate = (rules: FeatureRules, index: number): FeatureRules =>
  withCandidates(
    rules,
    rules.candidates.filter((_, at) => at !== index),
  )

/** Puts one candidate before another (null: behind them all), into a tier of its own choice where one is given. */
export function place(rules: FeatureRules, index: number, before: number | null, tier?: string): FeatureRules {
  const moved = rules.candidates[index]
  if (!moved || (before === index && tier === undefined)) return rules
  const rest = rules.candidates.filter((_, at) => at !== index)
  const target = before === null ? rest.length : before > index ? before - 1 : before
  // Always another value: one that came by itself is written down once it was moved.
  rest.splice(target, 0, tier === undefined ? { ...moved } : { ...moved, tier })
  return withCandidates(rules, rest)
}

/** One step up (-1) or down (1) in its tier, past all the keys of its neighbour; null at the end. */
export function step(rules: FeatureRules, column: Column, card: Card, by: -1 | 1): FeatureRules | null {
  const at = column.cards.findIndex(({ id }) => id === card.id)
  const others = by < 0 ? column.cards.slice(0, Math.max(0, at)).reverse() : column.cards.slice(at + 1)
  const neighbour = others.find(({ index }) => index !== card.index)
  if (!neighbour) return null
  return place(rules, card.index, by < 0 ? neighbour.index : neighbour.index + 1)
}

export const sameRules = (a: FeatureRules, b: FeatureRules): boolean =>
  a.description === b.description &&
  a.strategy === b.strategy &&
  a.candidates.length === b.candidates.length &&
  a.candidates.every((one, at) => sameCandidate(one, b.candidates[at]!))

const sameCandidate = (a: Candidate, b: Candidate): boolean =>
  a === b ||
  (a.vendor === b.vendor &&
    a.service === b.service &&
    a.model === b.model &&
    a.tier === b.tier &&
    a.weight === b.weight)

/** The part of a feature that is edited. */
export const rulesOf = ({ description, strategy, candidates }: FeatureRules): FeatureRules => ({
  description,
  strategy,
  candidates,
})
