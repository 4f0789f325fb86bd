import {
  conditionOf,
  type Service,
  type ServiceActionKind,
  type ServicesUpdate,
} from '../../../shared/contracts/services.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Container, DockerConnection } from '../../docker/engine.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'

/** The live list of services. First landing: whole refreshes on every event. */
export function createServiceRegistry(docker: DockerConnection, log: Log) {
  const observed = new Map<string, Container>()
  const requested = new Map<string, ServiceActionKind>()
  const updates = createEmitter<ServicesUpdate>()
  const view = (container: Container): Service => ({ ...container, requested: requested.get(container.id) ?? null })
  const snapshot = (): ServicesUpdate => ({ kind: 'snapshot', services: [...observed.values()].map(view) })

  async function refreshAll(): Promise<void> {
    try {
      const containers = await docker.engine().list()
      observed.clear()
      for (const container of containers) observed.set(container.id, container)
      updates.emit(snapshot())
    } catch (error) {
      log.warn('services', 'list failed', { error })
    }
  }
  const stopStates = docker.follow((state) => state.kind === 'ready' && void refreshAll())
  const stopEvents = docker.onEvent(() => void refreshAll())

  return {
    follow(listener: Emit<ServicesUpdate>): Unsubscribe {
      listener(snapshot())
      return updates.listen(listener)
    },
    async restart(id: string, graceSeconds: number): Promise<void> {
      requested.set(id, 'restart')
      updates.emit(snapshot())
      try {
        await docker.engine().restart(id, graceSeconds)
      } finally {
        requested.delete(id)
        await refreshAll()
      }
    },
    conditions: () => [...observed.values()].map((container) => conditionOf(view(container))),
    stop: () => {
      stopStates()
      stopEvents()
    },
  }
}
export type ServiceRegistry = ReturnType<typeof createServiceRegistry>
