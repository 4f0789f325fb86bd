import type { Service, ServiceAction } from '../../../shared/contracts/services.ts'
import { AppError, assertNever } from '../../../shared/errors.ts'
import type { Actor } from '../../../shared/rpc/contract.ts'
import type { DockerConnection, DockerEngine } from '../../docker/engine.ts'
import type { Audit } from '../../lib/audit.ts'
import { runBulk } from '../../lib/bulk-task.ts'
import type { Log } from '../../lib/log.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import { recreate } from './recreate.ts'
import type { ServiceRegistry } from './registry.ts'

type Undo = { readonly id: string; readonly action: ServiceAction }
export interface ActionParts {
  readonly docker: DockerConnection
  readonly registry: ServiceRegistry
  readonly audit: Audit
  readonly tasks: TaskRunner
  readonly log: Log
}

/** Does what operators ask of services: one task for all, one audit entry for each. */
export function createServiceActions(parts: ActionParts) {
  const { docker, registry, audit, tasks, log } = parts

  return {
    async act(ids: readonly string[], action: ServiceAction, actor: Actor): Promise<{ taskId: string; undo: Undo[] }> {
      const engine = docker.engine()
      const unique = [...new Set(ids)]
      await Promise.all(
        unique
          .filter((id) => !registry.service(id))
          .slice(0, 100)
          .map(registry.refresh),
      )
      const undo: Undo[] = []
      // All of them are marked at once: the click shows on every row, and no second click slips in between.
      const items = unique.map((id) => ({ id, label: registry.service(id)?.name ?? id, mark: mark(id, action) }))
      const waiting = new Set(items)
      try {
        const title = {
          kind: 'serviceAction',
          action: action.kind,
          count: items.length,
          first: items[0]?.label ?? '',
        } as const
        const taskId = await runBulk(
          tasks,
          title,
          items,
          async (item, task) => {
            waiting.delete(item)
            if (!item.mark.ok) throw item.mark.error
            const { service, release } = item.mark
            try {
              const reverse = await perform(engine, service, action, actor, task.signal)
              if (reverse) undo.push({ id: service.id, action: reverse })
            } finally {
              await release()
            }
          },
          (task) => task.undo(undo),
        )
        return { taskId, undo }
      } finally {
        for (const { mark } of waiting) if (mark.ok) await mark.release(false)
      }
    },
  }

  function mark(id: string, action: ServiceAction) {
    try {
      const service = registry.service(id)
      if (!service) throw new AppError('SERVICE_NOT_FOUND', { name: id.slice(0, 12) })
      return { ok: true as const, service, release: registry.request(id, action.kind) }
    } catch (error) {
      return { ok: false as const, error }
    }
  }

  async function perform(
    engine: DockerEngine,
    service: Service,
    action: ServiceAction,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<ServiceAction | null> {
    const { id, name } = service
    const { kind, ...how } = action
    const plan = await planOf(engine, service, action)
    const subject = {
      actor,
      action: `service.${kind}`,
      target: `service ${name}`,
      targetId: id,
      before: plan.before,
      after: Object.keys(how).length > 0 ? how : undefined,
    }
    await audit.perform(subject, () => plan.run(signal))
    log.info('services', kind, { id, name })
    return plan.undo
  }

  /** How one action is done, what to write down of before, and what would undo it. */
  async function planOf(engine: DockerEngine, service: Service, action: ServiceAction): Promise<Plan> {
    const { id, state } = service
    const before = { state: state.kind }
    const up = ['running', 'paused', 'restarting'].includes(state.kind)
    const plan = (run: Plan['run'], undo: ServiceAction | null = null): Plan => ({ run, undo, before })
    switch (action.kind) {
      case 'start':
        return plan((signal) => engine.start(id, signal), up ? null : { kind: 'stop', graceSeconds: 10 })
      case 'stop':
        return plan((signal) => engine.stop(id, action.graceSeconds, signal), up ? { kind: 'start' } : null)
      case 'restart':
        return plan((signal) => engine.restart(id, action.graceSeconds, signal))
      case 'pause':
        return plan(() => engine.pause(id), { kind: 'unpause' })
      case 'unpause':
        return plan(() => engine.unpause(id), { kind: 'pause' })
      case 'kill':
        return plan(() => engine.kill(id, action.signal))
      case 'remove':
        return plan(() => engine.remove(id, { force: action.force, volumes: action.volumes }))
      case 'recreate': {
        const inspected = await registry.inspect(id)
        return plan(async (signal) => void (await recreate(engine, inspected, signal)))
      }
      case 'setRestartPolicy': {
        const { restartPolicy } = (await registry.inspect(id)).details
        const undo: ServiceAction = { kind: 'setRestartPolicy', policy: restartPolicy }
        return { run: () => engine.setRestartPolicy(id, action.policy), undo, before: { policy: restartPolicy } }
      }
      case 'rename': {
        const undo: ServiceAction = { kind: 'rename', name: service.name }
        return { run: () => engine.rename(id, action.name), undo, before: { name: service.name } }
      }
      case 'connectNetwork': {
        const { network, aliases = [] } = action
        return plan(() => engine.connectNetwork(network, id, aliases), { kind: 'disconnectNetwork', network })
      }
      case 'disconnectNetwork': {
        const { network } = action
        const { networks } = (await registry.inspect(id)).details
        // The engine gives each container its own short id as an alias, again whenever it is connected.
        const aliases = networks.find(({ name }) => name === network)?.aliases.filter((alias) => !id.startsWith(alias))
        const undo: ServiceAction = { kind: 'connectNetwork', network, ...(aliases?.length ? { aliases } : {}) }
        return { run: () => engine.disconnectNetwork(network, id), undo, before: { network, aliases: aliases ?? [] } }
      }
      default:
        return assertNever(action)
    }
  }
}

interface Plan {
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly undo: ServiceAction | null
  readonly before: unknown
}
