import { join } from 'node:path'
import type { DockerState } from '../shared/contracts/docker.ts'
import { defaultSettings } from '../shared/contracts/settings.ts'
import { AppError } from '../shared/errors.ts'
import type { Db } from './db/db.ts'
import { openStore } from './db/store-file.ts'
import { createCgroupReader } from './docker/cgroup.ts'
import { connectDocker } from './docker/connection.ts'
import type { DockerConnection } from './docker/engine.ts'
import { dockerHandlers } from './docker/handlers.ts'
import { createAgents } from './features/agents/agents.ts'
import { appLogHandlers } from './features/app-log/handlers.ts'
import { auditHandlers, createAudit } from './features/audit/audit.ts'
import { createGatewayStore } from './features/gateway/gateway.ts'
import { useOfKeys } from './features/gateway/usage.ts'
import { hostHandlers } from './features/host/handlers.ts'
import { AUDIT_LINES } from './features/host/support-bundle.ts'
import { createImages, imageHandlers } from './features/images/images.ts'
import { createKeys } from './features/keys/keys.ts'
import { createNotices, type Notices, noticeHandlers } from './features/notices/notices.ts'
import { createPlugins } from './features/plugins/plugins.ts'
import { createRegistry } from './features/registry/registry.ts'
import { createRouting } from './features/routing/routing.ts'
import { serviceHandlers } from './features/services/handlers.ts'
import { exportLogs } from './features/services/log-export.ts'
import { createEngineLogs } from './features/services/logs.ts'
import { mendRecreates } from './features/services/mend-recreates.ts'
import { createServiceRegistry, type ServiceRegistry } from './features/services/registry.ts'
import { createStats } from './features/services/stats.ts'
import { createSettings, type SettingsStore, settingsHandlers } from './features/settings/settings.ts'
import { createRepair, createStore, damagedStoreHandlers, type Repair, storeHandlers } from './features/store/store.ts'
import { createTaskShelf } from './features/tasks/task-shelf.ts'
import { createTasks, taskHandlers } from './features/tasks/tasks.ts'
import { createTerminals } from './features/terminals/terminals.ts'
import { createVault } from './features/vault/vault.ts'
import { type DataKey, openDataKey } from './lib/data-key.ts'
import type { Host } from './lib/host.ts'
import type { AppLog } from './lib/log.ts'
import type { AfterRestart, Restart } from './lib/restart.ts'
import { createScope, type Scope, type Stop } from './lib/scope.ts'
import { journalFolder } from './platform/gateway/journal.ts'
import type { PortChoice } from './platform/port-plan.ts'
import { createPlatform, platformHandlers } from './platform/supervisor.ts'
import { refusing } from './rpc/refusing.ts'
import { type AllHandlers, createRouter, type Router } from './rpc/router.ts'

export interface Config {
  /** Where everything the console keeps is: database, backups, log. */
  readonly dataFolder: string
  readonly log: AppLog
  /** In place of the real connection, for a scripted engine. */
  readonly docker?: DockerConnection
  /** Where the local platform answers, in place of the setting. */
  readonly platformPorts?: PortChoice | null
  /** The key that seals secrets; a key file of the data folder unless a host has better. */
  readonly dataKey?: () => Promise<DataKey>
}

/** What a host may use besides the router: for a tray, a menu, a command line. */
export interface Parts {
  readonly docker: DockerConnection
  readonly services: ServiceRegistry
  readonly settings: SettingsStore
  readonly notices: Notices
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
  restart: Restart,
  after: AfterRestart | null,
): Promise<Running> {
  const repair = createRepair({ folder: config.dataFolder, restart, log: config.log })
  const opened = openStore(config.dataFolder)
  if (opened.kind === 'damaged') return startDamaged(config, host, opened.reason, repair)
  const scope = createScope()
  try {
    return build(config, host, { ...opened, restart, repair }, scope, after)
  } catch (error) {
    await scope.close()
    // Damage that the check did not see and the first reading met.
    if (!(error instanceof AppError && error.code === 'STORE_DAMAGED')) throw error
    return startDamaged(config, host, String(error.details['reason']), repair)
  }
}

interface OpenStore {
  readonly db: Db
  readonly checkedAt: number
  readonly restart: Restart
  readonly repair: Repair
}

