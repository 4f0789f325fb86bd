import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  docker as cli,
  dockerMissing,
  ensureTestImage,
  runContainer,
  testImage,
  testLabel,
  testName,
} from '../../../tests/lib/docker.ts'
import { silentLog } from '../lib/log.ts'
import { createScope } from '../lib/scope.ts'
import { createCgroupReader } from './cgroup.ts'
import { connectDocker } from './connection.ts'
import type { DockerEngine, DockerEvent, EngineStats } from './engine.ts'

const missing = dockerMissing()

describe.skipIf(missing !== null)(`a real engine [needs ${missing ?? 'nothing more'}]`, () => {
  const scope = createScope()
  let engine: DockerEngine
  let events: DockerEvent[]
  beforeEach(async () => {
    ensureTestImage()
    const connection = connectDocker({ log: silentLog })
    scope.add(connection.stop)
    events = []
    connection.onEvent((event) => events.push(event))
    await new Promise<void>((resolve) => connection.follow((state) => state.kind === 'ready' && resolve()))
    engine = connection.engine()
  })
  afterEach(() => scope.close())

  const removeContainer = (id: string) => void spawnSync('docker', ['rm', '-fv', id], { stdio: 'ignore' })
  /** Starts a container that this test alone removes: other files run beside it. */
  function run(name: string, command: string[], ...options: string[]): string {
    removeContainer(testName(name))
    const id = runContainer(name, command, ...options)
    scope.add(() => removeContainer(id))
    return id
  }
  const row = async (id: string) => (await engine.list()).find((container) => container.id === id)
  const told = (id: string) => events.filter((event) => event.id === id).map(({ action }) => action)
  const { signal } = new AbortController()

  test('list and inspect agree on a running container', async () => {
    const id = run(
      'shop',
      ['sleep', '1000'],
      ...['--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.service=web'],
      ...['-p', '127.0.0.1::80', '-e', 'A=b=c', '--memory', '64m', '--cpus', '0.5', '--restart', 'on-failure:3'],
    )
    const listed = await row(id)
    const inspected = await engine.inspect(id)

    expect(listed).toMatchObject({
      name: testName('shop'),
      image: testImage,
      project: 'shop',
      projectService: 'web',
      state: { kind: 'running', startedAt: null },
      health: 'none',
      networks: ['bridge'],
      ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: expect.any(Number) }],
    })
    expect(inspected?.container).toEqual({
      ...listed,
      state: { kind: 'running', startedAt: expect.any(Number) },
      restartCount: 0,
      createdAt: expect.any(Number),
    })
    expect(inspected?.details).toMatchObject({
      command: ['sleep', '1000'],
      hostname: id.slice(0, 12),
      restartPolicy: { name: 'on-failure', maximumRetryCount: 3 },
      memoryLimit: 64 * 1024 * 1024,
      cpuLimit: 0.5,
      environment: expect.arrayContaining([{ name: 'A', value: 'b=c' }]),
      pid: expect.any(Number),
    })
    expect(await engine.inspect('no-such-container')).toBeNull()
  })

  test('does what it is asked and tells the events of it', async () => {
    const id = run('db', ['sleep', '1000'])
    await engine.pause(id)
    expect((await row(id))?.state.kind).toBe('paused')
    await engine.unpause(id)
    await engine.stop(id, 10)
    await engine.stop(id, 10)
    expect((await row(id))?.state).toMatchObject({ kind: 'stopped', exitCode: 143 })
    await engine.start(id)
    await engine.start(id)
    await engine.setRestartPolicy(id, { name: 'unless-stopped', maximumRetryCount: 5 })
    await engine.rename(id, testName('renamed'))
    await engine.restart(id, 0)
    await engine.kill(id, 'SIGKILL')
    await vi.waitFor(() => expect(told(id).at(-1)).toBe('die'))
    expect((await engine.inspect(id))?.details).toMatchObject({
      name: testName('renamed'),
      restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
    })
    expect(await engine.writableBytes(id)).toEqual(expect.any(Number))
    await engine.remove(id, { force: true, volumes: true })
    await vi.waitFor(() => expect(told(id)).toContain('destroy'))

    // How `stop` and `die` follow each other is a race inside the engine, and each signal that it sends is one `kill`.
    const heard = told(id).filter((action) => action !== 'kill')
    expect(heard.sort()).toEqual(
      [
        ...['create', 'start', 'pause', 'unpause', 'die', 'stop', 'start', 'update', 'rename'],
        ...['die', 'stop', 'start', 'restart', 'die', 'destroy'],
      ].sort(),
    )
  })

  test('says in its own words what it refuses', async () => {
    const id = run('one', ['sleep', '1000'])
    const code = (error: { code: string }) => error.code
    expect([
      await engine.start('no-such-container').catch(code),
      await engine.removeImage('no-such-image:9', false).catch(code),
      await engine.kill(id, 'SIGNONSENSE').catch(code),
      await engine.rename(id, testName('one')).catch(code),
      await engine.logs('no-such-container', { tail: 1, follow: false, timestamps: false, signal }).catch(code),
      await engine.stop(id, 0, AbortSignal.abort()).catch(code),
    ]).toEqual([
      'SERVICE_NOT_FOUND',
      'IMAGE_NOT_FOUND',
      'DOCKER_REFUSED',
      'DOCKER_REFUSED',
      'SERVICE_NOT_FOUND',
      'CANCELLED',
    ])
  })

  test('hears when the health of a container changes', async () => {
    const health = ['--health-cmd', 'test ! -e /tmp/ill', '--health-interval', '1s', '--health-retries', '1']
    const id = run('ill', ['sleep', '1000'], ...health)
    await vi.waitFor(async () => expect((await row(id))?.health).toBe('healthy'), { timeout: 10_000 })
    cli('exec', id, 'sh', '-c', 'echo > /tmp/ill')
    await vi.waitFor(async () => expect((await row(id))?.health).toBe('unhealthy'), { timeout: 10_000 })

    const { container, details } = (await engine.inspect(id))!
    expect(container).toMatchObject({ health: 'unhealthy', failingStreak: expect.any(Number) })
    expect(details.health).toMatchObject({
      status: 'unhealthy',
      test: ['CMD-SHELL', 'test ! -e /tmp/ill'],
      intervalSeconds: 1,
      retries: 1,
      checks: expect.arrayContaining([expect.objectContaining({ exitCode: 1 })]),
    })
    const heard = told(id)
    expect(heard.filter((action) => action === 'health_status')).toHaveLength(2)
    // Each check ends with one event; that it began is not asked for.
    expect([heard.includes('exec_die'), heard.includes('exec_start')]).toEqual([true, false])
  })

  test('another container like the first has its volume, networks, aliases and limits', async () => {
    const network = testName('net')
    cli('network', 'create', '--label', testLabel, '--subnet', '10.213.77.0/24', network)
    scope.add(() => void cli('network', 'rm', network))
    const second = testName('net-two')
    cli('network', 'create', '--label', testLabel, second)
    scope.add(() => void cli('network', 'rm', second))
    const id = run(
      'data',
      ['sleep', '1000'],
      ...['-v', '/data', '--network', network, '--ip', '10.213.77.9', '--network-alias', 'store', '--memory', '64m'],
    )
    await engine.connectNetwork(second, id, ['deep'])
    cli('exec', id, 'sh', '-c', 'echo kept > /data/file')
    await engine.stop(id, 0)
    const before = (await engine.inspect(id))!
    await engine.rename(id, testName('data-old'))
    const made = await engine.createLike(before, testName('data'))
    scope.add(() => removeContainer(made))
    await engine.remove(id, { force: true, volumes: false })
    await engine.start(made)

    const after = (await engine.inspect(made))!
    expect(cli('exec', made, 'cat', '/data/file')).toBe('kept')
    expect(after.details.mounts).toEqual(before.details.mounts)
    expect(after.details.hostname).toBe(made.slice(0, 12))
    expect(after.details).toMatchObject({ memoryLimit: before.details.memoryLimit, command: ['sleep', '1000'] })
    expect(after.details.networks.map(({ name, aliases }) => ({ name, aliases }))).toEqual([
      { name: network, aliases: ['store'] },
      { name: second, aliases: ['deep'] },
    ])
    expect(after.details.networks[0]?.ipAddress).toBe('10.213.77.9')
    await engine.disconnectNetwork(second, made)
    expect((await row(made))?.networks).toEqual([network])
    expect((await engine.networks()).map(({ name }) => name)).toEqual(expect.arrayContaining(['bridge', network]))
    expect((await engine.images()).find(({ tags }) => tags.includes(testImage))).toMatchObject({
      sizeBytes: expect.any(Number),
    })
    await engine.remove(made, { force: true, volumes: true })
    expect(cli('volume', 'ls', '-q').split('\n')).not.toContain(after.details.mounts[0]?.source)
  })

  test('logs end by themselves, or follow until they are cut', async () => {
    const id = run('talk', ['sh', '-c', 'echo one; echo two; sleep 1000'], '--tty')
    const options = { tail: 1, timestamps: false, signal }
    await vi.waitFor(async () => {
      const log = await engine.logs(id, { ...options, follow: false })
      expect(Buffer.concat(await log.toArray()).toString()).toBe('two\r\n')
    })
    const cut = new AbortController()
    const following = await engine.logs(id, { ...options, follow: true, signal: cut.signal })
    const [first] = await following.take(1).toArray()
    cut.abort()
    expect(first.toString()).toBe('two\r\n')
    await vi.waitFor(() => expect(following.destroyed).toBe(true))
  })

  test('the cgroup files say what the stream says', async () => {
    const id = run('busy', ['sh', '-c', 'while true; do :; done'], '--cpus', '0.2')
    const { details } = (await engine.inspect(id))!
    const cut = new AbortController()
    const streamed: EngineStats[] = []
    for await (const reading of engine.stats(id, cut.signal)) {
      streamed.push(reading)
      if (streamed.length === 3) cut.abort()
    }
    const last = streamed.at(-1)!
    expect(last.cpuNanoseconds).toBeGreaterThan(streamed[0]!.cpuNanoseconds)

    if (!engine.local) return
    const reader = createCgroupReader()
    const paths = await reader.locate(id, details.pid!)
    const files = reader.open(paths!)!
    const read = files.read()!
    // A fifth of a core runs on between the two readings.
    expect(Math.abs(read.cpuNanoseconds - last.cpuNanoseconds)).toBeLessThan(1e9)
    expect(Math.abs(read.memoryBytes - last.memoryBytes)).toBeLessThan(4 * 1024 * 1024)
    await engine.remove(id, { force: true, volumes: true })
    expect([files.read(), reader.open(paths!)]).toEqual([null, null])
    files.close()
  })

  test('a command with a terminal of the asked size answers, and tells how it ended', async () => {
    const id = run('shell', ['sleep', '1000'])
    const command = ['sh', '-c', 'read word; echo "$word $TERM $MARK"; stty size; exit 7']
    const session = await engine.exec(id, { command, columns: 91, rows: 33, environment: ['MARK=here'] })
    let output = ''
    session.stream.on('data', (chunk) => {
      output += chunk
    })
    expect(await session.inspect()).toEqual({ running: true, exitCode: null, pid: expect.any(Number) })
    await session.resize(100, 40)
    session.stream.write('hello\n')
    await new Promise((resolve) => session.stream.once('close', resolve).once('end', resolve))

    expect(output.split('\r\n')).toEqual(['hello', 'hello xterm-256color here', '40 100', ''])
    await vi.waitFor(async () => expect(await session.inspect()).toMatchObject({ running: false, exitCode: 7 }))
    await session.resize(1, 1)
    const failing = engine.exec(id, { command: ['/no/such/shell'], columns: 1, rows: 1 })
    const ended = await failing.then((other) => vi.waitFor(async () => (await other.inspect()).exitCode))
    expect(ended).not.toBe(0)
  })
})
