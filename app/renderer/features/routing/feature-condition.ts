import type { Feature, FeatureRules } from '../../../shared/contracts/routing.ts'
import type { Mark } from '../../ui/StateMark.tsx'
import type { RouteKey } from './routing-store.ts'

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
type Who = Pick<RouteKey, 'vendor' | 'service'>
const place = ({ vendor, service }: Who) => `${vendor} ${service}`

/** A key that somebody turned off on purpose is left out: it is no trouble. */
export function conditionOf({ candidates }: Pick<FeatureRules, 'candidates'>, keys: Keys): FeatureCondition {
  if (keys === null) return 'unknown'
  const places = new Set(candidates.filter(({ weight }) => weight > 0).map(place))
  let all = 0
  let ready = 0
  for (const key of keys.values()) {
    if (!places.has(place(key)) || key.state.kind === 'disabled') continue
    all++
    if (key.state.kind === 'ready') ready++
  }
  if (all === 0) return 'no-key'
  return ready === all ? 'every' : ready === 0 ? 'none' : 'some'
}

/** How many features have keys of which none can be asked now: the number on the rail. */
export function countUnserved(features: Iterable<Feature>, keys: Keys): number {
  let count = 0
  for (const feature of features) if (conditionOf(feature, keys) === 'none') count++
  return count
}
