import { expect, onTestFinished, test, vi } from 'vitest'
import type { Notice } from '../../../shared/contracts/notices.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DockerEngine } from '../../docker/engine.ts'
import { type FakeSpec, fakeEpoch, fakeState } from '../../docker/fake-containers.ts'
import { createFakeDocker, type FakeDocker } from '../../docker/fake-docker.ts'
import { silentLog } from '../../lib/log.ts'
import { mendRecreates } from './mend-recreates.ts'
import { asideName, nameBefore, recreate } from './recreate.ts'
import { createServiceRegistry } from './registry.ts'

const ended: FakeSpec = { state: { kind: 'stopped', exitCode: 0, outOfMemory: false, finishedAt: fakeEpoch - 1 } }
const changing = ['rename', 'createLike', 'stop', 'start', 'pause', 'remove'] as const
const { signal } = new AbortController()

async function picture(docker: FakeDocker): Promise<string[]> {
  return (await docker.engine().list())
    .map(({ name, state }) => `${name.replace(/[0-9a-f]{12}$/, 'ID')} ${state.kind}`)
    .sort()
}
const recreateDb = async (docker: FakeDocker, engine: DockerEngine = docker.engine(), stop = signal) =>
  await recreate(engine, (await docker.engine().inspect('db'))!, stop)

test('a running one is replaced by a running copy, a stopped one by one that never ran', async () => {
  const running = createFakeDocker({ db: 'running' })
  const paused = createFakeDocker({ db: 'paused' })
  const stopped = createFakeDocker({ db: ended })
  const remove = vi.spyOn(running.engine(), 'remove')
  const [old] = [running.id('db')]
  const copy = await recreateDb(running)
  await recreateDb(paused)
  await recreateDb(stopped)
  expect({
    renewed: copy !== old && copy === running.id('db'),
    running: await picture(running),
    paused: await picture(paused),
    stopped: await picture(stopped),
    volumes: remove.mock.calls,
  }).toEqual({
    renewed: true,
    running: ['db running'],
    paused: ['db paused'],
    stopped: ['db created'],
    volumes: [[old, { force: true, volumes: false }]],
  })
})

test.for(['rename', 'createLike', 'stop', 'start'] as const)('when %s fails, all is as before', async (method) => {
  const docker = createFakeDocker({ db: 'running' })
  const id = docker.id('db')
  docker.failNext(new AppError('DOCKER_REFUSED', { status: 500, reason: 'no space left' }), method)
  const error = await recreateDb(docker).catch((error) => error)
  expect({
    code: error.code,
    reason: error.details.reason,
    picture: await picture(docker),
    same: docker.id('db') === id,
  }).toEqual({
    code: 'RECREATE_ROLLED_BACK',
    reason: 'Docker refused (500): no space left',
    picture: ['db running'],
    same: true,
  })
})

test('giving up in the middle puts the old one back', async () => {
  const docker = createFakeDocker({ db: 'running' })
  const controller = new AbortController()
  const release = docker.holdNext('stop')
  const recreating = recreateDb(docker, docker.engine(), controller.signal).catch((error) => error.code)
  await vi.waitFor(() => expect(docker.calls).toHaveLength(3))
  controller.abort()
  release()
  expect([await recreating, await picture(docker)]).toEqual(['CANCELLED', ['db running']])
})

test('one that removes itself when it stops is refused untouched', async () => {
  const docker = createFakeDocker({ db: { details: { autoRemove: true } } })
  const code = await recreateDb(docker).catch((error) => error.code)
  expect([code, docker.calls]).toEqual(['RECREATE_AUTO_REMOVED', []])
})

/** The engine as a console sees it that is killed after so many changes. */
function dyingAfter(changes: number, engine: DockerEngine): DockerEngine {
  let left = changes
  return new Proxy(engine, {
    get(target, key: keyof DockerEngine) {
      const method = target[key]
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        if (left === 0) throw new Error('killed')
        if (changing.some((name) => name === key)) left--
        return await (method as (...args: unknown[]) => Promise<unknown>).apply(target, args)
      }
    },
  })
}

/** The next console on that engine: answers its notices once it has put things right. */
async function nextConsole(docker: FakeDocker): Promise<Notice['details'][]> {
  const registry = createServiceRegistry(docker, silentLog)
  const notices: Notice['details'][] = []
  const notify = ({ details }: Pick<Notice, 'details'>) => void notices.push(details)
  const stop = mendRecreates({ docker, registry, notify, log: silentLog, settleMs: 1 })
  onTestFinished(() => {
    stop()
    registry.stop()
  })
  await vi.waitFor(() => expect(notices).toHaveLength(1))
  return notices
}

test.for([
  { ran: true, changes: 1, left: ['db-before-recreate-ID running'], mended: ['db running'] },
  { ran: true, changes: 2, left: ['db created', 'db-before-recreate-ID running'], mended: ['db running'] },
  { ran: true, changes: 3, left: ['db created', 'db-before-recreate-ID stopped'], mended: ['db running'] },
  {
    ran: true,
    changes: 4,
    left: ['db running', 'db-before-recreate-ID stopped'],
    mended: ['db running', 'db-before-recreate-ID stopped'],
  },
  { ran: false, changes: 1, left: ['db-before-recreate-ID stopped'], mended: ['db stopped'] },
  { ran: false, changes: 2, left: ['db created', 'db-before-recreate-ID stopped'], mended: ['db stopped'] },
])('a console killed after $changes changes (ran: $ran) leaves what the next one puts right', async (story) => {
  const docker = createFakeDocker({ db: story.ran ? 'running' : ended })
  const id = docker.id('db')
  await recreateDb(docker, dyingAfter(story.changes, docker.engine())).catch(() => {})
  const left = await picture(docker)
  const [notice] = await nextConsole(docker)
  const kept = story.mended.length > 1
  expect({ left, notice, mended: await picture(docker), same: docker.id('db') === id }).toEqual({
    left: story.left,
    notice: { action: 'service.recreate', target: 'service db', name: 'db', state: kept ? 'both-kept' : 'restored' },
    mended: story.mended,
    same: !kept,
  })
})

test('a rollback that is cut off is finished by the next console', async () => {
  for (const changes of [4, 5]) {
    const docker = createFakeDocker({ db: 'running' })
    docker.failNext(new Error('port is taken'), 'start')
    const error = await recreateDb(docker, dyingAfter(changes, docker.engine())).catch((error) => error)
    expect(error.code).toBe('RECREATE_NOT_ROLLED_BACK')
    await nextConsole(docker)
    expect(await picture(docker)).toEqual(['db running'])
  }
})

test('what stands in the place of the name but is no copy is left alone', async () => {
  const docker = createFakeDocker({ db: ended })
  await docker.engine().rename('db', asideName('db', docker.id('db')))
  docker.add('db', { state: fakeState('created'), details: { command: ['other'] } })
  const [notice] = await nextConsole(docker)
  expect([notice?.['state'], await picture(docker)]).toEqual([
    'both-kept',
    ['db created', 'db-before-recreate-ID stopped'],
  ])
})

test('only a container that carries its own id in its name was set aside', () => {
  const id = 'abcdef012345abcdef'
  expect([
    nameBefore({ id, name: asideName('my-db', id) }),
    nameBefore({ id: 'ffff', name: asideName('my-db', id) }),
    nameBefore({ id, name: 'db' }),
  ]).toEqual(['my-db', null, null])
})
