import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Instance } from '../../../shared/contracts/registry.ts'
import { type Db, openDatabase } from '../../db/db.ts'
import { migrate, migrations } from '../../db/migrate.ts'
import { sql } from '../../db/migrations/0005-registry.ts'
import type { AuditSubject } from '../../lib/audit.ts'
import type { Update } from './instances.ts'
import { createRegistry } from './registry.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const HOUR = 3_600_000
const context = { signal: new AbortController().signal, report: () => {} }
const log = { info() {}, warn: vi.fn(), error() {} }
const given: Parameters<ReturnType<typeof createRegistry>['asks']['instanceRegister']>[0] = {
  ...{ name: 'demo-service', url: 'http://127.0.0.1:8090', healthPath: null, version: '1.0.0' },
  ...{ metadata: { zone: 'a' }, ttlSeconds: 30 },
}
const fresh = (change: Partial<Instance> = {}) => ({
  ...{ ...given, registeredAt: 1_000_000, lastHeartbeatAt: 1_000_000, requests: 0, errors: 0 },
  ...{ id: expect.stringMatching(/^[0-9a-f]{16}$/), state: { kind: 'up', since: 1_000_000 } },
  ...change,
})

function world(db: Db) {
  const told: (readonly Instance[])[] = []
  const lines: AuditSubject[] = []
  let begin = () => {}
  const registry = createRegistry({
    ...{ db, log: log as never },
    audit: { note: (line) => void lines.push(line), perform: (_, work) => work() },
    worker: {
      tell: (_name, instances) => void told.push(instances as readonly Instance[]),
      onStarted(listener) {
        begin = listener
        return () => {}
      },
    },
  })
  const { asks, handlers } = registry
  const updates: Update[] = []
  const unfollow = handlers.onUpdates((update) => updates.push(update) > 0, undefined, { actor: 'browser' })
  return {
    ...{ registry, told, lines, updates, unfollow, begin: () => begin() },
    register: async (change: Partial<typeof given> = {}) =>
      await asks.instanceRegister({ ...given, ...change }, context),
    beat: async (id: string) => await asks.instanceHeartbeat({ id }, context),
    report: async (id: string, ok: boolean | null, requests = 0, errors = 0) =>
      await asks.instanceReports(
        [{ id, probe: ok === null ? null : { ok, reason: ok ? null : '/healthz answered 500' }, requests, errors }],
        context,
      ),
    now: () => told.at(-1),
  }
}
function database() {
  const db = openDatabase(join(tempFolder(), 'x.db'))
  db.pragma('synchronous = OFF')
  migrate(db, [...migrations.filter((step) => step !== sql), sql])
  onTestFinished(db.close)
  return db
}

test('registers, is told of to everybody, and registers again under the same id', async () => {
  const { register, begin, told, updates, lines } = world(database())
  const first = await register()
  expect(first).toEqual(fresh())
  expect(told).toEqual([])
  begin()
  expect(told).toEqual([[first]])
  vi.setSystemTime(1_005_000)
  const again = await register({ version: '1.1.0' })
  expect(again).toEqual({ ...first, version: '1.1.0', registeredAt: 1_005_000, lastHeartbeatAt: 1_005_000 })
  const second = await register({ url: 'http://127.0.0.1:8091' })
  vi.advanceTimersByTime(1000)
  expect(told.at(-1)).toEqual([again, second])
  expect(updates).toEqual([
    { kind: 'snapshot', instances: [] },
    { kind: 'change', upserted: [first], removed: [] },
    { kind: 'change', upserted: [again, second], removed: [] },
  ])
  expect(lines.map(({ action, actor, target, after }) => ({ action, actor, target, after }))).toEqual(
    ['8090', '8091'].map((port) => ({
      ...{ action: 'registry.register', actor: 'platform', target: 'service demo-service' },
      after: { url: `http://127.0.0.1:${port}` },
    })),
  )
})

test('is down after three heartbeats that stayed away, up with the next, and forgotten after a day', async () => {
  const { register, beat, begin, now } = world(database())
  begin()
  const { id } = await register()
  vi.advanceTimersByTime(60_000)
  await beat(id)
  vi.advanceTimersByTime(89_999)
  expect(now()).toEqual([fresh({ lastHeartbeatAt: 1_060_000 })])
  vi.advanceTimersByTime(100)
  const down = { kind: 'down', since: 1_150_000, reason: 'no heartbeat for more than 90 s' } as const
  expect(now()).toEqual([fresh({ lastHeartbeatAt: 1_060_000, state: down })])
  const beatenAt = Date.now()
  expect(await beat(id)).toEqual(fresh({ lastHeartbeatAt: beatenAt, state: { kind: 'up', since: beatenAt } }))
  vi.advanceTimersByTime(90_000)
  expect(now()).toEqual([fresh({ lastHeartbeatAt: beatenAt, state: { ...down, since: beatenAt + 90_000 } })])
  vi.advanceTimersByTime(24 * HOUR - 1000)
  expect(now()).toHaveLength(1)
  vi.advanceTimersByTime(2000)
  expect(now()).toEqual([])
  await expect(beat(id)).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' })
})

