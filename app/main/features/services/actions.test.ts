import { expect, onTestFinished, test, vi } from 'vitest'
import { createScriptedTasks } from '../../../../tests/lib/scripted-tasks.ts'
import type { ServiceAction } from '../../../shared/contracts/services.ts'
import { AppError } from '../../../shared/errors.ts'
import { type FakeSpec, fakeCrowd } from '../../docker/fake-containers.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import type { Audit } from '../../lib/audit.ts'
import { silentLog } from '../../lib/log.ts'
import { createServiceActions } from './actions.ts'
import { createServiceRegistry } from './registry.ts'

async function open(specs: Record<string, FakeSpec>) {
  const docker = createFakeDocker(specs)
  const registry = createServiceRegistry(docker, silentLog, 1)
  onTestFinished(registry.stop)
  const written: string[] = []
  const audit: Audit = {
    async perform({ actor, action, target, before, after }, work) {
      const line = `${actor} ${action} ${target} ${JSON.stringify(before)} ${JSON.stringify(after) ?? ''}`.trim()
      try {
        const result = await work()
        written.push(line)
        return result
      } catch (error) {
        written.push(`${line} failed`)
        throw error
      }
    },
    note: () => {},
  }
  const tasks = createScriptedTasks()
  const actions = createServiceActions({ docker, registry, audit, tasks, log: silentLog })
  await vi.waitFor(() => expect(registry.services()).toHaveLength(Object.keys(specs).length))
  const act = (names: readonly string[], action: ServiceAction) => actions.act(names.map(docker.id), action, 'browser')
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'done',
      (error) => error.code,
    )
  return { docker, registry, written, tasks, actions, act, codeOf }
}

const always = { name: 'always', maximumRetryCount: 0 } as const
const never = { name: 'no', maximumRetryCount: 0 } as const
test.for<[FakeSpec, ServiceAction, string[], ServiceAction | null]>([
  ['stopped', { kind: 'start' }, ['start db'], { kind: 'stop', graceSeconds: 10 }],
  ['running', { kind: 'start' }, ['start db'], null],
  ['running', { kind: 'stop', graceSeconds: 3 }, ['stop db'], { kind: 'start' }],
  ['stopped', { kind: 'stop', graceSeconds: 3 }, ['stop db'], null],
  ['running', { kind: 'restart', graceSeconds: 3 }, ['restart db'], null],
  ['running', { kind: 'pause' }, ['pause db'], { kind: 'unpause' }],
  ['paused', { kind: 'unpause' }, ['unpause db'], { kind: 'pause' }],
  ['running', { kind: 'kill', signal: 'SIGHUP' }, ['kill db'], null],
  ['stopped', { kind: 'remove', force: false, volumes: true }, ['remove db'], null],
  [
    'running',
    { kind: 'setRestartPolicy', policy: always },
    ['setRestartPolicy db'],
    { kind: 'setRestartPolicy', policy: never },
  ],
  ['running', { kind: 'rename', name: 'pg' }, ['rename db'], { kind: 'rename', name: 'db' }],
  [
    'running',
    { kind: 'connectNetwork', network: 'back' },
    ['connectNetwork db'],
    { kind: 'disconnectNetwork', network: 'back' },
  ],
  [
    { networks: ['back'], details: { networks: [{ name: 'back', ipAddress: '', aliases: ['pg'] }] } },
    { kind: 'disconnectNetwork', network: 'back' },
    ['disconnectNetwork db'],
    { kind: 'connectNetwork', network: 'back', aliases: ['pg'] },
  ],
])('%o and %o is %o, undone by %o', async ([spec, action, calls, undo]) => {
  const world = await open({ db: spec })
  const id = world.docker.id('db')
  const answer = await world.act(['db'], action)
  const expected = undo ? [{ id, action: undo }] : []
  expect({ calls: world.docker.calls, answer, listed: world.tasks.undo() }).toEqual({
    calls,
    answer: { taskId: 'task-1', undo: expected },
    listed: expected,
  })
})

