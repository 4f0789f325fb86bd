import { conditionOf, type Service, type ServicesUpdate } from '../../shared/contracts/services.ts'
import { applyToList, type ServiceList } from './service-list.ts'

/** Something that became true of one or more services at about the same time. */
export interface Alert {
  readonly kind: 'failed' | 'unhealthy' | 'recovered'
  readonly services: readonly Service[]
}

/** Milliseconds in which the same news about several services is told as one. */
export const GATHER = 1_000
/** Milliseconds a service must have run without trouble before it counts as recovered, and may be in the news again. */
export const SETTLED = 60_000

type Trouble = 'failed' | 'unhealthy'

interface Known {
  /** The last trouble that was told; null when there is none, or it has recovered. */
  told: Trouble | null
  /** Running out: it recovered. */
  settling: NodeJS.Timeout | null
}

/**
 * Turns registry updates into news. The first snapshot is how things are, not news. A service that keeps dying, or whose
 * health flaps, is told once: it is news again only after it ran for SETTLED. What the operator stopped is no news.
 */
export function createServiceAlerts(tell: (alert: Alert) => void) {
  let list: ServiceList | null = null
  const known = new Map<string, Known>()
  const gathered = new Map<Alert['kind'], Map<string, Service>>()
  let gathering: NodeJS.Timeout | null = null

  function gather(kind: Alert['kind'], service: Service): void {
    // It failed right after it became unhealthy: one word about it is enough, and it is the worse one.
    if (kind === 'failed') gathered.get('unhealthy')?.delete(service.id)
    gathered.set(kind, (gathered.get(kind) ?? new Map<string, Service>()).set(service.id, service))
    gathering ??= setTimeout(() => {
      gathering = null
      const news = [...gathered].map(([of, services]) => ({ kind: of, services: [...services.values()] }))
      gathered.clear()
      for (const alert of news) if (alert.services.length > 0) tell(alert)
    }, GATHER)
  }

  function follow(service: Service, before: Service | undefined): void {
    const mine = known.get(service.id) ?? { told: null, settling: null }
    known.set(service.id, mine)
    const now = troubleOf(service)
    if (now === 'busy') return
    if (now !== 'none') {
      unsettle(mine)
      const worse = mine.told === null || (mine.told === 'unhealthy' && now === 'failed')
      if (worse && !stoppedByHand(before)) gather(now, service)
      if (worse) mine.told = now
    } else if (service.state.kind !== 'running') {
      unsettle(mine)
      mine.told = null
    } else if (mine.told !== null && mine.settling === null) {
      mine.settling = setTimeout(() => {
        unsettle(mine)
        mine.told = null
        gather('recovered', list?.get(service.id) ?? service)
      }, SETTLED)
    }
  }

  return {
    update(update: ServicesUpdate): void {
      const before = list
      list = applyToList(before ?? new Map(), update)
      for (const [id, mine] of known) {
        if (list.has(id)) continue
        unsettle(mine)
        known.delete(id)
      }
      const touched = update.kind === 'snapshot' ? update.services : update.upserted
      for (const service of touched) {
        if (before) follow(service, before.get(service.id))
        else known.set(service.id, { told: asTold(troubleOf(service)), settling: null })
      }
    },
    stop(): void {
      for (const mine of known.values()) unsettle(mine)
      if (gathering) clearTimeout(gathering)
    },
  }
}

function troubleOf(service: Service): Trouble | 'none' | 'busy' {
  const condition = conditionOf(service)
  if (condition === 'fail') return 'failed'
  if (condition === 'warn') return 'unhealthy'
  return condition === 'busy' ? 'busy' : 'none'
}

const asTold = (trouble: ReturnType<typeof troubleOf>): Trouble | null =>
  trouble === 'failed' || trouble === 'unhealthy' ? trouble : null

/** It ended because somebody here asked for it, whatever its exit code says. */
const stoppedByHand = (before: Service | undefined): boolean =>
  before?.requested === 'stop' || before?.requested === 'kill' || before?.requested === 'remove'

function unsettle(mine: Known): void {
  if (mine.settling) clearTimeout(mine.settling)
  mine.settling = null
}
