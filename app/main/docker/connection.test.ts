import { rmSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { type FakeEngineServer, serveFakeEngine } from '../../../tests/lib/fake-engine-server.ts'
import type { DockerState } from '../../shared/contracts/docker.ts'
import { silentLog } from '../lib/log.ts'
import { createScope } from '../lib/scope.ts'
import { connectDocker, retryDelay, type Timing } from './connection.ts'
import type { DockerEvent } from './engine.ts'

const scope = createScope()
afterEach(() => scope.close())

async function serve(answers: Record<string, unknown> = {}): Promise<FakeEngineServer> {
  const server = await serveFakeEngine(answers)
  scope.add(server.stop)
  return server
}
function connect(address: string, timing: Partial<Timing> = {}) {
  const connection = connectDocker({
    log: silentLog,
    endpoint: { kind: 'address', address },
    timing: { firstRetry: 5, lastRetry: 40, answer: 2000, heartbeat: 60_000, ...timing },
  })
  scope.add(connection.stop)
  const states: DockerState[] = []
  const events: DockerEvent[] = []
  connection.follow((state) => states.push(state))
  connection.onEvent((event) => events.push(event))
  const became = (kind: DockerState['kind']) =>
    vi.waitFor(() => expect(states.at(-1)?.kind).toBe(kind), { interval: 2, timeout: 10_000 })
  return { connection, states, events, became }
}
/** The states without repetitions, as words. */
const brief = (states: readonly DockerState[]) =>
  states
    .map((state) => (state.kind === 'failed' ? state.code : state.kind))
    .filter((word, index, all) => word !== all[index - 1])
const line = (action: string, more: object = {}) =>
  `${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'c1' }, timeNano: 7, ...more })}\n`

test('becomes ready once events flow, with the version that both sides speak', async () => {
  const server = await serve()
  const { states, became } = connect(server.address)
  await became('ready')

  expect(states.at(-1)).toEqual({
    kind: 'ready',
    endpoint: server.address,
    chosenBy: 'settings',
    version: '27.0.0',
    apiVersion: '1.46',
    operatingSystem: 'Fake OS',
    rootless: true,
  })
  expect(server.requests.map((request) => request.replace(/\?.*/, ''))).toEqual([
    'GET /version',
    'GET /v1.46/info',
    'GET /v1.46/events',
  ])
})

test('an engine that is newer than we know is spoken to in its oldest version, an old one not at all', async () => {
  const server = await serve({ '/version': { Version: '99', ApiVersion: '2.10', MinAPIVersion: '2.3' } })
  const future = connect(server.address)
  await future.became('ready')
  server.answer('/version', { Version: '19.03', ApiVersion: '1.40', MinAPIVersion: '1.12' })
  const past = connect(server.address)
  await past.became('failed')

  expect([future.states.at(-1), past.states.at(-1)]).toMatchObject([
    { apiVersion: '2.3' },
    { code: 'DOCKER_TOO_OLD', details: { version: '19.03', api: '1.40' } },
  ])
})

test('says why it cannot connect', async () => {
  const refusing = await serve()
  refusing.answer('/version', refusing.json({ message: 'no' }, 403))
  const stranger = await serve()
  stranger.answer('/version', (_request: unknown, response: { end(text: string): void }) => response.end('<html>'))
  const hanging = await serve()
  hanging.answer('/version', hanging.hang)
  const why = async (address: string) => {
    const { states, became } = connect(address, { answer: 50 })
    await became('failed')
    const state = states.findLast((one) => one.kind === 'failed')
    return [state?.code, state?.details['reason']]
  }

  expect({
    refusing: await why(refusing.address),
    stranger: await why(stranger.address),
    hanging: await why(hanging.address),
    absent: await why('unix:///nowhere/docker.sock'),
    nonsense: await why('gopher://x'),
  }).toEqual({
    refusing: ['DOCKER_FORBIDDEN', undefined],
    stranger: ['DOCKER_UNREACHABLE', 'something else than Docker answers there (HTTP 200)'],
    hanging: ['DOCKER_UNREACHABLE', 'no answer within 0.05 s'],
    absent: ['DOCKER_UNREACHABLE', 'there is no socket'],
    nonsense: ['DOCKER_UNREACHABLE', 'only unix, npipe, tcp and ssh addresses are known'],
  })
})

test('passes events on and survives garbage', async () => {
  const server = await serve()
  const { events, became } = connect(server.address)
  await became('ready')
  const [first, second] = [line('start').slice(0, 20), line('start').slice(20)]
  server.tell(first)
  server.tell(`${second}garbage\n{"Type":"container"}\n[]\n${'x'.repeat(1_200_000)}\n`)
  server.tell(line('health_status: healthy'))
  server.tell(line('connect', { Type: 'network', Actor: { ID: 'n1', Attributes: { container: 'c1' } } }))
  await vi.waitFor(() => expect(events).toHaveLength(3), { timeout: 10_000 })

  expect(events).toEqual([
    { type: 'container', action: 'start', id: 'c1', containerId: null, timeNano: 7 },
    { type: 'container', action: 'health_status', id: 'c1', containerId: null, timeNano: 7 },
    { type: 'network', action: 'connect', id: 'n1', containerId: 'c1', timeNano: 7 },
  ])
})

test('a lost stream fails at once and is ready again by itself', async () => {
  const server = await serve()
  const { connection, states, became } = connect(server.address)
  await became('ready')
  await server.goDown()
  await became('failed')
  expect(() => connection.engine()).toThrow('Docker does not answer')
  await server.comeUp()
  await became('ready')

  expect(brief(states)).toEqual(['connecting', 'ready', 'DOCKER_UNREACHABLE', 'ready'])
})

test('an engine that hangs is noticed by the sign of life, a socket that was removed by the next request', async () => {
  const hanging = await serve()
  const first = connect(hanging.address, { heartbeat: 10, answer: 50 })
  await first.became('ready')
  hanging.answer('/version', hanging.hang)
  hanging.answer('/_ping', hanging.hang)
  await first.became('failed')

  const removed = await serve({ '/networks': [] })
  const second = connect(removed.address)
  await second.became('ready')
  rmSync(removed.address.slice('unix://'.length))
  const asked = await second.connection
    .engine()
    .logs('x', {
      ...{ tail: 1, follow: false, timestamps: false },
      signal: new AbortController().signal,
    })
    .catch((error) => error.code)
  await second.became('failed')

  expect([asked, brief(first.states), brief(second.states)]).toEqual([
    'DOCKER_UNREACHABLE',
    ['connecting', 'ready', 'DOCKER_UNREACHABLE'],
    ['connecting', 'ready', 'DOCKER_UNREACHABLE'],
  ])
})

test('waits longer after each attempt up to a bound, and not at all when asked to reconnect', async () => {
  expect([0, 1, 2, 5, 6, 5000].map((failures) => retryDelay(failures))).toEqual([250, 500, 1000, 8000, 10_000, 10_000])

  const hour = 3_600_000
  const { connection, states, became } = connect('unix:///nowhere/docker.sock', { firstRetry: hour, lastRetry: hour })
  await became('failed')
  connection.reconnect()
  await became('failed')
  expect(states.slice(-3).map(({ kind }) => kind)).toEqual(['connecting', 'connecting', 'failed'])
})

test('keeps the time of the first failure while it tries again', async () => {
  const { states } = connect('unix:///nowhere/docker.sock')
  const failures = () => states.flatMap((state) => (state.kind === 'failed' ? [state.since] : []))
  await vi.waitFor(() => expect(failures().length).toBeGreaterThan(3))
  expect(new Set(failures()).size).toBe(1)
})

test('another endpoint takes the place of the first', async () => {
  const one = await serve()
  const other = await serve()
  const { connection, states, became } = connect(one.address)
  await became('ready')
  connection.setEndpoint({ kind: 'address', address: other.address })
  connection.setEndpoint({ kind: 'address', address: other.address })
  await became('ready')

  expect(brief(states)).toEqual(['connecting', 'ready', 'connecting', 'ready'])
  expect(states.at(-1)?.endpoint).toBe(other.address)
  await vi.waitFor(() => expect(one.requests.filter((request) => request.includes('events'))).toHaveLength(1))
})

test('stops at once while an engine hangs', async () => {
  const server = await serve()
  server.answer('/version', server.hang)
  const { connection } = connect(server.address, { answer: 3_600_000 })
  await vi.waitFor(() => expect(server.requests).toEqual(['GET /version']))
  await connection.stop()
})
