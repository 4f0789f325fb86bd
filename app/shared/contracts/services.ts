import { z } from 'zod'
import { ErrorDetails } from '../errors.ts'
import { call, event } from '../rpc/contract.ts'
import { Saved } from './host.ts'

/** Milliseconds since 1970; null where the engine has not told. */
const Time = z.number().nullable()

export const ServiceState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created') }),
  z.object({ kind: z.literal('running'), startedAt: Time }),
  z.object({ kind: z.literal('paused'), startedAt: Time }),
  /** The engine restarts it by its policy, after it ended. */
  z.object({ kind: z.literal('restarting'), exitCode: z.number().nullable() }),
  z.object({
    kind: z.literal('stopped'),
    exitCode: z.number().nullable(),
    outOfMemory: z.boolean(),
    finishedAt: Time,
  }),
  z.object({ kind: z.literal('removing') }),
  z.object({ kind: z.literal('dead') }),
])
export type ServiceState = z.infer<typeof ServiceState>

export const Health = z.enum(['none', 'starting', 'healthy', 'unhealthy'])
export type Health = z.infer<typeof Health>

export const Port = z.object({
  containerPort: z.number(),
  protocol: z.enum(['tcp', 'udp', 'sctp']),
  /** Null when the port is exposed but not published. */
  hostPort: z.number().nullable(),
  hostIp: z.string().nullable(),
})
export type Port = z.infer<typeof Port>

export const RestartPolicy = z.object({
  name: z.enum(['no', 'on-failure', 'always', 'unless-stopped']),
  maximumRetryCount: z.number().int().min(0).max(10_000),
})
export type RestartPolicy = z.infer<typeof RestartPolicy>

const grace = z.number().int().min(0).max(3600).default(10)
const name = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/)

/** What can be asked of a service. */
export const ServiceAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('stop'), graceSeconds: grace }),
  z.object({ kind: z.literal('restart'), graceSeconds: grace }),
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('unpause') }),
  z.object({
    kind: z.literal('kill'),
    signal: z
      .string()
      .regex(/^[A-Z0-9+]{1,16}$/)
      .default('SIGKILL'),
  }),
  /** `volumes` also removes its anonymous volumes; named ones always stay. */
  z.object({ kind: z.literal('remove'), force: z.boolean().default(false), volumes: z.boolean().default(false) }),
  z.object({ kind: z.literal('recreate') }),
  z.object({ kind: z.literal('setRestartPolicy'), policy: RestartPolicy }),
  z.object({ kind: z.literal('rename'), name }),
  z.object({
    kind: z.literal('connectNetwork'),
    network: z.string().min(1).max(256),
    /** Further names for it in that network. */
    aliases: z.array(z.string().min(1).max(256)).max(64).optional(),
  }),
  z.object({ kind: z.literal('disconnectNetwork'), network: z.string().min(1).max(256) }),
])
export type ServiceAction = z.infer<typeof ServiceAction>
export type ServiceActionKind = ServiceAction['kind']

/** One row: a container of the engine. */
export const Service = z.object({
  /** The container's full id. */
  id: z.string(),
  name: z.string(),
  image: z.string(),
  /** Compose project and the service's name in it, from the container's labels. */
  project: z.string().nullable(),
  projectService: z.string().nullable(),
  state: ServiceState,
  health: Health,
  /** Failed health checks in a row. */
  failingStreak: z.number(),
  /** Restarts by policy since it was created; null until inspected. */
  restartCount: z.number().nullable(),
  ports: z.array(Port),
  networks: z.array(z.string()),
  createdAt: z.number(),
  /** The action under way; while it is set, it is what the screen shows instead of the state. */
  requested: z.string().nullable() as z.ZodType<ServiceActionKind | null>,
})
export type Service = z.infer<typeof Service>

/** A subscriber gets one snapshot, then changes, on one ordered stream. There is no `list` to race with. */
export const ServicesUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), services: z.array(Service) }),
  z.object({ kind: z.literal('change'), upserted: z.array(Service), removed: z.array(z.string()) }),
])
export type ServicesUpdate = z.infer<typeof ServicesUpdate>

export const HealthCheck = z.object({
  startedAt: z.number(),
  endedAt: z.number(),
  exitCode: z.number(),
  output: z.string(),
})
export const Mount = z.object({
  kind: z.enum(['volume', 'bind', 'tmpfs', 'other']),
  /** Host path or volume name. */
  source: z.string(),
  target: z.string(),
  readOnly: z.boolean(),
  /** A volume that nobody named: it is lost with the container. */
  anonymous: z.boolean(),
})
export type Mount = z.infer<typeof Mount>

/** Everything about one container. Values of secret-looking variables are left out (null) and asked for one by one. */
export const ServiceDetails = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  command: z.array(z.string()),
  entrypoint: z.array(z.string()),
  workingDirectory: z.string(),
  user: z.string(),
  hostname: z.string(),
  tty: z.boolean(),
  privileged: z.boolean(),
  autoRemove: z.boolean(),
  createdAt: z.number(),
  startedAt: Time,
  finishedAt: Time,
  pid: z.number().nullable(),
  exitCode: z.number().nullable(),
  outOfMemory: z.boolean(),
  /** The engine's own message when it could not start the container. */
  error: z.string(),
  restartCount: z.number(),
  restartPolicy: RestartPolicy,
  /** Bytes; null without a limit. */
  memoryLimit: z.number().nullable(),
  /** Cores; null without a limit. */
  cpuLimit: z.number().nullable(),
  logDriver: z.string(),
  health: z
    .object({
      status: Health,
      failingStreak: z.number(),
      test: z.array(z.string()),
      intervalSeconds: z.number(),
      timeoutSeconds: z.number(),
      retries: z.number(),
      /** Newest first, at most five: what the engine keeps. */
      checks: z.array(HealthCheck),
    })
    .nullable(),
  environment: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
  mounts: z.array(Mount),
  networks: z.array(z.object({ name: z.string(), ipAddress: z.string(), aliases: z.array(z.string()) })),
  ports: z.array(Port),
})
export type ServiceDetails = z.infer<typeof ServiceDetails>

