import type { Contracts } from '../shared/contracts/index.ts'
import { contracts } from '../shared/contracts/index.ts'
import { AppError } from '../shared/errors.ts'
import { type Contract, onName } from '../shared/rpc/contract.ts'
import { createCgroupReader } from './docker/cgroup.ts'
import { connectDocker } from './docker/docker.ts'
import type { DockerConnection } from './docker/engine.ts'
import { appLogHandlers } from './features/app-log/handlers.ts'
import { hostHandlers } from './features/host/handlers.ts'
import { createImages, imageHandlers } from './features/images/images.ts'
import { serviceHandlers } from './features/services/handlers.ts'
import { exportLogs } from './features/services/log-export.ts'
import { createEngineLogs } from './features/services/logs.ts'
import { mendRecreates } from './features/services/mend-recreates.ts'
import { createServiceRegistry, type ServiceRegistry } from './features/services/registry.ts'
import { createStats } from './features/services/stats.ts'
import { createTerminals } from './features/terminals/terminals.ts'
import type { Audit } from './lib/audit.ts'
import type { Host, Notify } from './lib/host.ts'
import type { AppLog, Log } from './lib/log.ts'
import type { AfterRestart, Restart } from './lib/restart.ts'
import { createScope, type Stop } from './lib/scope.ts'
import type { TaskHandle, TaskRunner } from './lib/tasks.ts'
import { type AllHandlers, createRouter, type Router } from './rpc/router.ts'

export interface Config {
  /** Where everything the console keeps is: database, backups, log. */
  readonly dataFolder: string
  readonly log: AppLog
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
  host: Host,
  _restart: Restart,
  _after: AfterRestart | null,
): Promise<Running> {
  const scope = createScope()
  const { log } = config
  const { audit, tasks, notify } = passThrough(log)
  const docker = config.docker ?? connectDocker(log)
  scope.add(docker.stop)
  const services = createServiceRegistry(docker, log)
  scope.add(services.stop)
  scope.add(mendRecreates({ docker, registry: services, notify, log }))
  const images = createImages({ docker, users: imageUsers(services), audit, tasks, log })
  scope.add(images.stop)
  const logs = createEngineLogs(docker, log)
  const { follow: followServices, pidOf } = services
  const stats = createStats({ docker, log, followServices, pidOf, cgroups: createCgroupReader() })
  scope.add(stats.stop)
  const terminals = createTerminals({ docker, audit, log })
  scope.add(terminals.stop)

  const handlers: AllHandlers = {
    ...notBuilt(),
    appLog: appLogHandlers(log),
    host: { ...notBuilt().host, ...hostHandlers(host, config.dataFolder) },
    docker: { ...notBuilt().docker, onState: (emit) => docker.follow(emit) },
    images: imageHandlers(images),
    services: {
      ...notBuilt().services,
      ...serviceHandlers({ docker, registry: services, audit, tasks, log }),
      exportLogs: (input) => exportLogs({ docker, host, tasks }, input),
      onStats: (emit, { ids }) => stats.follow(ids, emit),
      onStatsHistory: (emit, { id }) => stats.followHistory(id, emit),
      onLogs: (emit, { id, tail }) => logs.follow(id, tail, emit),
    },
    terminals: terminals.handlers,
  }
  return { router: createRouter(handlers, log), parts: { docker, services }, stop: scope.close }
}

/** Which service uses which image, for the images. */
const imageUsers = ({ services, details, follow }: ServiceRegistry) => ({
  list: () => services().map(({ id, name, image }) => ({ name, image, imageId: details(id)?.imageId ?? null })),
  follow: (listener: () => void) =>
    follow(() => {
      listener()
      return true
    }),
})

/** Nothing is kept yet: actions run unrecorded, notices go to the log. */
function passThrough(log: Log): { audit: Audit; tasks: TaskRunner; notify: Notify } {
  const task: TaskHandle = {
    id: '',
    signal: new AbortController().signal,
    itemStarted: () => {},
    itemDone: () => {},
    itemFailed: () => {},
    progress: () => {},
    undo: () => {},
  }
  return {
    audit: { perform: (_subject, work) => work(), note: () => {} },
    tasks: { run: (_spec, work) => work(task) },
    notify: ({ code, details }) => log.warn('notices', code, details),
  }
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
