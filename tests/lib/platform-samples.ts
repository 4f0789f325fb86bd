import type { PlatformPort, PlatformState } from '../../app/shared/contracts/platform.ts'
import { before } from './scripted-platform.ts'

const parts = ['gateway', 'config-centre', 'plugin-service', 'registry', 'router-engine', 'coze-api'] as const
const ports = [8000, 8001, 8002, 8003, 8004, 8080]
const busy: Readonly<Record<number, readonly [requests: number, rate: number]>> = {
  8000: [18_204, 4.2],
  8002: [1310, 0.4],
  8080: [96, 0],
}

/** The local platform as it runs on a good day; `change` by port makes it another day. */
export function platformState(
  more: Partial<PlatformState> = {},
  change: Readonly<Record<number, PlatformPort['state']>> = {},
): PlatformState {
  return {
    state: { kind: 'running', since: before(3 * 3_600_000) },
    crashes: 0,
    ports: parts.map((part, index) => {
      const port = ports[index]!
      const [requests, requestsPerSecond] = busy[port] ?? [0, 0]
      return { part, port, state: change[port] ?? { kind: 'listening' }, requests, requestsPerSecond }
    }),
    openLocalMode: true,
    ...more,
  }
}
const closed = Object.fromEntries(ports.map((port) => [port, { kind: 'closed' } as const]))

export const takenPlatform = (): PlatformState =>
  platformState(
    {},
    {
      8001: { kind: 'taken', pid: 4120, command: 'python3' },
      8080: { kind: 'taken', pid: null, command: null },
    },
  )
export const crashedPlatform = (): PlatformState =>
  platformState(
    {
      state: {
        kind: 'crashed',
        failure: { code: 'PLATFORM_NOT_RUNNING', details: { reason: 'the worker ran out of memory' } },
        retryAt: before(-8000),
      },
      crashes: 3,
    },
    closed,
  )
export const stoppedPlatform = (): PlatformState => platformState({ state: { kind: 'stopped' }, ports: [] })
export const restartingPlatform = (): PlatformState => platformState({ state: { kind: 'restarting' } })
