import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { fakeCrowd } from './fake-containers.ts'
import { createFakeDocker } from './fake-docker.ts'

const names = async (docker: ReturnType<typeof createFakeDocker>) =>
  (await docker.engine().list()).map(({ name, state }) => `${name} ${state.kind}`)

test('actions change the list and tell the events that a real engine tells', async () => {
  const docker = createFakeDocker({ db: 'running', web: 'stopped' })
  const told: string[] = []
  docker.onEvent(({ action, id }) => told.push(`${action} ${id === docker.id('db') ? 'db' : 'other'}`))

  await docker.engine().restart('db', 10)
  const inspected = await docker.engine().inspect('web')
  await docker.engine().rename('web', 'web-old')
  await docker.engine().createLike(inspected!, 'web')
  await docker.engine().remove('web-old', { force: false, volumes: false })

  expect({ list: await names(docker), told, calls: docker.calls }).toEqual({
    list: ['db running', 'web created'],
    told: ['die db', 'start db', 'restart db', 'rename other', 'create other', 'destroy other'],
    calls: ['restart db', 'rename web', 'createLike web', 'remove web-old'],
  })
})

test('a request can be held and can fail, and an unreachable engine fails all', async () => {
  const docker = createFakeDocker({ db: 'running' })
  const seen: string[] = []
  const ask = () =>
    docker
      .engine()
      .stop('db', 1)
      .then(
        () => seen.push('stopped'),
        (error) => seen.push(error.code),
      )

  const release = docker.holdNext('stop')
  docker.failNext(new AppError('DOCKER_REFUSED', { status: 500, reason: 'no' }), 'stop')
  const held = ask()
  seen.push('held')
  release()
  await held
  docker.goUnreachable()
  expect(() => docker.engine()).toThrow('Docker does not answer')
  docker.comeBack()
  await ask()

  expect(seen).toEqual(['held', 'DOCKER_REFUSED', 'stopped'])
})

test('a crowd of 30,000 is a list', async () => {
  expect(await createFakeDocker(fakeCrowd(30_000)).engine().list()).toHaveLength(30_000)
})

test('logs, readings and commands are played by the test', async () => {
  const docker = createFakeDocker({ db: { details: { tty: true } } })
  const { signal } = new AbortController()
  docker.log('db').write('first')
  docker.log('db').write('second')
  const log = await docker.engine().logs('db', { tail: 1, follow: true, timestamps: false, signal })
  const readings = docker.engine().stats('db', signal)
  const reading = readings[Symbol.asyncIterator]().next()
  docker.stats('db').push({ time: 1, cpuNanoseconds: 2, memoryBytes: 3 })
  const exec = await docker.engine().exec('db', { command: ['sh'], columns: 80, rows: 24 })
  exec.stream.write('ls\n')
  docker.execs[0]!.print('bin\n')
  docker.execs[0]!.exit(0)
  await docker.engine().stop('db', 1)

  expect({
    log: Buffer.concat(await log.toArray()).toString(),
    reading: (await reading).value,
    typed: docker.execs[0]!.typed,
    exec: await exec.inspect(),
  }).toEqual({
    log: 'second\n',
    reading: { time: 1, cpuNanoseconds: 2, memoryBytes: 3 },
    typed: 'ls\n',
    exec: { running: false, exitCode: 0, pid: 4242 },
  })
})
