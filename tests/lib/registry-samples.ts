import type { Instance } from '../../app/shared/contracts/registry.ts'
import { before } from './scripted-platform.ts'

const instance = (name: string, port: number, change: Partial<Instance> = {}): Instance => ({
  ...{ id: `${name}-${port}`, name, url: `http://127.0.0.1:${port}`, version: '1.4.0', healthPath: '/healthz' },
  ...{ metadata: {}, ttlSeconds: 30, state: { kind: 'up', since: before(5 * 3_600_000) } },
  ...{ registeredAt: before(5 * 3_600_000), lastHeartbeatAt: before(4000), requests: 0, errors: 0 },
  ...change,
})

/** A service of three instances that lost one, one that is gone, and one that was registered by hand. */
export const sampleInstances = (): Instance[] => [
  instance('core', 9000, { requests: 48_210, errors: 3 }),
  instance('core', 9001, { requests: 48_188, lastHeartbeatAt: before(9000) }),
  instance('core', 9002, {
    state: { kind: 'down', since: before(120_000), reason: '/healthz answered 503' },
    ...{ requests: 31_007, errors: 112, version: '1.5.0-rc.1' },
  }),
  instance('billing', 9100, {
    state: {
      ...{ kind: 'down', since: before(2 * 3_600_000) },
      reason: 'no heartbeat for more than 90 s; /healthz: nothing listens there',
    },
    ...{ lastHeartbeatAt: before(2 * 3_600_000 + 90_000), requests: 912, errors: 40 },
  }),
  instance('search', 0, {
    ...{ url: 'https://search.lab.example/v2', version: null, healthPath: '/', requests: 7 },
    lastHeartbeatAt: before(26 * 3_600_000),
  }),
]
