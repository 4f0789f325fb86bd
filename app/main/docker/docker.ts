import { createInterface } from 'node:readline'
import Dockerode from 'dockerode'
import type { DockerState } from '../../shared/contracts/docker.ts'
import { AppError } from '../../shared/errors.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Log } from '../lib/log.ts'
import type { Container, DockerConnection, DockerEngine, DockerEvent } from './engine.ts'

/** Connects to the engine and stays connected. First landing: the default socket, list, inspect and restart. */
export function connectDocker(log: Log): DockerConnection {
  const endpoint = 'unix:///var/run/docker.sock'
  const docker = new Dockerode({ socketPath: '/var/run/docker.sock' })
  const states = createEmitter<DockerState>()
  const events = createEmitter<DockerEvent>()
  const abort = new AbortController()
  let state: DockerState = { kind: 'connecting', endpoint }
  const set = (next: DockerState) => {
    state = next
    states.emit(next)
  }

  async function follow(): Promise<void> {
    const version = await docker.version()
    const stream = await docker.getEvents({ filters: { type: ['container'] }, abortSignal: abort.signal })
    set({
      kind: 'ready',
      endpoint,
      chosenBy: 'default socket',
      version: version.Version,
      apiVersion: version.ApiVersion,
      operatingSystem: version.Os,
      rootless: false,
    })
    for await (const line of createInterface({ input: stream as NodeJS.ReadableStream, signal: abort.signal })) {
      const event = JSON.parse(line)
      const [action = ''] = String(event.Action).split(':')
      events.emit({ type: 'container', action, id: event.Actor.ID, containerId: null, timeNano: event.timeNano })
    }
    throw new Error('the event stream ended')
  }
  async function keepFollowing(): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (abort.signal.aborted) return
        log.warn('docker', 'lost', { error })
        const details = { endpoint, reason: error instanceof Error ? error.message : String(error) }
        set({
          kind: 'failed',
          endpoint,
          code: 'DOCKER_UNREACHABLE',
          details,
          since: Date.now(),
          retryAt: Date.now() + 1000,
        })
        await new Promise((resolve) => setTimeout(resolve, 1000))
      }
    }
  }
  const done = keepFollowing()

  const engine = {
    local: true,
    async list(): Promise<Container[]> {
      return (await docker.listContainers({ all: true })).map((row) => ({
        id: row.Id,
        name: (row.Names[0] ?? row.Id).replace(/^\//, ''),
        image: row.Image,
        project: row.Labels['com.docker.compose.project'] ?? null,
        projectService: row.Labels['com.docker.compose.service'] ?? null,
        state:
          row.State === 'running'
            ? { kind: 'running', startedAt: null }
            : { kind: 'stopped', exitCode: null, outOfMemory: false, finishedAt: null },
        health: 'none',
        failingStreak: 0,
        restartCount: null,
        ports: [],
        networks: Object.keys(row.NetworkSettings.Networks),
        createdAt: row.Created * 1000,
      }))
    },
    async restart(id: string, graceSeconds: number): Promise<void> {
      await docker.getContainer(id).restart({ t: graceSeconds })
    },
  } as unknown as DockerEngine

  return {
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
    reconnect: () => {},
    setEndpoint: () => {},
    contexts: async () => [],
    stop: async () => {
      abort.abort()
      await done
    },
  }
}
