import { expect, onTestFinished, test, vi } from 'vitest'
import type { Service, ServicesUpdate } from '../../../shared/contracts/services.ts'
import { AppError } from '../../../shared/errors.ts'
import { type FakeSpec, fakeCrowd } from '../../docker/fake-containers.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import { silentLog } from '../../lib/log.ts'
import { createServiceRegistry } from './registry.ts'

const brief = ({ name, requested, state }: Service) => `${name} ${requested ?? state.kind}`

/** A registry with a subscriber that keeps what it was told, as a page does. */
function open(specs: Record<string, FakeSpec>) {
  const docker = createFakeDocker(specs)
  const inspects: string[] = []
  const inspect = docker.engine().inspect
  docker.engine().inspect = (id) => {
    inspects.push(id)
    return inspect(id)
  }
  const registry = createServiceRegistry(docker, silentLog, 1)
  onTestFinished(registry.stop)
  const told: string[] = []
  let mirror = new Map<string, Service>()
  const unfollow = registry.follow((update: ServicesUpdate) => {
    if (update.kind === 'snapshot') mirror = new Map(update.services.map((service) => [service.id, service]))
    else {
      for (const service of update.upserted) mirror.set(service.id, service)
      for (const id of update.removed) mirror.delete(id)
    }
    const what =
      update.kind === 'snapshot'
        ? update.services.map(brief)
        : [...update.upserted.map(brief), ...update.removed.map(() => 'removed')]
    told.push(`${update.kind}: ${what.join(', ')}`)
    return true
  })
  onTestFinished(unfollow)
  return { docker, registry, told, inspects, mirror: () => mirror }
}
/** Waits until nothing is under way any more. */
async function quiet(world: ReturnType<typeof open>): Promise<void> {
  let before = -1
  await vi.waitFor(
    () => {
      const now = world.told.length + world.inspects.length
      const still = now === before
      before = now
      if (!still) throw new Error('still going on')
    },
    { interval: 80 },
  )
}

test('a list stands at once, is filled in behind, and lives on events about single containers', async () => {
  const world = open({
    db: 'running',
    web: { state: { kind: 'running', startedAt: null }, restartCount: null },
    old: 'stopped',
  })
  const list = vi.spyOn(world.docker.engine(), 'list')
  await vi.waitFor(() => expect(world.told).toHaveLength(2))
  await quiet(world)
  const ids = ['db', 'web'].map(world.docker.id)
  expect(new Set(world.inspects)).toEqual(new Set(ids))

  world.docker.set('db', { state: { kind: 'stopped', exitCode: 137, outOfMemory: true, finishedAt: 1 } }, 'die')
  await vi.waitFor(() => expect(world.told).toHaveLength(3))
  world.docker.add('new', 'created')
  await vi.waitFor(() => expect(world.told).toHaveLength(4))
  await world.docker.engine().remove('old', { force: false, volumes: false })
  await vi.waitFor(() => expect(world.told).toHaveLength(5))
  await world.docker.engine().connectNetwork('back', world.docker.id('web'), [])
  await vi.waitFor(() => expect(world.told).toHaveLength(6))

  expect({ told: world.told, lists: list.mock.calls.length, inspects: world.inspects.length }).toEqual({
    told: [
      'snapshot: ',
      'snapshot: db running, web running, old stopped',
      'change: db stopped',
      'change: new created',
      'change: removed',
      'change: web running',
    ],
    lists: 0,
    inspects: 5,
  })
})

test('thousands of stopped ones cost one list and 500 inspections', async () => {
  const world = open(fakeCrowd(30_000))
  await quiet(world)
  expect([world.mirror().size, world.inspects.length]).toEqual([30_000, 500])
})

test('a storm of events about one container costs two inspections, health checks that go well none', async () => {
  const world = open({ db: { health: 'healthy' } })
  await quiet(world)
  world.inspects.length = 0
  for (let i = 0; i < 50; i++) world.docker.emit('health_status', 'db')
  for (let i = 0; i < 50; i++) world.docker.emit('exec_die', 'db')
  await quiet(world)
  expect(world.inspects).toHaveLength(2)
})

test('while Docker is away the last list stays, and the next connection brings a new one', async () => {
  const world = open({ db: 'running', web: 'running' })
  await quiet(world)
  world.docker.goUnreachable()
  await world.registry.refresh(world.docker.id('db'))
  const stale = [...world.mirror().values()].map(brief)
  world.docker.drop('web')
  world.docker.set('db', 'stopped')
  world.docker.comeBack()
  await quiet(world)
  expect([stale, [...world.mirror().values()].map(brief)]).toEqual([['db running', 'web running'], ['db stopped']])
})

test('what is requested hides what is observed until the action has ended', async () => {
  const world = open({ db: 'running' })
  await quiet(world)
  const id = world.docker.id('db')
  world.told.length = 0
  const release = world.registry.request(id, 'restart')
  const second = () => world.registry.request(id, 'stop')
  expect(second).toThrow(new AppError('SERVICE_BUSY', { name: 'db', action: 'restart' }))
  world.docker.set('db', 'stopped', 'die')
  await quiet(world)
  world.docker.set('db', 'running', 'start')
  await release()
  await quiet(world)
  expect([...new Set(world.told)]).toEqual(['change: db restart', 'change: db running'])
})

test('a container destroyed while it is inspected does not come back', async () => {
  const world = open({ db: 'running' })
  await quiet(world)
  const engine = world.docker.engine()
  const answer = await engine.inspect(world.docker.id('db'))
  const { promise, resolve } = Promise.withResolvers<typeof answer>()
  vi.spyOn(engine, 'inspect').mockReturnValueOnce(promise)
  world.docker.emit('die', 'db')
  await engine.remove('db', { force: true, volumes: false })
  resolve(answer)
  await quiet(world)
  expect([...world.mirror().keys()]).toEqual([])
})

test('after any sequence of events the mirror is what the engine has', async () => {
  const world = open(fakeCrowd(20, 10))
  await quiet(world)
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed % below
  }
  const truth = async () =>
    new Map((await world.docker.engine().list()).map((one) => [one.id, { ...one, requested: null }]))
  for (let round = 0; round < 20; round++) {
    for (let step = 0; step < 30; step++) {
      const names = [...(await truth()).values()].map(({ name }) => name)
      const name = names[random(names.length)]!
      const engine = world.docker.engine()
      const steps = [
        () => engine.stop(name, 1),
        () => engine.start(name),
        () => engine.restart(name, 1),
        () => engine.pause(name),
        () => engine.rename(name, `renamed-${round}-${step}`),
        () => engine.remove(name, { force: true, volumes: false }),
        () => world.docker.add(`added-${round}-${step}`, 'running'),
        () => world.docker.set(name, { health: 'unhealthy', failingStreak: step }, 'health_status'),
        () => {
          world.docker.goUnreachable()
          world.docker.set(name, 'stopped')
          world.docker.add(`missed-${round}-${step}`, 'created')
          world.docker.comeBack()
        },
      ]
      if (step % 7 === 0)
        world.docker.failNext(new AppError('DOCKER_REFUSED', { status: 500, reason: 'once' }), 'inspect')
      await Promise.resolve(steps[random(steps.length)]!()).catch(() => {})
    }
    await vi.waitFor(async () => expect(world.mirror()).toEqual(await truth()), { timeout: 5000, interval: 10 })
  }
})