test('what cannot be forgotten is tried again once a minute', async () => {
  const db = database()
  const { register, begin, now } = world(db)
  begin()
  await register()
  db.run("CREATE TRIGGER stuck BEFORE DELETE ON registered_instances BEGIN SELECT RAISE(ABORT, 'full'); END")
  log.warn.mockClear()
  vi.advanceTimersByTime(90_000 + 24 * HOUR + 5 * 60_000)
  expect(log.warn.mock.calls.length).toBeLessThan(8)
  db.run('DROP TRIGGER stuck')
  vi.advanceTimersByTime(60_000)
  expect(now()).toEqual([])
})

test('a probe takes an instance out with its second failure and brings it back; a good one is a sign of life', async () => {
  const { register, report, begin, now, told } = world(database())
  begin()
  const { id } = await register({ healthPath: '/healthz' })
  const before = told.length
  await report(id, true)
  vi.advanceTimersByTime(0)
  expect(told.length).toBe(before)
  await report(id, false)
  expect(now()![0]!.state).toEqual({ kind: 'up', since: 1_000_000 })
  await report(id, false)
  expect(now()![0]!.state).toEqual({ kind: 'down', since: 1_000_000, reason: '/healthz answered 500' })
  vi.advanceTimersByTime(89_000)
  await report(id, true, 3, 1)
  vi.advanceTimersByTime(89_000)
  expect(now()).toEqual([
    fresh({ healthPath: '/healthz', state: { kind: 'up', since: 1_089_000 }, requests: 3, errors: 1 }),
  ])
  await report(id, false)
  await report(id, false)
  vi.advanceTimersByTime(2000)
  const reason = 'no heartbeat for more than 90 s; /healthz answered 500'
  expect(now()![0]!.state).toEqual({ kind: 'down', since: 1_178_000, reason })
  // What never answered well is not given a second chance.
  const other = await register({ url: 'http://127.0.0.1:8091', healthPath: '/healthz' })
  await report(other.id, false)
  expect(now()![1]!.state).toMatchObject({ kind: 'down' })
})

test('survives a restart: the silent stay down, the others get their time anew; heartbeats are written seldom', async () => {
  const db = database()
  const before = world(db)
  const silent = await before.register({ ttlSeconds: 1 })
  vi.advanceTimersByTime(1)
  const living = await before.register({ url: 'http://127.0.0.1:8091' })
  const written = () => db.all('SELECT last_beat_at AS at, requests FROM registered_instances ORDER BY url')
  vi.advanceTimersByTime(19_999)
  await before.beat(living.id)
  await before.report(living.id, null, 7, 2)
  expect(written()).toEqual([
    { at: 1_000_000, requests: 0 },
    { at: 1_000_001, requests: 0 },
  ])
  await before.registry.stop()
  vi.setSystemTime(1_000_000 + 2 * HOUR)
  const after = world(db)
  after.begin()
  const start = Date.now()
  expect(after.now()).toEqual([
    { ...silent, state: { kind: 'down', since: 1_003_000, reason: 'no heartbeat for more than 3 s' } },
    { ...living, lastHeartbeatAt: 1_020_000, requests: 7, errors: 2, state: { kind: 'up', since: start } },
  ])
  vi.advanceTimersByTime(91_000)
  expect(after.now()!.map(({ state }) => state.kind)).toEqual(['down', 'down'])
  await after.registry.stop()
})

test('an operator takes instances out; a thousand is the most', async () => {
  const { register, registry, updates, lines } = world(database())
  const { id } = await register()
  await registry.handlers.remove({ ids: [id, id, 'gone'] }, { actor: 'browser' })
  expect(updates.at(-1)).toEqual({ kind: 'change', upserted: [], removed: [id] })
  expect(lines.at(-1)).toMatchObject({ actor: 'browser', action: 'registry.remove', before: { url: given.url } })
  for (let port = 1; port <= 1000; port++) await register({ url: `http://127.0.0.1:${port}` })
  await expect(register()).rejects.toMatchObject({ code: 'BAD_INPUT' })
  expect(await register({ url: 'http://127.0.0.1:1' })).toMatchObject({ name: 'demo-service' })
})
