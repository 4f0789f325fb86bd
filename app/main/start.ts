import type { Contracts } from '../shared/contracts/index.ts'
import { contracts } from '../shared/contracts/index.ts'
import { AppError } from '../shared/errors.ts'
import { type Contract, onName } from '../shared/rpc/contract.ts'
import { connectDocker } from './docker/docker.ts'
import type { DockerConnection } from './docker/engine.ts'
import { createServiceRegistry } from './features/services/registry.ts'
import type { Log } from './lib/log.ts'
import { createScope } from './lib/scope.ts'
import { type AllHandlers, createRouter } from './rpc/router.ts'

export interface Config {
  /** Where everything the console keeps is: database, backups, log. */
  readonly dataFolder: string
  readonly log: Log
  /** In place of the real connection, for a scripted engine. */
  readonly docker?: DockerConnection
}

/** Builds the console in the order it depends on itself. The returned stop undoes it in reverse. */
export async function start(config: Config) {
  const scope = createScope()
  const { log } = config
  const docker = config.docker ?? connectDocker(log)
  scope.add(docker.stop)
  const services = createServiceRegistry(docker, log)
  scope.add(services.stop)

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
    },
  }
  return { router: createRouter(handlers, log), docker, services, stop: scope.close }
}
export type Running = Awaited<ReturnType<typeof start>>

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
