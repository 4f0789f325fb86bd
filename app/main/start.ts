import type { Contracts } from '../shared/contracts/index.ts'
import { contracts } from '../shared/contracts/index.ts'
import { AppError } from '../shared/errors.ts'
import { type Contract, onName } from '../shared/rpc/contract.ts'
import { connectDocker } from './docker/docker.ts'
import type { DockerConnection } from './docker/engine.ts'
import { createEngineLogs } from './features/services/logs.ts'
import { createServiceRegistry, type ServiceRegistry } from './features/services/registry.ts'
import type { Host } from './lib/host.ts'
import type { Log } from './lib/log.ts'
import type { AfterRestart, Restart } from './lib/restart.ts'
import { createScope, type Stop } from './lib/scope.ts'
import { type AllHandlers, createRouter, type Router } from './rpc/router.ts'

export interface Config {
  /** Where everything the console keeps is: database, backups, log. */
  readonly dataFolder: string
  readonly log: Log
  /** In place of the real connection, for a scripted engine. */
  readonly docker?: DockerConnection
}

/** What a host may use besides the router: for a tray, a menu, a command line. */
export interface Parts {
  readonly docker: DockerConnection
  readonly services: ServiceRegistry
}
export interface Running {
  readonly router: Router
  /** Null while the database is damaged: then only what repairs it works. */
  readonly parts: Parts | null
  readonly stop: Stop
}

/** Builds the console in the order it depends on itself. The returned stop undoes it in reverse. Hosts use `runConsole`. */
export async function start(
  config: Config,
  _host: Host,
  _restart: Restart,
  _after: AfterRestart | null,
): Promise<Running> {
  const scope = createScope()
  const { log } = config
  const docker = config.docker ?? connectDocker(log)
  scope.add(docker.stop)
  const services = createServiceRegistry(docker, log)
  scope.add(services.stop)
  const logs = createEngineLogs(docker, log)

  const handlers: AllHandlers = {
    ...notBuilt(),
    docker: { ...notBuilt().docker, onState: (emit) => docker.follow(emit) },
    services: {
      ...notBuilt().services,
      act: async ({ ids, action }) => {
        for (const id of ids) if (action.kind === 'restart') await services.restart(id, action.graceSeconds)
        return { taskId: '', undo: [] }
      },
      onUpdates: (emit) => services.follow(emit),
      onLogs: (emit, { id, tail }) => logs.follow(id, tail, emit),
    },
  }
  return { router: createRouter(handlers, log), parts: { docker, services }, stop: scope.close }
}

/** Answers for what later commits bring. */
function notBuilt(): AllHandlers {
  const refuse = (path: string) => () => {
    throw new AppError('NOT_SUPPORTED', { reason: path })
  }
  const domain = (name: string, contract: Contract) =>
    Object.fromEntries(
      [...Object.keys(contract.calls), ...Object.keys(contract.events).map(onName)].map((key) => [
        key,
        refuse(`${name}.${key}`),
      ]),
    )
  const all = Object.entries(contracts as Contracts).map(([name, contract]) => [name, domain(name, contract)])
  return Object.fromEntries(all) as AllHandlers
}
