import { type Condition, conditionOf, type Service } from '../../../shared/contracts/services.ts'

/** One thing that wants the operator, with the one action that most likely helps. */
export interface Concern {
  readonly service: Service
  readonly condition: Extract<Condition, 'fail' | 'warn'>
  readonly action: 'logs' | 'restart' | 'start' | 'health'
  /** When it began, as far as the engine tells. */
  readonly at: number | null
}

/**
 * What needs attention, worst first: what crashes again and again, what is down, what runs but is ill; the newest of
 * each first. What somebody stopped on purpose is no concern.
 */
export function concernsOf(services: Iterable<Service>): readonly Concern[] {
  const concerns: Concern[] = []
  for (const service of services) {
    const condition = conditionOf(service)
    if (condition !== 'fail' && condition !== 'warn') continue
    concerns.push({ service, condition, action: helpFor(service), at: startOf(service) })
  }
  return concerns.sort(
    (a, b) => severity(a) - severity(b) || (b.at ?? 0) - (a.at ?? 0) || a.service.name.localeCompare(b.service.name),
  )
}

/** Crashing in a loop: the log says why, another restart does not. Killed for memory: it may run again at once. */
function helpFor(service: Service): Concern['action'] {
  const { state } = service
  if (state.kind === 'running') return 'health'
  if (state.kind === 'stopped' && state.outOfMemory) return 'restart'
  return 'logs'
}

function startOf(service: Service): number | null {
  if (service.state.kind === 'stopped') return service.state.finishedAt
  return service.state.kind === 'running' ? service.state.startedAt : null
}

function severity({ service, condition }: Concern): number {
  if (condition === 'warn') return 3
  if (service.state.kind === 'restarting') return 0
  return service.state.kind === 'dead' ? 2 : 1
}

/**
 * Since when nothing changed for the worse: the last start or end that the engine remembers, or the moment the last
 * concern went away while the console watched. Null when the engine tells no time.
 */
export function wellSince(services: Iterable<Service>, recoveredAt: number | null): number | null {
  let last = recoveredAt
  for (const { state } of services) {
    const at = state.kind === 'running' ? state.startedAt : state.kind === 'stopped' ? state.finishedAt : null
    if (at !== null && at > (last ?? 0)) last = at
  }
  return last
}
