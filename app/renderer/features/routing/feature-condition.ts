import type { Feature, FeatureRules } from '../../../shared/contracts/routing.ts'
import type { Mark } from '../../ui/StateMark.tsx'
import type { RouteKey, RouteStanding } from './routing-store.ts'

/** Whether a feature can be served now: by every key it has, by some, by none, or it has no key at all. */
export type FeatureCondition = 'every' | 'some' | 'none' | 'no-key' | 'unknown'

export const conditionMarks: Readonly<Record<FeatureCondition, Mark>> = {
  every: 'ok',
  some: 'warn',
  none: 'fail',
  'no-key': 'stopped',
  unknown: 'unknown',
}

type Keys = ReadonlyMap<string, RouteKey> | null
const place = ({ vendor, service }: Pick<RouteKey, 'vendor' | 'service'>) => `${vendor} ${service}`

/**
 * By what the router says of the choices that the pane shows. Where it says of none (it is starting, or the vault is
 * locked) by the keys, as the pane does. A key that somebody turned off on purpose is left out: it is no trouble.
 */
export function conditionOf(
  rules: Pick<FeatureRules, 'candidates'>,
  keys: Keys,
  standing: Pick<RouteStanding, 'choices' | 'ready'> | undefined,
): FeatureCondition {
  const counted = standing && standing.choices > 0 ? standing : keys && countKeys(rules, keys)
  if (counted === null) return 'unknown'
  const { choices, ready } = counted
  if (choices === 0) return 'no-key'
  return ready === choices ? 'every' : ready === 0 ? 'none' : 'some'
}

function countKeys({ candidates }: Pick<FeatureRules, 'candidates'>, keys: NonNullable<Keys>) {
  const places = new Set(candidates.filter(({ weight }) => weight > 0).map(place))
  const standing = [...keys.values()].filter((key) => places.has(place(key)) && key.state.kind !== 'disabled')
  return { choices: standing.length, ready: standing.filter(({ state }) => state.kind === 'ready').length }
}

/** How many features have keys of which none can be asked now: the number on the rail. */
export function countUnserved(
  features: Iterable<Feature>,
  keys: Keys,
  standings: ReadonlyMap<string, RouteStanding>,
): number {
  let count = 0
  for (const feature of features) if (conditionOf(feature, keys, standings.get(feature.name)) === 'none') count++
  return count
}