export const DetailsUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('details'), details: ServiceDetails }),
  z.object({ kind: z.literal('gone') }),
])
export type DetailsUpdate = z.infer<typeof DetailsUpdate>

/** One reading of one container. */
export const Sample = z.object({
  time: z.number(),
  /** Percent of one core: 250 is two and a half cores. */
  cpuPercent: z.number(),
  memoryBytes: z.number(),
})
export type Sample = z.infer<typeof Sample>

/** Newest readings of the asked services; one that is not running is absent. */
export const StatsUpdate = z.object({
  /** `cgroup` costs the engine nothing; `stream` is one engine stream for each asked service. */
  source: z.enum(['cgroup', 'stream']),
  samples: z.array(Sample.extend({ id: z.string() })),
})
export type StatsUpdate = z.infer<typeof StatsUpdate>

/** Up to ten minutes of readings, oldest first, then each new one. A gap in time is a gap in measuring. */
export const StatsHistoryUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), samples: z.array(Sample) }),
  z.object({ kind: z.literal('sample'), sample: Sample }),
])
export type StatsHistoryUpdate = z.infer<typeof StatsHistoryUpdate>

export const LogLine = z.object({
  /** RFC 3339 with nanoseconds, as the engine wrote it; null where it wrote none. */
  time: z.string().nullable(),
  stream: z.enum(['stdout', 'stderr']),
  /** Without its line break; bytes that are no UTF-8 are replaced. */
  text: z.string(),
  /** Length of the whole line in bytes when `text` is only its beginning, else null. */
  cutFrom: z.number().nullable(),
})
export type LogLine = z.infer<typeof LogLine>

/** An entry of the error table. */
const LogFailure = z.object({ code: z.string(), details: ErrorDetails })

export const LogUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), lines: z.array(LogLine) }),
  z.object({ kind: z.literal('lines'), lines: z.array(LogLine) }),
  /** Nothing comes for now: the container ended (null), or the log cannot be read. Lines go on when it starts again. */
  z.object({ kind: z.literal('ended'), reason: z.string().nullable(), failure: LogFailure.nullable() }),
])
export type LogUpdate = z.infer<typeof LogUpdate>

const ids = z.array(z.string().min(1).max(128)).min(1).max(10_000)
const one = z.object({ id: z.string().min(1).max(128) })

/** What goes with a container that is removed. */
export const RemovalPreview = z.object({
  id: z.string(),
  name: z.string(),
  running: z.boolean(),
  /** Bytes written inside the container and in no volume; null where the engine did not say. */
  writableBytes: z.number().nullable(),
  anonymousVolumes: z.array(z.object({ name: z.string(), target: z.string() })),
  /** Named volumes and host folders: they stay. */
  kept: z.array(z.string()),
})
export type RemovalPreview = z.infer<typeof RemovalPreview>

export const services = {
  calls: {
    /** Does one thing to each of the services, four at a time, as one task. Fails with ACTION_PARTLY_FAILED, or with the error itself for a single service. */
    act: call({
      input: z.object({ ids, action: ServiceAction }),
      /** `undo` does the opposite, where there is one. */
      output: z.object({ taskId: z.string(), undo: z.array(z.object({ id: z.string(), action: ServiceAction })) }),
    }),
    previewRemoval: call({ input: z.object({ ids }), output: z.object({ items: z.array(RemovalPreview) }) }),
    /** Shows one hidden variable; audited. */
    revealEnvironment: call({
      input: one.extend({ name: z.string().max(1024) }),
      output: z.object({ value: z.string() }),
    }),
    /** The `docker run` line that would make this container; hidden values are left as `***` unless revealed (audited). */
    runCommand: call({ input: one.extend({ reveal: z.boolean() }), output: z.object({ command: z.string() }) }),
    /** The whole log of a container as a text file. */
    exportLogs: call({ input: one.extend({ timestamps: z.boolean() }), output: Saved }),
  },
  events: {
    updates: event(ServicesUpdate),
    details: event(DetailsUpdate, one),
    /** Once a second while somebody listens; ask only for rows on screen. */
    stats: event(StatsUpdate, z.object({ ids: z.array(z.string().max(128)).max(500) })),
    statsHistory: event(StatsHistoryUpdate, one),
    logs: event(LogUpdate, one.extend({ tail: z.number().int().min(0).max(10_000).default(1000) })),
  },
}

/** How a service looks at a glance. Order of concern: fail, warn, busy, unknown, ok, stopped. */
export type Condition = 'ok' | 'warn' | 'fail' | 'stopped' | 'busy' | 'unknown'

/** The one rule from state to condition, for the list, the tray, the overview and the CLI. */
export function conditionOf(service: Service): Condition {
  if (service.requested !== null) return 'busy'
  const { state } = service
  switch (state.kind) {
    case 'running':
      if (service.health === 'unhealthy') return 'warn'
      return service.health === 'starting' ? 'busy' : 'ok'
    case 'paused':
      return 'stopped'
    case 'created':
      return 'stopped'
    case 'restarting':
      return 'fail'
    case 'stopped':
      // 143 is a polite SIGTERM, 130 a Ctrl+C: somebody asked for it. 137 may be `docker kill` or the kernel's OOM killer.
      return state.outOfMemory || ![0, 130, 143, null].includes(state.exitCode) ? 'fail' : 'stopped'
    case 'removing':
      return 'busy'
    case 'dead':
      return 'fail'
  }
}