test('each service has its own audit entry, which says what was and what was asked', async () => {
  const world = await open({ db: 'running', web: 'stopped' })
  await world.act(['db', 'web'], { kind: 'stop', graceSeconds: 5 })
  await world.act(['db'], { kind: 'rename', name: 'pg' })
  await world.act(['pg'], { kind: 'recreate' })
  expect(world.written).toEqual([
    'browser service.stop service db {"state":"running"} {"graceSeconds":5}',
    'browser service.stop service web {"state":"stopped"} {"graceSeconds":5}',
    'browser service.rename service db {"name":"db"} {"name":"pg"}',
    'browser service.recreate service pg {"state":"stopped"}',
  ])
})

test('a click shows on every row at once and ends with the truth, also when it failed', async () => {
  const world = await open({ db: 'running', web: 'running' })
  const told: string[] = []
  const release = world.docker.holdNext('restart')
  world.docker.failNext(new AppError('DOCKER_REFUSED', { status: 500, reason: 'no' }), 'restart')
  const stop = world.registry.follow((update) => {
    if (update.kind === 'change')
      told.push(...update.upserted.map(({ name, requested, state }) => `${name} ${requested ?? state.kind}`))
    return true
  })
  onTestFinished(stop)
  const acting = world.codeOf(world.act(['db', 'web'], { kind: 'restart', graceSeconds: 1 }))
  await vi.waitFor(() => expect(told.slice(0, 2)).toEqual(['db restart', 'web restart']))
  const busy = await world.codeOf(world.act(['db'], { kind: 'stop', graceSeconds: 1 }))
  release()
  expect([busy, await acting]).toEqual(['SERVICE_BUSY', 'ACTION_PARTLY_FAILED'])
  await vi.waitFor(() => expect(told.slice(-2).sort()).toEqual(['db running', 'web running']))
  expect(world.tasks.told.sort()).toEqual(['db failed SERVICE_BUSY', 'db done', 'web failed DOCKER_REFUSED'].sort())
})

test('for one service the failure is the error itself, for several a count with the first reason', async () => {
  const world = await open({ db: 'running', web: 'running' })
  const refuse = () => world.docker.failNext(new AppError('DOCKER_REFUSED', { status: 409, reason: 'no' }), 'pause')
  refuse()
  const single = await world.codeOf(world.act(['db'], { kind: 'pause' }))
  refuse()
  const several = await world.act(['db', 'web'], { kind: 'pause' }).catch((error) => error)
  const unknown = await world.codeOf(world.actions.act(['0'.repeat(64)], { kind: 'pause' }, 'cli'))
  world.docker.goUnreachable()
  const away = await world.codeOf(world.act(['db'], { kind: 'pause' }))
  expect({ single, several: [several.code, several.details], undo: world.tasks.specs.length, unknown, away }).toEqual({
    single: 'DOCKER_REFUSED',
    several: ['ACTION_PARTLY_FAILED', { failed: 1, total: 2, name: 'db', reason: 'Docker refused (409): no' }],
    undo: 3,
    unknown: 'SERVICE_NOT_FOUND',
    away: 'DOCKER_UNREACHABLE',
  })
})

test('giving up skips what has not begun, and no row stays busy', async () => {
  const world = await open(fakeCrowd(30, 30))
  const names = world.registry.services().map(({ name }) => name)
  const holds = [1, 2, 3, 4].map(() => world.docker.holdNext('stop'))
  const acting = world.codeOf(world.act(names, { kind: 'stop', graceSeconds: 1 }))
  await vi.waitFor(() => expect(world.docker.calls).toHaveLength(4))
  world.tasks.cancel()
  for (const release of holds) release()
  const code = await acting
  expect({
    code,
    begun: world.docker.calls.length,
    busy: world.registry.services().filter(({ requested }) => requested),
  }).toEqual({
    code: 'CANCELLED',
    begun: 4,
    busy: [],
  })
})

test('undoing a selection brings back what was', async () => {
  const world = await open({ a: 'running', b: 'stopped', c: 'running' })
  const states = () => world.registry.services().map(({ name, state }) => `${name} ${state.kind}`)
  const before = states()
  const { undo } = await world.act(['a', 'b', 'c'], { kind: 'stop', graceSeconds: 1 })
  const stopped = states()
  for (const { id, action } of undo) await world.actions.act([id], action, 'browser')
  expect([stopped, states()]).toEqual([['a stopped', 'b stopped', 'c stopped'], before])
})
