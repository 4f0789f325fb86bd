import { z } from 'zod'
import type { Health, Mount, RestartPolicy, ServiceDetails } from '../../shared/contracts/services.ts'
import type { Container, Inspected } from './engine.ts'
import { projectOf, protocolOf, readJson, tidyPorts, toState, understand } from './parse-list.ts'

const text = z.string().max(4_000_000)
const words = z.array(text).nullish()
const number = z.number().nullish()
/** Nanoseconds that Go writes as a number. */
const duration = z.number().nullish()

export const InspectMount = z.object({
  Type: text.nullish(),
  Name: text.nullish(),
  Source: text.nullish(),
  Destination: text,
  RW: z.boolean().nullish(),
})
const Inspect = z.object({
  Id: text.min(1),
  Name: text,
  Created: text,
  Image: text,
  RestartCount: number,
  State: z.object({
    Status: text,
    OOMKilled: z.boolean().nullish(),
    Pid: number,
    ExitCode: number,
    Error: text.nullish(),
    StartedAt: text.nullish(),
    FinishedAt: text.nullish(),
    Health: z
      .object({
        Status: text.nullish(),
        FailingStreak: number,
        Log: z.array(z.object({ Start: text, End: text, ExitCode: z.number(), Output: text.nullish() })).nullish(),
      })
      .nullish(),
  }),
  Config: z.object({
    Image: text,
    Hostname: text.nullish(),
    User: text.nullish(),
    Tty: z.boolean().nullish(),
    Cmd: words,
    // A single word in containers made long ago.
    Entrypoint: z.union([text.transform((word) => [word]), z.array(text)]).nullish(),
    WorkingDir: text.nullish(),
    Env: words,
    Labels: z.record(text, text).nullish(),
    Healthcheck: z.object({ Test: words, Interval: duration, Timeout: duration, Retries: number }).nullish(),
  }),
  HostConfig: z.object({
    Privileged: z.boolean().nullish(),
    AutoRemove: z.boolean().nullish(),
    Memory: number,
    NanoCpus: number,
    CpuQuota: number,
    CpuPeriod: number,
    LogConfig: z.object({ Type: text.nullish() }).nullish(),
    RestartPolicy: z.object({ Name: text.nullish(), MaximumRetryCount: number }).nullish(),
    Tmpfs: z.record(text, text).nullish(),
  }),
  Mounts: z.array(InspectMount).nullish(),
  NetworkSettings: z
    .object({
      Ports: z
        .record(text, z.array(z.object({ HostIp: text.nullish(), HostPort: text.nullish() })).nullish())
        .nullish(),
      Networks: z.record(text, z.object({ IPAddress: text.nullish(), Aliases: words }).nullish()).nullish(),
    })
    .nullish(),
})
type Inspect = z.infer<typeof Inspect>

export function parseInspect(body: Buffer): Inspected {
  const raw = readJson(body)
  const data = understand(Inspect, raw)
  const details = toDetails(data)
  const { state, health } = toStateAndHealth(data, details)
  const container: Container = {
    id: details.id,
    name: details.name,
    image: details.image,
    ...projectOf(data.Config.Labels ?? {}),
    state,
    health,
    failingStreak: health === 'none' ? 0 : (details.health?.failingStreak ?? 0),
    restartCount: details.restartCount,
    ports: details.ports,
    networks: details.networks.map(({ name }) => name),
    createdAt: details.createdAt,
  }
  return { container, details, raw }
}

function toStateAndHealth(
  { State }: Inspect,
  { startedAt, finishedAt, exitCode, outOfMemory, health }: ServiceDetails,
) {
  const state = toState(State.Status, { startedAt, finishedAt, exitCode, outOfMemory })
  // The last health of a container that has ended says nothing any more; the engine's list leaves it out, too.
  return { state, health: state.kind === 'running' ? (health?.status ?? 'none') : 'none' }
}