function build(config: Config, host: Host, store: OpenStore, scope: Scope, after: AfterRestart | null): Running {
  const { log, dataFolder: folder } = config
  const { db, restart, repair } = store
  scope.add(db.close)
  const notices = createNotices({ db, log })
  const { notify } = notices
  const audit = createAudit({ db, log, notify })
  scope.add(audit.stop)
  const tasks = createTasks({ shelf: createTaskShelf({ db, log, notify }), log })
  scope.add(tasks.stop)
  const settings = createSettings({ db, audit, log })
  const files = createStore({ folder, db, checkedAt: store.checkedAt, tasks, notify, log })
  scope.add(files.stop)
  scope.add(log.onNotWritten((reason) => notify({ severity: 'warn', code: 'LOG_NOT_WRITTEN', details: { reason } })))
  if (after) {
    notify(after.notice)
    audit.note(after.subject)
  }

  const docker = config.docker ?? connectDocker({ log, endpoint: settings.current().dockerEndpoint })
  scope.add(docker.stop)
  scope.add(settings.follow(({ dockerEndpoint }) => docker.setEndpoint(dockerEndpoint)))
  const stopRootNotice = docker.follow((state) => {
    const root = state.kind === 'ready' && !state.rootless
    if (root) notify({ severity: 'info', code: 'DOCKER_IS_ROOT', details: {} })
  })
  scope.add(stopRootNotice)
  const services = createServiceRegistry(docker, log)
  scope.add(services.stop)
  scope.add(mendRecreates({ docker, registry: services, notify, log }))
  const images = createImages({ docker, users: imageUsers(services), audit, tasks, log })
  scope.add(images.stop)
  const logs = createEngineLogs(docker, log)
  const { follow: followServices, pidOf } = services
  const pinned = () => settings.current().pinnedServices
  const stats = createStats({ docker, log, followServices, pidOf, cgroups: createCgroupReader(), pinned })
  scope.add(stats.stop)
  const terminals = createTerminals({ docker, audit, log })
  scope.add(terminals.stop)

  const dataKey = config.dataKey?.() ?? openDataKey(folder, null)
  // Whoever needs it is told; the rest works without.
  dataKey.catch((error) => log.error('console', 'data key not opened', { error }))
  const probeStore = () => void db.get('SELECT 1')
  const ports = config.platformPorts ?? null
  const platform = createPlatform({ dataFolder: folder, settings, ports, probeStore, log })
  const plugins = createPlugins({
    db,
    folder: join(folder, 'plugins'),
    dataKey,
    worker: platform,
    audit,
    tasks,
    notify,
    host,
    log,
  })
  scope.add(plugins.stop)
  // Before keys tell a new worker what was spent: the one before may have written more.
  scope.add(platform.onStarted(() => gateway.catchUp()))
  const keys = createKeys({
    db,
    dataKey,
    worker: platform,
    audit,
    notify,
    host,
    plugins: plugins.models,
    log,
    loadUse: (since) => useOfKeys(db, since),
    testHours: (listener) => settings.follow(({ keyTestHours }) => listener(keyTestHours)),
  })
  scope.add(keys.stop)
  const vault = createVault({ db, dataKey, sealed: [plugins.reseal, keys.reseal], audit, settings, log })
  scope.add(vault.stop)
  const routing = createRouting({ db, worker: platform, audit, log, keys: keys.list })
  scope.add(routing.stop)
  const gateway = createGatewayStore({
    ...{ db, worker: platform, audit, host, log, keyName: keys.nameOf, keepDecisions: routing.keepDecisions },
    journalFolder: journalFolder(config.dataFolder),
    ...{ applyHealth: keys.applyHealth, applyFailures: keys.applyFailures, applyUses: keys.applyUses },
  })
  scope.add(gateway.stop)
  const registry = createRegistry({ db, worker: platform, audit, log })
  scope.add(registry.stop)
  const agents = createAgents({ db, worker: platform, audit, log })
  scope.add(agents.stop)
  // Before whatever it reports to stops: calls under way may still finish.
  scope.add(platform.stop)
  platform.start({ ...plugins.asks, ...keys.asks, ...routing.asks, ...gateway.asks, ...registry.asks, ...agents.asks })

  const support = {
    docker: () => presentState(docker),
    database: () => db.get('SELECT sqlite_version() AS sqlite'),
    auditCounts: audit.counts,
    auditNewest: () => audit.list({ before: null, targetId: null, limit: AUDIT_LINES }),
  }
  const handlers: AllHandlers = {
    ...{ agents: agents.handlers, gateway: gateway.handlers, keys: keys.handlers },
    ...{ registry: registry.handlers, routing: routing.handlers },
    ...always(config, host, {
      tasks,
      sources: { ...support, services: services.services, settings: settings.current },
    }),
    audit: auditHandlers(audit),
    docker: dockerHandlers(docker),
    images: imageHandlers(images),
    notices: noticeHandlers(notices),
    platform: platformHandlers(platform),
    plugins: plugins.handlers,
    services: {
      ...serviceHandlers({ docker, registry: services, audit, tasks, log }),
      exportLogs: (input) => exportLogs({ docker, host, tasks }, input),
      onStats: (emit, { ids }) => stats.follow(ids, emit),
      onStatsHistory: (emit, { id }) => stats.followHistory(id, emit),
      onLogs: (emit, { id, tail }) => logs.follow(id, tail, emit),
    },
    terminals: terminals.handlers,
    settings: settingsHandlers(settings, host.setStartAtLogin),
    store: storeHandlers(files, repair),
    tasks: taskHandlers(tasks),
    vault: vault.handlers,
  }
  // Only now: damage met while building is answered by `start`.
  db.onDamage((reason) => {
    log.error('store', 'damage met', { reason })
    void restart(() => {}, null).catch((error) => log.error('store', 'restart failed', { error }))
  })
  return {
    router: createRouter(handlers, log, vault.used),
    parts: { docker, services, settings, notices },
    stop: scope.close,
  }
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

/** With a damaged database only its repair works, and what the page needs to show it. */
function startDamaged(config: Config, host: Host, reason: string, repair: Repair): Running {
  const { log, dataFolder } = config
  log.error('store', 'damaged', { reason })
  const refused = refusing(() => new AppError('STORE_DAMAGED', { reason }))
  const handlers: AllHandlers = {
    ...refused,
    ...always(config, host, null),
    settings: {
      ...refused.settings,
      onUpdates: (emit) => {
        emit(defaultSettings)
        return () => {}
      },
    },
    store: damagedStoreHandlers(dataFolder, reason, repair),
  }
  return { router: createRouter(handlers, log), parts: null, stop: () => {} }
}

/** What needs no database. */
const always = ({ log, dataFolder }: Config, host: Host, whole: Parameters<typeof hostHandlers>[0]['whole']) => ({
  appLog: appLogHandlers(log),
  host: hostHandlers({ host, dataFolder, log, whole }),
})

function presentState(docker: DockerConnection): DockerState {
  const states: DockerState[] = []
  docker.follow((state) => states.push(state))()
  return states[0]!
}
