import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { Failure } from './tasks.ts'

export const PlatformPart = z.enum([
  'gateway',
  'config-centre',
  'plugin-service',
  'registry',
  'router-engine',
  'coze-api',
])
export type PlatformPart = z.infer<typeof PlatformPart>

/** A port that the local platform answers at, or wanted to. */
export const PlatformPort = z.object({
  part: PlatformPart,
  port: z.number(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('listening') }),
    /** Another process has it; null where the system does not say which. */
    z.object({ kind: z.literal('taken'), pid: z.number().nullable(), command: z.string().nullable() }),
    z.object({ kind: z.literal('closed') }),
  ]),
  /** Requests answered there since the platform started, and in the last minute per second. */
  requests: z.number(),
  requestsPerSecond: z.number(),
})
export type PlatformPort = z.infer<typeof PlatformPort>

/** The local platform: one worker of the console behind all of its ports. */
export const PlatformState = z.object({
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('starting') }),
    z.object({ kind: z.literal('running'), since: z.number() }),
    /** It ended by itself and starts again at that time. */
    z.object({ kind: z.literal('crashed'), failure: Failure, retryAt: z.number() }),
    /** The operator asked for it: calls under way may finish. */
    z.object({ kind: z.literal('restarting') }),
    z.object({ kind: z.literal('stopped') }),
  ]),
  /** How often it ended by itself since the console started. */
  crashes: z.number(),
  ports: z.array(PlatformPort),
  /** Whether callers on this machine need no token. */
  openLocalMode: z.boolean(),
})
export type PlatformState = z.infer<typeof PlatformState>

export const platform = {
  calls: { restart: call() },
  /** Small and seldom: every update is the whole state; figures follow once a second while somebody listens. */
  events: { state: event(PlatformState) },
}

/** The one rule from state to condition, as for services. */
export function conditionOfPort(
  platform: PlatformState,
  port: PlatformPort,
): 'ok' | 'busy' | 'fail' | 'warn' | 'stopped' {
  switch (platform.state.kind) {
    case 'starting':
    case 'restarting':
      return 'busy'
    case 'crashed':
      return 'fail'
    case 'stopped':
      return 'stopped'
    case 'running':
      return port.state.kind === 'listening' ? 'ok' : port.state.kind === 'taken' ? 'warn' : 'stopped'
  }
}