function toDetails({ Id, Name, Image, Created, RestartCount, State, Config, HostConfig, ...data }: Inspect) {
  const running = State.Status === 'running' || State.Status === 'paused'
  const shortId = Id.slice(0, 12)
  const details: ServiceDetails = {
    id: Id,
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    imageId: Image,
    command: Config.Cmd ?? [],
    entrypoint: Config.Entrypoint ?? [],
    workingDirectory: Config.WorkingDir ?? '',
    user: Config.User ?? '',
    hostname: Config.Hostname ?? '',
    tty: Config.Tty ?? false,
    privileged: HostConfig.Privileged ?? false,
    autoRemove: HostConfig.AutoRemove ?? false,
    createdAt: time(Created) ?? 0,
    startedAt: time(State.StartedAt),
    finishedAt: time(State.FinishedAt),
    pid: State.Pid || null,
    exitCode: running || State.Status === 'created' ? null : (State.ExitCode ?? null),
    outOfMemory: State.OOMKilled ?? false,
    error: State.Error ?? '',
    restartCount: RestartCount ?? 0,
    restartPolicy: toRestartPolicy(HostConfig.RestartPolicy),
    memoryLimit: HostConfig.Memory || null,
    cpuLimit: toCpuLimit(HostConfig),
    logDriver: HostConfig.LogConfig?.Type ?? '',
    health: toHealth(State.Health, Config.Healthcheck),
    environment: (Config.Env ?? []).map((pair) => {
      const [name = ''] = pair.split('=', 1)
      return { name, value: pair.slice(name.length + 1) }
    }),
    labels: Object.entries(Config.Labels ?? {})
      .map(([name, value]) => ({ name, value }))
      .sort(byName),
    mounts: toMounts(data.Mounts ?? [], HostConfig.Tmpfs ?? {}),
    networks: Object.entries(data.NetworkSettings?.Networks ?? {})
      .map(([name, network]) => ({
        name,
        ipAddress: network?.IPAddress ?? '',
        // The engine adds the short id as an alias of its own.
        aliases: (network?.Aliases ?? []).filter((alias) => alias !== shortId),
      }))
      .sort(byName),
    ports: tidyPorts(
      Object.entries(data.NetworkSettings?.Ports ?? {}).flatMap(([port, hosts]) => toPorts(port, hosts)),
    ),
  }
  return details
}
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Go's zero time, "0001-01-01T00:00:00Z", means never. */
export function time(word: string | null | undefined): number | null {
  const milliseconds = word ? Date.parse(word) : Number.NaN
  return milliseconds > 0 ? milliseconds : null
}

function toRestartPolicy(policy: Inspect['HostConfig']['RestartPolicy']): RestartPolicy {
  const name = policy?.Name
  return {
    name: name === 'always' || name === 'on-failure' || name === 'unless-stopped' ? name : 'no',
    maximumRetryCount: policy?.MaximumRetryCount ?? 0,
  }
}

function toCpuLimit({ NanoCpus, CpuQuota, CpuPeriod }: Inspect['HostConfig']): number | null {
  if (NanoCpus) return NanoCpus / 1e9
  return CpuQuota && CpuQuota > 0 ? CpuQuota / (CpuPeriod || 100_000) : null
}

function toHealth(
  health: Inspect['State']['Health'],
  test: Inspect['Config']['Healthcheck'],
): ServiceDetails['health'] {
  if (!health || health.Status === 'none') return null
  const status: Health = health.Status === 'healthy' || health.Status === 'unhealthy' ? health.Status : 'starting'
  const seconds = (value: number | null | undefined, otherwise: number) => (value ? value / 1e9 : otherwise)
  return {
    status,
    failingStreak: health.FailingStreak ?? 0,
    test: test?.Test ?? [],
    intervalSeconds: seconds(test?.Interval, 30),
    timeoutSeconds: seconds(test?.Timeout, 30),
    retries: test?.Retries || 3,
    checks: (health.Log ?? [])
      .slice(-5)
      .reverse()
      .map((check) => ({
        startedAt: time(check.Start) ?? 0,
        endedAt: time(check.End) ?? 0,
        exitCode: check.ExitCode,
        output: (check.Output ?? '').slice(0, 16_384),
      })),
  }
}

/** Nobody gave it a name: the engine's own names are 64 hexadecimal digits. */
export const isAnonymous = (mount: z.infer<typeof InspectMount>): boolean =>
  mount.Type === 'volume' && /^[0-9a-f]{64}$/.test(mount.Name ?? '')

function toMounts(mounts: readonly z.infer<typeof InspectMount>[], tmpfs: Readonly<Record<string, string>>): Mount[] {
  const kindOf = (word: string | null | undefined): Mount['kind'] =>
    word === 'volume' || word === 'bind' || word === 'tmpfs' ? word : 'other'
  return [
    ...mounts.map((mount) => ({
      kind: kindOf(mount.Type),
      source: (mount.Type === 'volume' ? mount.Name : mount.Source) ?? '',
      target: mount.Destination,
      readOnly: mount.RW === false,
      anonymous: isAnonymous(mount),
    })),
    // `--tmpfs` is not among the mounts that the engine lists.
    ...Object.entries(tmpfs).map(([target, options]) => ({
      kind: 'tmpfs' as const,
      source: '',
      target,
      readOnly: options.split(',').includes('ro'),
      anonymous: false,
    })),
  ].sort((a, b) => (a.target < b.target ? -1 : 1))
}

type Published = NonNullable<NonNullable<Inspect['NetworkSettings']>['Ports']>[string]
/** "80/tcp" with the places where it is published; none or null when it is only exposed. */
function toPorts(port: string, hosts: Published) {
  const [number = '', word] = port.split('/')
  const own = { containerPort: Number(number) || 0, protocol: protocolOf(word) }
  if (!hosts || hosts.length === 0) return [{ ...own, hostPort: null, hostIp: null }]
  return hosts.map((host) => ({ ...own, hostPort: Number(host.HostPort) || null, hostIp: host.HostIp || null }))
}
