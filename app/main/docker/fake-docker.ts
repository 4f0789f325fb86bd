import type { DockerNetwork, DockerState } from '../../shared/contracts/docker.ts'
import type { ServiceState } from '../../shared/contracts/services.ts'
import { AppError } from '../../shared/errors.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { DockerConnection, DockerEngine, DockerEvent, EngineImage } from './engine.ts'
import {
  type FakeContainer,
  type FakeSpec,
  fakeContainer,
  fakeId,
  fakeInspected,
  fakeState,
} from './fake-containers.ts'
import {
  createFakeExec,
  createFakeLog,
  createFakeStats,
  type FakeExec,
  type FakeLog,
  type FakeStats,
} from './fake-streams.ts'

/**
 * An engine in memory that behaves like the real one, events included, and does what a test says:
 * `createFakeDocker({ db: 'running', web: { state: …, project: 'shop' } })`. It is ready at once.
 * Methods take a container's name or id, as Docker does; `calls` has every request that changes something.
 */
export function createFakeDocker(specs: Readonly<Record<string, FakeSpec>> = {}, options: { local?: boolean } = {}) {
  const endpoint = 'unix:///fake.sock'
  const containers = new Map<string, FakeContainer>()
  const logs = new Map<string, FakeLog>()
  const stats = new Map<string, FakeStats>()
  const execs: FakeExec[] = []
  const images: EngineImage[] = []
  const networks: DockerNetwork[] = [{ id: fakeId(-1), name: 'bridge', driver: 'bridge', scope: 'local' }]
  const calls: string[] = []
  const states = createEmitter<DockerState>()
  const events = createEmitter<DockerEvent>()
  const failures: { error: Error; method: string | null }[] = []
  const holds: { until: Promise<void>; method: string | null }[] = []
  let made = 0
  let clock = 1_767_225_600_000_000_000
  const ready: DockerState = {
    kind: 'ready',
    endpoint,
    chosenBy: 'default socket',
    version: '27.0.0',
    apiVersion: '1.46',
    operatingSystem: 'Scripted Linux',
    rootless: false,
  }
  let state: DockerState = ready
  const setState = (next: DockerState) => {
    state = next
    states.emit(next)
  }

  function add(name: string, spec: FakeSpec): string {
    const id = (typeof spec === 'object' && spec.id) || fakeId(++made)
    containers.set(id, fakeContainer(id, name, spec))
    return id
  }
  for (const [name, spec] of Object.entries(specs)) add(name, spec)

  function lookUp(nameOrId: string): FakeContainer | null {
    const byId = containers.get(nameOrId)
    if (byId) return byId
    for (const one of containers.values()) if (one.container.name === nameOrId) return one
    return null
  }
  function find(nameOrId: string): FakeContainer {
    const found = lookUp(nameOrId)
    if (!found) throw new AppError('SERVICE_NOT_FOUND', { name: nameOrId })
    return found
  }
  /** Changes a container without an event; its logs and readings end when it stops. */
  function change(nameOrId: string, spec: FakeSpec): string {
    const old = find(nameOrId)
    const { id, name } = old.container
    const { details, ...given } = typeof spec === 'string' ? { state: fakeState(spec) } : spec
    const container = { ...old.container, ...given, id }
    containers.set(id, { container, details: { ...old.details, ...details } })
    if (container.state.kind === 'stopped') {
      logs.get(id)?.end()
      stats.get(id)?.end()
    }
    return given.name ?? name
  }
  function emit(action: string, nameOrId: string, more: Partial<DockerEvent> = {}): void {
    const id = lookUp(nameOrId)?.container.id ?? nameOrId
    clock += 1_000_000
    if (state.kind === 'ready') {
      events.emit({ type: 'container', action, id, containerId: null, timeNano: clock, ...more })
    }
  }
  const refused = (status: number, reason: string) => new AppError('DOCKER_REFUSED', { status, reason })

  /** Every request passes here: it is written down, may be held, may fail. */
  async function request<T>(method: keyof DockerEngine, target: string | null, work: () => T): Promise<T> {
    if (target !== null) calls.push(target === '' ? method : `${method} ${target}`)
    const matches = (waiting: { method: string | null }) => waiting.method === null || waiting.method === method
    const held = holds.findIndex(matches)
    if (held >= 0) await holds.splice(held, 1)[0]!.until
    const failing = failures.findIndex(matches)
    if (failing >= 0) throw failures.splice(failing, 1)[0]!.error
    if (state.kind === 'failed') throw new AppError(state.code, state.details)
    return work()
  }
  const nameOf = (id: string) => lookUp(id)?.container.name ?? id
  const act = (method: keyof DockerEngine, id: string, work: (id: string, kind: ServiceState['kind']) => void) =>
    request(method, nameOf(id), () => {
      const { container } = find(id)
      work(container.id, container.state.kind)
    })
  const tell = (id: string, spec: FakeSpec, action: string) => emit(action, change(id, spec))
  const end = (id: string, exitCode: number) => tell(id, { state: fakeState('stopped', exitCode) }, 'die')
  const begin = (id: string) => tell(id, 'running', 'start')

  const engine: DockerEngine = {
    local: options.local ?? false,
    list: () => request('list', null, () => [...containers.values()].map(({ container }) => container)),
    inspect: (id) => request('inspect', null, () => (lookUp(id) ? fakeInspected(find(id)) : null)),
    writableBytes: (id) => request('writableBytes', null, () => (find(id) ? 4096 : null)),
    start: (id) => act('start', id, (own, kind) => kind !== 'running' && begin(own)),
    stop: (id) =>
      act('stop', id, (own, kind) => {
        if (kind === 'stopped' || kind === 'created') return
        emit('kill', own)
        end(own, 143)
        emit('stop', own)
      }),
    restart: (id) =>
      act('restart', id, (own, kind) => {
        if (kind === 'running') end(own, 143)
        begin(own)
        emit('restart', own)
      }),
    pause: (id) => act('pause', id, (own) => tell(own, 'paused', 'pause')),
    unpause: (id) => act('unpause', id, (own) => tell(own, 'running', 'unpause')),
    kill: (id) =>
      act('kill', id, (own, kind) => {
        if (kind !== 'running' && kind !== 'paused') throw refused(409, `Container ${own} is not running`)
        emit('kill', own)
        end(own, 137)
      }),
    remove: (id, { force }) =>
      act('remove', id, (own, kind) => {
        if (kind === 'running' && !force) throw refused(409, 'You cannot remove a running container')
        if (kind === 'running') end(own, 137)
        containers.delete(own)
        emit('destroy', own)
      }),
    rename: (id, name) =>
      act('rename', id, (own) => {
        if (lookUp(name)) throw refused(409, `The name "/${name}" is already in use`)
        tell(own, { name }, 'rename')
      }),
    setRestartPolicy: (id, restartPolicy) =>
      act('setRestartPolicy', id, (own) => tell(own, { details: { restartPolicy } }, 'update')),
    createLike: ({ container, details }, name) =>
      request('createLike', name, () => {
        if (lookUp(name)) throw refused(409, `The name "/${name}" is already in use`)
        // What only a life gives, a new one does not have.
        const id = fakeId(++made)
        add(name, { ...container, id, state: { kind: 'created' } })
        const { startedAt, finishedAt, pid, exitCode, outOfMemory, restartCount, ...kept } = details
        change(id, { name, restartCount: 0, details: { ...kept, id, name } })
        emit('create', id)
        return id
      }),
    connectNetwork: (network, id) =>
      act('connectNetwork', id, (own) => {
        change(own, { networks: [...find(own).container.networks, network] })
        emit('connect', networkId(network), { type: 'network', containerId: own })
      }),
    disconnectNetwork: (network, id) =>
      act('disconnectNetwork', id, (own) => {
        change(own, { networks: find(own).container.networks.filter((name) => name !== network) })
        emit('disconnect', networkId(network), { type: 'network', containerId: own })
      }),
    networks: () => request('networks', null, () => [...networks]),
    images: () => request('images', null, () => [...images]),
    removeImage: (id, force) =>
      request('removeImage', id, () => {
        const index = images.findIndex((image) => image.id === id || image.tags.includes(id))
        const image = images[index]
        if (!image) throw new AppError('IMAGE_NOT_FOUND', { name: id })
        if (image.id !== id && image.tags.length > 1) {
          images[index] = { ...image, tags: image.tags.filter((tag) => tag !== id) }
          return emit('untag', image.id, { type: 'image' })
        }
        if (image.tags.length > 1 && !force) throw refused(409, 'image is referenced in multiple repositories')
        for (const { container } of containers.values()) {
          const using = container.image === image.id || image.tags.includes(container.image)
          if (using && !force) throw refused(409, `image is being used by container ${container.name}`)
        }
        images.splice(index, 1)
        emit('delete', image.id, { type: 'image' })
      }),
    logs: (id, how) => request('logs', null, () => logOf(id).open(how)),
    stats: (id, signal) => statsOf(id).read(signal),
    exec: (id, { command }) =>
      request('exec', nameOf(id), () => {
        const { container } = find(id)
        if (container.state.kind !== 'running') throw refused(409, `Container ${id} is not running`)
        const exec = createFakeExec(`exec-${execs.length + 1}`, container.id, command)
        execs.push(exec)
        return exec.session
      }),
  }
  const networkId = (name: string) => networks.find((network) => network.name === name)?.id ?? name
  function logOf(nameOrId: string): FakeLog {
    const { container, details } = find(nameOrId)
    const log = logs.get(container.id) ?? createFakeLog(details.tty ?? false)
    logs.set(container.id, log)
    return log
  }
  function statsOf(nameOrId: string): FakeStats {
    const { id } = find(nameOrId).container
    const own = stats.get(id) ?? createFakeStats()
    stats.set(id, own)
    return own
  }

  const connection: DockerConnection = {
    engine() {
      if (state.kind === 'failed') throw new AppError(state.code, state.details)
      if (state.kind === 'connecting') throw new AppError('DOCKER_UNREACHABLE', { endpoint, reason: 'connecting' })
      return engine
    },
    follow(listener) {
      listener(state)
      return states.listen(listener)
    },
    onEvent: events.listen,
    reconnect: () => void calls.push('reconnect'),
    setEndpoint: (chosen) => void calls.push(`setEndpoint ${JSON.stringify(chosen)}`),
    contexts: async () => [{ name: 'default', address: endpoint, current: true }],
    stop: () => {},
  }

  return {
    ...connection,
    calls,
    execs,
    images,
    networks,
    /** The id of a container by its name. */
    id: (name: string): string => find(name).container.id,
    /** Adds a container as if somebody had created it elsewhere: with its event. */
    add(name: string, spec: FakeSpec): string {
      const id = add(name, spec)
      emit('create', id)
      return id
    },
    /** Changes a container and tells the event that the engine would; without an action it stays untold. */
    set(name: string, spec: FakeSpec, action: string | null = null): void {
      const now = change(name, spec)
      if (action !== null) emit(action, now)
    },
    /** Takes a container away without an event, as while the connection was down. */
    drop: (name: string) => void containers.delete(find(name).container.id),
    emit,
    /** The next request (of that method) fails with the error. */
    failNext: (error: Error, method: keyof DockerEngine | null = null) => void failures.push({ error, method }),
    /** The next request (of that method) waits until the returned function is called. */
    holdNext(method: keyof DockerEngine | null = null): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      holds.push({ until: promise, method })
      return resolve
    },
    goUnreachable(reason = 'connection refused'): void {
      const since = Date.now()
      const details = { endpoint, reason }
      setState({ kind: 'failed', endpoint, code: 'DOCKER_UNREACHABLE', details, since, retryAt: since + 250 })
    },
    connecting: () => setState({ kind: 'connecting', endpoint }),
    comeBack: () => setState(ready),
    setState,
    log: logOf,
    stats: statsOf,
  }
}
export type FakeDocker = ReturnType<typeof createFakeDocker>
