import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { Mark } from '../../ui/StateMark.tsx'
import { conditionOf } from './plugin-condition.ts'

/** Worst first. */
const concern: Record<Mark, number> = { fail: 0, warn: 1, busy: 2, unknown: 3, ok: 4, stopped: 5 }
/** The order in which counts are shown: ● ▲ ■ ◌ ◐ ○. */
export const shownConditions = ['ok', 'warn', 'fail', 'unknown', 'busy', 'stopped'] as const satisfies readonly Mark[]

export function countConditions(plugins: Iterable<Plugin>): Readonly<Record<Mark, number>> {
  const counts: Record<Mark, number> = { ok: 0, warn: 0, fail: 0, stopped: 0, busy: 0, unknown: 0 }
  for (const plugin of plugins) counts[conditionOf(plugin)]++
  return counts
}

// Numbers inside names count as numbers: tool-2 stands before tool-10. Chinese names stand by their sound.
const names = new Intl.Collator('zh-CN', { numeric: true, sensitivity: 'base' })

export const compareNames = (a: Plugin, b: Plugin): number => names.compare(a.name, b.name)
export const compareConcern = (a: Plugin, b: Plugin): number =>
  concern[conditionOf(a)] - concern[conditionOf(b)] || compareNames(a, b)
export const compareVersions = (a: Plugin, b: Plugin): number =>
  names.compare(a.version, b.version) || compareNames(a, b)

/** Biggest first; what has no such figure stands last. */
export const compareFigure =
  (of: (plugin: Plugin) => number | null) =>
  (a: Plugin, b: Plugin): number => {
    const [left, right] = [of(a), of(b)]
    if (left !== null && right !== null) return right - left || compareNames(a, b)
    return (left === null ? 1 : 0) - (right === null ? 1 : 0) || compareNames(a, b)
  }

/** Of the calls of the last hour, the share that failed, in percent; null without calls. */
export const errorShare = ({ figures: { calls, errors } }: Plugin): number | null =>
  calls === 0 ? null : (errors / calls) * 100

/** Two groups: what is installed, and what can be restored, which stands last. */
export const installedGroup = 'installed'
export const groupOf = ({ restorableUntil }: Plugin): string | null =>
  restorableUntil === null ? installedGroup : null
