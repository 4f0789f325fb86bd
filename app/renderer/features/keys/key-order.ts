import type { Key } from '../../../shared/contracts/keys.ts'
import type { Mark } from '../../ui/StateMark.tsx'
import { conditionOf } from './key-condition.ts'

/** Worst first. */
const concern: Record<Mark, number> = { fail: 0, warn: 1, busy: 2, unknown: 3, ok: 4, stopped: 5 }
const tiers: Readonly<Record<string, number>> = { primary: 0, backup: 1 }
const tierRank = (tier: string) => (Object.hasOwn(tiers, tier) ? tiers[tier]! : 2)

// Numbers inside names count as numbers: key-2 stands before key-10. Chinese names stand by their sound.
const names = new Intl.Collator('zh-CN', { numeric: true, sensitivity: 'base' })

export const compareNames = (a: Key, b: Key): number => names.compare(a.name, b.name)
export const compareTiers = (a: Key, b: Key): number =>
  tierRank(a.tier) - tierRank(b.tier) || names.compare(a.tier, b.tier) || compareNames(a, b)
/** In the order in which the keys of a service are tried. */
export const compareServices = (a: Key, b: Key): number => names.compare(a.service, b.service) || compareTiers(a, b)
export const compareConcern = (a: Key, b: Key): number =>
  concern[conditionOf(a)] - concern[conditionOf(b)] || compareNames(a, b)

/** Biggest first; what has no such figure stands last. */
export const compareFigure =
  (of: (key: Key) => number | null) =>
  (a: Key, b: Key): number => {
    const [left, right] = [of(a), of(b)]
    if (left !== null && right !== null) return right - left || compareNames(a, b)
    return (left === null ? 1 : 0) - (right === null ? 1 : 0) || compareNames(a, b)
  }
/** Soonest first; what never expires stands last. */
export const compareExpiry = (a: Key, b: Key): number =>
  (a.expiresAt ?? Number.POSITIVE_INFINITY) === (b.expiresAt ?? Number.POSITIVE_INFINITY)
    ? compareNames(a, b)
    : (a.expiresAt ?? Number.POSITIVE_INFINITY) - (b.expiresAt ?? Number.POSITIVE_INFINITY)

export const groupOf = ({ vendor }: Key): string => vendor

/** How many there are of each condition, in the order ● ▲ ■ ○. */
export function countConditions(keys: readonly Key[]): readonly (readonly [Mark, number])[] {
  const counts = new Map<Mark, number>()
  for (const key of keys) counts.set(conditionOf(key), (counts.get(conditionOf(key)) ?? 0) + 1)
  return (['ok', 'warn', 'fail', 'stopped'] as const).flatMap((mark) => {
    const count = counts.get(mark) ?? 0
    return count === 0 ? [] : [[mark, count] as const]
  })
}
