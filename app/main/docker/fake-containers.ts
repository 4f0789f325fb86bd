import { createHash } from 'node:crypto'
import type { ServiceDetails, ServiceState } from '../../shared/contracts/services.ts'
import type { Container, Inspected } from './engine.ts'

/** What a test says of a container; the rest is plausible. A bare word is its state. */
export type FakeSpec = ServiceState['kind'] | (Partial<Container> & { readonly details?: Partial<ServiceDetails> })

export interface FakeContainer {
  readonly container: Container
  readonly details: Partial<ServiceDetails>
}

/** 1 January 2026: the moment everything scripted was made. */
export const fakeEpoch = Date.UTC(2026, 0, 1)

export const fakeId = (number: number): string => createHash('sha256').update(`fake ${number}`).digest('hex')

export function fakeState(kind: ServiceState['kind'], exitCode = 0, now = fakeEpoch): ServiceState {
  switch (kind) {
    case 'running':
    case 'paused':
      return { kind, startedAt: now }
    case 'restarting':
      return { kind, exitCode }
    case 'stopped':
      return { kind, exitCode, outOfMemory: false, finishedAt: now }
    default:
      return { kind }
  }
}

export function fakeContainer(id: string, name: string, spec: FakeSpec): FakeContainer {
  const { details = {}, ...given } = typeof spec === 'string' ? { state: fakeState(spec) } : spec
  const container: Container = {
    id,
    name,
    image: 'busybox:1',
    project: null,
    projectService: null,
    state: fakeState('running'),
    health: 'none',
    failingStreak: 0,
    restartCount: 0,
    ports: [],
    networks: ['bridge'],
    createdAt: fakeEpoch,
    ...given,
  }
  return { container, details }
}

/** Specs for a crowd: mostly stopped, some running, in projects of fifty. */
export function fakeCrowd(count: number, running = Math.min(count, 300)): Record<string, FakeSpec> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i): [string, FakeSpec] => [
      `service-${String(i).padStart(5, '0')}`,
      {
        image: `registry.example/team-${i % 7}/app:${i % 20}`,
        project: `project-${Math.floor(i / 50)}`,
        projectService: `service-${i}`,
        state: i < running ? fakeState('running') : fakeState('stopped', i % 10 === 0 ? 1 : 0),
        health: i < running && i % 3 === 0 ? 'healthy' : 'none',
        ports: i < 100 ? [{ containerPort: 80, protocol: 'tcp', hostPort: 8000 + i, hostIp: '127.0.0.1' }] : [],
      },
    ]),
  )
}

export function fakeInspected({ container, details }: FakeContainer): Inspected {
  const { state } = container
  const up = state.kind === 'running' || state.kind === 'paused'
  return {
    container,
    details: {
      id: container.id,
      name: container.name,
      image: container.image,
      imageId: `sha256:${'a'.repeat(64)}`,
      command: ['sleep', '1000'],
      entrypoint: [],
      workingDirectory: '/',
      user: '',
      hostname: container.id.slice(0, 12),
      tty: false,
      privileged: false,
      autoRemove: false,
      createdAt: container.createdAt,
      startedAt: up ? state.startedAt : null,
      finishedAt: state.kind === 'stopped' ? state.finishedAt : null,
      pid: up ? 4242 : null,
      exitCode: state.kind === 'stopped' ? state.exitCode : null,
      outOfMemory: state.kind === 'stopped' && state.outOfMemory,
      error: '',
      restartCount: container.restartCount ?? 0,
      restartPolicy: { name: 'no', maximumRetryCount: 0 },
      memoryLimit: null,
      cpuLimit: null,
      logDriver: 'json-file',
      health: null,
      environment: [{ name: 'PATH', value: '/bin' }],
      labels: [],
      mounts: [],
      networks: container.networks.map((name) => ({ name, ipAddress: '172.17.0.2', aliases: [] })),
      ports: container.ports,
      ...details,
    },
    raw: {},
  }
}
