import { z } from 'zod'
import type { DockerNetwork } from '../../shared/contracts/docker.ts'
import type { Health, Port, ServiceState } from '../../shared/contracts/services.ts'
import { AppError } from '../../shared/errors.ts'
import type { Container, EngineImage } from './engine.ts'

/** Go writes an empty list or map as null. */
const orEmpty = <T extends z.ZodType>(schema: T) => z.array(schema).nullish()
const text = z.string().max(1_000_000)

const Row = z.object({
  Id: text.min(1),
  Names: orEmpty(text),
  Image: text,
  Created: z.number(),
  State: text,
  Status: text.nullish(),
  Labels: z.record(text, text).nullish(),
  Ports: orEmpty(
    z.object({ IP: text.nullish(), PrivatePort: z.number(), PublicPort: z.number().nullish(), Type: text.nullish() }),
  ),
  NetworkSettings: z.object({ Networks: z.record(text, z.unknown()).nullish() }).nullish(),
})
const Rows = z.array(Row)
const ImageRows = z.array(z.object({ Id: text.min(1), RepoTags: orEmpty(text), Size: z.number(), Created: z.number() }))
const NetworkRows = z.array(z.object({ Id: text.min(1), Name: text, Driver: text, Scope: text }))

export const parseList = (body: Buffer): Container[] => understand(Rows, readJson(body)).map(fromRow)

export const parseImages = (body: Buffer): EngineImage[] =>
  understand(ImageRows, readJson(body)).map((row) => ({
    id: row.Id,
    tags: (row.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
    sizeBytes: row.Size,
    createdAt: row.Created * 1000,
  }))

export const parseNetworks = (body: Buffer): DockerNetwork[] =>
  understand(NetworkRows, readJson(body)).map((row) => ({
    id: row.Id,
    name: row.Name,
    driver: row.Driver,
    scope: row.Scope,
  }))

export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new AppError('DOCKER_REFUSED', { status: 200, reason: 'its answer is not JSON' })
  }
}

/** Checks an answer of the engine; one of another shape is DOCKER_REFUSED, for it is not the Docker that we know. */
export function understand<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const reason = `its answer was not understood (${issue?.path.join('.')}: ${issue?.message})`
  throw new AppError('DOCKER_REFUSED', { status: 200, reason }, { cause: parsed.error })
}

function fromRow(row: z.infer<typeof Row>): Container {
  const labels = row.Labels ?? {}
  const state = stateFromStatus(row.State, row.Status ?? '')
  return {
    id: row.Id,
    // A linked container also has names like "/web/db"; its own has one slash.
    name: (row.Names?.find((name) => name.lastIndexOf('/') <= 0) ?? row.Id.slice(0, 12)).replace(/^\//, ''),
    image: row.Image,
    ...projectOf(labels),
    state,
    health: state.kind === 'running' ? healthFromStatus(row.Status ?? '') : 'none',
    failingStreak: 0,
    restartCount: null,
    ports: tidyPorts(
      (row.Ports ?? []).map((port) => ({
        containerPort: port.PrivatePort,
        protocol: protocolOf(port.Type),
        hostPort: port.PublicPort || null,
        hostIp: port.PublicPort ? (port.IP ?? null) : null,
      })),
    ),
    networks: Object.keys(row.NetworkSettings?.Networks ?? {}).sort(),
    createdAt: row.Created * 1000,
  }
}

/** A state of the engine with what its status text adds: "Exited (137) 2 minutes ago", "Restarting (1) 5 seconds ago". */
function stateFromStatus(state: string, status: string): ServiceState {
  const code = /^\w+ \((-?\d+)\)/.exec(status)?.[1]
  const exitCode = code === undefined ? null : Number(code)
  return toState(state, { startedAt: null, finishedAt: null, exitCode, outOfMemory: false })
}

export function toState(
  word: string,
  known: { startedAt: number | null; finishedAt: number | null; exitCode: number | null; outOfMemory: boolean },
): ServiceState {
  const { startedAt, finishedAt, exitCode, outOfMemory } = known
  switch (word) {
    case 'running':
    case 'paused':
      return { kind: word, startedAt }
    case 'restarting':
      return { kind: word, exitCode }
    case 'created':
    case 'removing':
    case 'dead':
      return { kind: word }
    // "exited", and Podman's "stopped", "configured" and the like.
    default:
      return { kind: 'stopped', exitCode, outOfMemory, finishedAt }
  }
}

function healthFromStatus(status: string): Health {
  if (status.includes('(healthy)')) return 'healthy'
  if (status.includes('(unhealthy)')) return 'unhealthy'
  return status.includes('(health: starting)') ? 'starting' : 'none'
}

export const projectOf = (labels: Readonly<Record<string, string>>) => ({
  project: labels['com.docker.compose.project'] ?? null,
  projectService: labels['com.docker.compose.service'] ?? null,
})

export const protocolOf = (word: string | null | undefined): Port['protocol'] =>
  word === 'udp' || word === 'sctp' ? word : 'tcp'

/** In order, without the second entry that the engine lists for the same port on all IPv6 addresses. */
export function tidyPorts(ports: readonly Port[]): Port[] {
  const key = (port: Port) => `${port.containerPort}/${port.protocol} ${port.hostPort}`
  const everywhere = new Set(ports.filter((port) => port.hostIp === '0.0.0.0').map(key))
  return ports
    .filter((port) => port.hostIp !== '::' || !everywhere.has(key(port)))
    .sort((a, b) => a.containerPort - b.containerPort || key(a).localeCompare(key(b)))
}
