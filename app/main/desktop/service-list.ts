import type { DockerState } from '../../shared/contracts/docker.ts'
import { type Condition, conditionOf, type Service, type ServicesUpdate } from '../../shared/contracts/services.ts'

/** The services as the tray and the links need them: what the page's store is to the page. */
export type ServiceList = ReadonlyMap<string, Service>

export function applyToList(list: ServiceList, update: ServicesUpdate): ServiceList {
  if (update.kind === 'snapshot') return new Map(update.services.map((service) => [service.id, service]))
  const next = new Map(list)
  for (const service of update.upserted) next.set(service.id, service)
  for (const id of update.removed) next.delete(id)
  return next
}

const order: readonly Condition[] = ['fail', 'warn', 'unknown', 'busy', 'ok', 'stopped']

export interface Summary {
  readonly docker: DockerState['kind']
  /** The condition that deserves the eye; `unknown` while Docker does not answer. */
  readonly worst: Condition
  /** Conditions that occur, worst first. */
  readonly counts: readonly { readonly condition: Condition; readonly n: number }[]
  /** The service that a tray's actions are about: of the failed ones, else the unhealthy ones, the one that ended last. */
  readonly concern: { readonly id: string; readonly name: string } | null
}

export function summarize(list: ServiceList, docker: DockerState['kind']): Summary {
  const byCondition = Map.groupBy(list.values(), conditionOf)
  const counts = order.flatMap((condition) => {
    const n = byCondition.get(condition)?.length ?? 0
    return n > 0 ? [{ condition, n }] : []
  })
  const troubled = byCondition.get('fail') ?? byCondition.get('warn') ?? []
  const concern = troubled.toSorted((a, b) => endedAt(b) - endedAt(a))[0]
  return {
    docker,
    worst: docker === 'ready' ? (counts[0]?.condition ?? 'ok') : 'unknown',
    counts: docker === 'ready' ? counts : [],
    concern: docker === 'ready' && concern ? { id: concern.id, name: concern.name } : null,
  }
}

const endedAt = ({ state }: Service): number =>
  state.kind === 'restarting' ? Number.POSITIVE_INFINITY : state.kind === 'stopped' ? (state.finishedAt ?? 0) : 0
