import { type Condition, conditionOf, type Sample, type Service } from '../../../shared/contracts/services.ts'
import { since } from './service-words.ts'

/** Worst first. */
const concern: Record<Condition, number> = { fail: 0, warn: 1, busy: 2, unknown: 3, ok: 4, stopped: 5 }
/** The order in which counts are shown: ● ▲ ■ ◐ ○. */
export const shownConditions = [
  'ok',
  'warn',
  'fail',
  'busy',
  'stopped',
  'unknown',
] as const satisfies readonly Condition[]

export type Counts = Readonly<Record<Condition, number>>

export function countConditions(services: Iterable<Service>): Counts {
  const counts: Record<Condition, number> = { ok: 0, warn: 0, fail: 0, stopped: 0, busy: 0, unknown: 0 }
  for (const service of services) counts[conditionOf(service)]++
  return counts
}

// Numbers inside names count as numbers: web-2 stands before web-10.
const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
export const compareText = names.compare

export const compareNames = (a: Service, b: Service): number => compareText(a.name, b.name)
export const compareConcern = (a: Service, b: Service): number =>
  concern[conditionOf(a)] - concern[conditionOf(b)] || compareNames(a, b)
export const compareImages = (a: Service, b: Service): number => compareText(a.image, b.image) || compareNames(a, b)

/** Longest first; what has not run stands last. */
export const compareUptime = (a: Service, b: Service): number =>
  (since(a) ?? Number.MAX_SAFE_INTEGER) - (since(b) ?? Number.MAX_SAFE_INTEGER) || compareNames(a, b)

/** Biggest first by the newest reading; what is not measured stands last. */
export const compareReading =
  (read: (id: string) => Sample | undefined, of: (sample: Sample) => number) =>
  (a: Service, b: Service): number => {
    const [left, right] = [read(a.id), read(b.id)]
    if (left && right) return of(right) - of(left) || compareNames(a, b)
    return (left ? 0 : 1) - (right ? 0 : 1) || compareNames(a, b)
  }

/** Key of the group at the top: it sorts before every Compose project, whose names begin with a letter or a digit. */
export const pinnedGroup = '*pinned'

/** Null is the group of the containers without a project, which stands last. */
export const groupOf = (service: Service, pinned: ReadonlySet<string>): string | null =>
  pinned.has(service.id) ? pinnedGroup : service.project
