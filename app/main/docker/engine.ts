import type { Readable } from 'node:stream'
import type { DockerContext, DockerEndpoint, DockerNetwork, DockerState } from '../../shared/contracts/docker.ts'
import type { RestartPolicy, Service, ServiceDetails } from '../../shared/contracts/services.ts'
import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import type { Stop } from '../lib/scope.ts'

/** What the engine reports of a container; `requested` is ours, so it is not in it. */
export type Container = Omit<Service, 'requested'>

/** One inspected container. Unlike what a page sees, `details.environment` has every value. */
export interface Inspected {
  readonly container: Container
  readonly details: ServiceDetails
  /** The engine's own JSON, for `recreate` only. */
  readonly raw: unknown
}

/** Something happened, as the engine's event stream tells it. */
export interface DockerEvent {
  readonly type: 'container' | 'image' | 'network' | 'volume'
  /** The engine's word without its argument: "die", "health_status", "exec_die". */
  readonly action: string
  /** Id of the container, image, network or volume. */
  readonly id: string
  /** For network events the container that joined or left, else null. */
  readonly containerId: string | null
  readonly timeNano: number
}

export interface EngineImage {
  readonly id: string
  readonly tags: readonly string[]
  readonly sizeBytes: number
  readonly createdAt: number
}

/** One reading of the engine's stats stream. */
export interface EngineStats {
  readonly time: number
  /** Nanoseconds of CPU used since the container started. */
  readonly cpuNanoseconds: number
  /** Bytes, page cache that can be dropped left out, as `docker stats` counts. */
  readonly memoryBytes: number
}

export interface ExecSession {
  readonly execId: string
  readonly stream: NodeJS.ReadWriteStream & { destroy(): void }
  resize(columns: number, rows: number): Promise<void>
  /** Whether it still runs, its exit code and the pid on the engine's host. */
  inspect(): Promise<{ running: boolean; exitCode: number | null; pid: number | null }>
}

/**
 * The Docker engine, one method a request. Every method throws AppError: DOCKER_UNREACHABLE when it does not answer,
 * DOCKER_FORBIDDEN, DOCKER_REFUSED with the engine's own words, SERVICE_NOT_FOUND or IMAGE_NOT_FOUND where it says 404.
 */
export interface DockerEngine {
  /** True when the containers run on this machine, so that their cgroup files and pids are ours to read. */
  readonly local: boolean
  list(): Promise<Container[]>
  /** Null when there is no such container. */
  inspect(id: string): Promise<Inspected | null>
  /** Bytes written in the container's own layer; slow on big containers, so only for a preview. */
  writableBytes(id: string): Promise<number | null>
  start(id: string, signal?: AbortSignal): Promise<void>
  stop(id: string, graceSeconds: number, signal?: AbortSignal): Promise<void>
  restart(id: string, graceSeconds: number, signal?: AbortSignal): Promise<void>
  pause(id: string): Promise<void>
  unpause(id: string): Promise<void>
  kill(id: string, signal: string): Promise<void>
  remove(id: string, options: { force: boolean; volumes: boolean }): Promise<void>
  rename(id: string, name: string): Promise<void>
  setRestartPolicy(id: string, policy: RestartPolicy): Promise<void>
  /** Creates a container with the configuration of an inspected one; answers the new id. */
  createLike(inspected: Inspected, name: string): Promise<string>
  connectNetwork(network: string, id: string, aliases: readonly string[]): Promise<void>
  disconnectNetwork(network: string, id: string): Promise<void>
  networks(): Promise<DockerNetwork[]>
  images(): Promise<EngineImage[]>
  removeImage(id: string, force: boolean): Promise<void>
  /** The log as the engine sends it: framed (8-byte headers) unless the container has a TTY. Ends by itself unless `follow`. */
  logs(
    id: string,
    options: { tail: number | 'all'; follow: boolean; timestamps: boolean; signal: AbortSignal },
  ): Promise<Readable>
  stats(id: string, signal: AbortSignal): AsyncIterable<EngineStats>
  /** A process with a TTY in a running container; `environment` has `NAME=value` beside the container's own. */
  exec(
    id: string,
    options: {
      readonly command: readonly string[]
      readonly columns: number
      readonly rows: number
      readonly environment?: readonly string[]
    },
  ): Promise<ExecSession>
}

/** The connection to one engine: a state that is always there, an engine when it is ready, events while it lasts. */
export interface DockerConnection {
  /** The engine, or throws the failure of the present state. */
  engine(): DockerEngine
  /** First the present state, then each change. `ready` is told only once events flow, so nothing is missed after it. */
  follow(listener: (state: DockerState) => void): Unsubscribe
  onEvent(listener: (event: DockerEvent) => void): Unsubscribe
  reconnect(): void
  setEndpoint(endpoint: DockerEndpoint): void
  contexts(): Promise<DockerContext[]>
  readonly stop: Stop
}
