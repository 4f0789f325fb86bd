import { expect, onTestFinished, test, vi } from 'vitest'
import { createScriptedTasks } from '../../../../tests/lib/scripted-tasks.ts'
import type { DetailsUpdate, ServiceDetails } from '../../../shared/contracts/services.ts'
import type { FakeSpec } from '../../docker/fake-containers.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import type { AuditSubject } from '../../lib/audit.ts'
import { silentLog } from '../../lib/log.ts'
import { serviceHandlers } from './handlers.ts'
import { createServiceRegistry } from './registry.ts'

const caller = { actor: 'browser' } as const
const health = (streak: number): ServiceDetails['health'] => ({
  status: 'healthy',
  failingStreak: streak,
  test: ['CMD', 'check', '--token', 'abc'],
  intervalSeconds: 1,
  timeoutSeconds: 1,
  retries: 3,
  checks: [{ startedAt: 1, endedAt: 2, exitCode: streak, output: 'redis://:hunter2@cache' }],
})

function open(specs: Record<string, FakeSpec>) {
  const docker = createFakeDocker(specs)
  const registry = createServiceRegistry(docker, silentLog, 1)
  onTestFinished(registry.stop)
  const noted: AuditSubject[] = []
  const audit = {
    perform: <T>(_: AuditSubject, work: () => Promise<T>) => work(),
    note: (one: AuditSubject) => void noted.push(one),
  }
  const handlers = serviceHandlers({ docker, registry, audit, tasks: createScriptedTasks(), log: silentLog })
  const follow = (id: string) => {
    const told: DetailsUpdate[] = []
    onTestFinished(handlers.onDetails((update) => told.push(update) > 0, { id }, caller))
    return told
  }
  return { docker, noted, handlers, follow }
}

test('details tell the present, each change, each health check, and the end', async () => {
  const world = open({ db: { health: 'healthy', details: { health: health(0) } } })
  const told = world.follow(world.docker.id('db'))
  const brief = () =>
    told.map((one) => (one.kind === 'gone' ? 'gone' : `${one.details.name} ${one.details.health?.checks[0]?.exitCode}`))
  await vi.waitFor(() => expect(brief()).toEqual(['db 0']))
  // The engine tells the end of the check first and writes its result a moment later.
  world.docker.emit('exec_die', 'db')
  world.docker.set('db', { details: { health: health(1) } })
  await vi.waitFor(() => expect(brief()).toEqual(['db 0', 'db 1']))
  await world.docker.engine().rename('db', 'pg')
  await vi.waitFor(() => expect(told).toHaveLength(3))
  await world.docker.engine().remove('pg', { force: true, volumes: false })
  await vi.waitFor(() => expect(told).toHaveLength(4))
  expect(brief()).toEqual(['db 0', 'db 1', 'pg 1', 'gone'])
})

test('no secret leaves main, wherever it stands; one is revealed by name and written down without its value', async () => {
  const world = open({
    db: {
      details: {
        environment: [
          { name: 'PASSWORD', value: 'hunter2' },
          { name: 'URL', value: 'postgres://u:hunter2@db' },
          { name: 'MODE', value: 'fast' },
        ],
        command: ['serve', '--token', 'hunter2'],
        labels: [
          { name: 'auth.password', value: 'hunter2' },
          { name: 'note', value: 'see redis://:hunter2@cache' },
        ],
        error: 'exec: password=hunter2',
        health: health(0),
      },
    },
  })
  const id = world.docker.id('db')
  const told = world.follow(id)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  const value = await world.handlers.revealEnvironment({ id, name: 'PASSWORD' }, caller)
  const unknown = await Promise.resolve(world.handlers.revealEnvironment({ id, name: 'NONE' }, caller)).catch(
    (error) => error.code,
  )
  const [update] = told
  const details = update?.kind === 'details' ? update.details : null
  expect({
    leaked: JSON.stringify(told).includes('hunter2'),
    environment: details?.environment.map((one) => one.value),
    command: details?.command,
    labels: details?.labels.map((one) => one.value),
    value,
    unknown,
    noted: world.noted,
  }).toEqual({
    leaked: false,
    environment: [null, null, 'fast'],
    command: ['serve', '--token', '***'],
    labels: ['***', 'see redis://:***@cache'],
    value: { value: 'hunter2' },
    unknown: 'BAD_INPUT',
    noted: [
      {
        actor: 'browser',
        action: 'environment.reveal',
        target: 'service db',
        targetId: id,
        after: { variables: ['PASSWORD'] },
      },
    ],
  })
})

test('asked while Docker is away, details come with the next connection', async () => {
  const world = open({ db: 'running' })
  world.docker.goUnreachable()
  const told = world.follow(world.docker.id('db'))
  world.docker.comeBack()
  await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toEqual(['details']))
})

test('a removal tells what is lost and what stays', async () => {
  const mount = (source: string, kind: 'volume' | 'bind', anonymous: boolean) => ({
    kind,
    source,
    target: `/${source}`,
    readOnly: false,
    anonymous,
  })
  const world = open({
    db: {
      details: { mounts: [mount('abc', 'volume', true), mount('data', 'volume', false), mount('srv', 'bind', false)] },
    },
    web: 'stopped',
  })
  const ids = [world.docker.id('web'), '0'.repeat(64), world.docker.id('db')]
  expect(await world.handlers.previewRemoval({ ids }, caller)).toEqual({
    items: [
      { id: ids[0], name: 'web', running: false, writableBytes: 4096, anonymousVolumes: [], kept: [] },
      {
        id: ids[2],
        name: 'db',
        running: true,
        writableBytes: 4096,
        anonymousVolumes: [{ name: 'abc', target: '/abc' }],
        kept: ['data', 'srv'],
      },
    ],
  })
})
