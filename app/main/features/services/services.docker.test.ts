import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  docker as cli,
  dockerMissing,
  ensureTestImage,
  runContainer,
  testImage,
  testLabel,
  testName,
} from '../../../../tests/lib/docker.ts'
import { createScriptedTasks } from '../../../../tests/lib/scripted-tasks.ts'
import { ServiceAction } from '../../../shared/contracts/services.ts'
import { connectDocker } from '../../docker/connection.ts'
import { silentLog } from '../../lib/log.ts'
import { serviceHandlers } from './handlers.ts'
import { mendRecreates } from './mend-recreates.ts'
import { asideName } from './recreate.ts'
import { createServiceRegistry } from './registry.ts'

const missing = dockerMissing()
const caller = { actor: 'browser' } as const
// A label of this file alone: other tests of this checkout clean up by the common one, maybe at the same moment.
const own = 'dev.pilothouse.services-test=1'
const made = () =>
  cli('ps', '-aq', '--filter', `label=${testLabel}`, '--filter', `label=${own}`).split('\n').filter(Boolean)
function clean(): void {
  if (made().length > 0) cli('rm', '-fv', ...made())
}
async function open() {
  const docker = connectDocker({ log: silentLog })
  const registry = createServiceRegistry(docker, silentLog)
  onTestFinished(async () => {
    registry.stop()
    await docker.stop()
  })
  const audit = { perform: <T>(_: unknown, work: () => Promise<T>) => work(), note: () => {} }
  const tasks = createScriptedTasks()
  const handlers = serviceHandlers({ docker, registry, audit, tasks, log: silentLog })
  const act = async (id: string, action: unknown) =>
    await handlers.act({ ids: [id], action: ServiceAction.parse(action) }, caller)
  const start = (name: string, command: string[], ...options: string[]) =>
    runContainer(`services-${name}`, command, '--label', own, ...options)
  const named = (name: string) => registry.services().find((one) => one.name === testName(`services-${name}`))
  const stateOf = (name: string) => named(name)?.state.kind ?? 'gone'
  return { docker, registry, handlers, act, start, named, stateOf }
}

// An engine under load takes seconds for what it does in a tenth of one otherwise.
const patient = { timeout: 20_000 }
describe.skipIf(missing !== null)('on a real engine [needs a Docker engine that answers]', { timeout: 90_000 }, () => {
  beforeAll(() => {
    ensureTestImage()
    clean()
  }, 60_000)
  afterAll(clean, 60_000)

  test('actions do to a real container what they say', async () => {
    const { act, start, stateOf, registry } = await open()
    const id = start('acts', ['sleep', '1000'])
    await vi.waitFor(() => expect(stateOf('acts')).toBe('running'), patient)
    const told: string[] = []
    onTestFinished(
      registry.watch(id, (details) => void told.push(details ? `${details.name} ${details.exitCode ?? 'up'}` : 'gone')),
    )

    const stop = await act(id, { kind: 'stop', graceSeconds: 5 })
    const stopped = stateOf('acts')
    await act(id, stop.undo[0]!.action)
    const startedAt = cli('inspect', '-f', '{{.State.StartedAt}}', id)
    await act(id, { kind: 'restart', graceSeconds: 1 })
    const restarted = cli('inspect', '-f', '{{.State.StartedAt}}', id) !== startedAt
    await act(id, { kind: 'pause' })
    const paused = stateOf('acts')
    await act(id, { kind: 'unpause' })
    const policy = await act(id, { kind: 'setRestartPolicy', policy: { name: 'on-failure', maximumRetryCount: 3 } })
    const retries = cli('inspect', '-f', '{{.HostConfig.RestartPolicy.MaximumRetryCount}}', id)
    const rename = await act(id, { kind: 'rename', name: testName('services-renamed') })
    const renamed = stateOf('renamed')
    await act(id, rename.undo[0]!.action)
    await act(id, { kind: 'remove', force: true, volumes: true })
    expect({
      stopped,
      restarted,
      paused,
      retries,
      undo: policy.undo[0]?.action,
      renamed,
      now: stateOf('acts'),
      last: told.at(-1),
    }).toEqual({
      stopped: 'stopped',
      restarted: true,
      paused: 'paused',
      retries: '3',
      undo: { kind: 'setRestartPolicy', policy: { name: 'no', maximumRetryCount: 0 } },
      renamed: 'running',
      now: 'gone',
      last: 'gone',
    })
  })

  test('a recreate keeps an anonymous volume, a removal says what goes', async () => {
    const { act, start, named, stateOf, handlers } = await open()
    const id = start(
      'data',
      ['sh', '-c', 'echo kept > /data/file; sleep 1000'],
      '-v',
      '/data',
      '-e',
      'PASSWORD=hunter2',
    )
    await vi.waitFor(() => expect(stateOf('data')).toBe('running'), patient)
    await vi.waitFor(() => expect(cli('exec', id, 'cat', '/data/file')).toBe('kept'), patient)
    cli('exec', id, 'sh', '-c', 'echo in-the-layer > /tmp/file')
    const before = await handlers.previewRemoval({ ids: [id] }, caller)
    const [volume] = before.items[0]!.anonymousVolumes

    await act(id, { kind: 'recreate' })
    await vi.waitFor(() => expect(named('data')?.id).not.toBe(id), patient)
    const copy = named('data')!.id
    const kept = cli('exec', copy, 'cat', '/data/file')
    const after = await handlers.previewRemoval({ ids: [copy] }, caller)
    await act(copy, { kind: 'remove', force: true, volumes: false })
    const left = cli('volume', 'ls', '-q', '--filter', `name=${volume!.name}`)
    cli('volume', 'rm', volume!.name)

    expect({
      target: volume!.target,
      written: (before.items[0]!.writableBytes ?? 0) > 0,
      kept,
      same: after.items[0]!.anonymousVolumes,
      old: cli('ps', '-aq', '--filter', `id=${id}`),
      left,
    }).toEqual({ target: '/data', written: true, kept: 'kept', same: [volume], old: '', left: volume!.name })
  })

  test('a recreate that cannot start is undone', async () => {
    const { act, start, named, stateOf, docker } = await open()
    const id = start('undo', ['sleep', '1000'], '-v', '/data')
    await vi.waitFor(() => expect(stateOf('undo')).toBe('running'), patient)
    const engine = docker.engine()
    const refusing = vi.spyOn(engine, 'start').mockRejectedValueOnce(new Error('port is taken'))
    const code = await act(id, { kind: 'recreate' }).catch((error) => error.code)
    refusing.mockRestore()
    await vi.waitFor(() => expect(named('undo')?.id === id && stateOf('undo')).toBe('running'), patient)
    expect(code).toBe('RECREATE_ROLLED_BACK')
  })

  test('a recreate that a killed console left half done is put back by the next one', async () => {
    const { start, named, stateOf, docker } = await open()
    const id = start('left', ['sleep', '1000'], '-v', '/data')
    await vi.waitFor(() => expect(stateOf('left')).toBe('running'), patient)
    const engine = docker.engine()
    // As it is between stopping the old one and starting the copy.
    const inspected = await engine.inspect(id)
    await engine.rename(id, asideName(inspected!.container.name, id))
    await engine.createLike(inspected!, inspected!.container.name)
    await engine.stop(id, 1)
    const notices: unknown[] = []
    const next = connectDocker({ log: silentLog })
    const nextRegistry = createServiceRegistry(next, silentLog)
    const stop = mendRecreates({
      docker: next,
      registry: nextRegistry,
      notify: ({ details }) => void notices.push(details),
      log: silentLog,
      settleMs: 200,
    })
    onTestFinished(async () => {
      stop()
      nextRegistry.stop()
      await next.stop()
    })
    await vi.waitFor(() => expect(notices).toHaveLength(1), patient)
    await vi.waitFor(() => expect(named('left')?.id === id && stateOf('left')).toBe('running'), patient)
    const names = made().map((one) => cli('inspect', '-f', '{{.Name}}', one))
    expect(names.filter((name) => name.includes('services-left'))).toEqual([`/${testName('services-left')}`])
  })

  test('the run line makes the same container', async () => {
    const { start, stateOf, handlers, act } = await open()
    const id = start(
      'line',
      ['sh', '-c', 'echo "$GREETING"; sleep 1000'],
      ...[
        '-e',
        "GREETING=it's $HOME",
        '-p',
        '127.0.0.1::80/udp',
        '--memory',
        '32m',
        '--cpus',
        '0.5',
        '--workdir',
        '/tmp',
      ],
      ...[
        '--health-cmd',
        'test -d /tmp',
        '--health-interval',
        '7s',
        '--cap-add',
        'NET_ADMIN',
        '--restart',
        'on-failure:2',
      ],
    )
    await vi.waitFor(() => expect(stateOf('line')).toBe('running'), patient)
    const { command } = await handlers.runCommand({ id, reveal: true }, caller)
    const shape = () =>
      cli(
        'inspect',
        '-f',
        '{{json .Config.Env}} {{json .Config.Cmd}} {{json .Config.Healthcheck}} {{json .Config.Labels}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.CapAdd}} {{json .HostConfig.RestartPolicy}} {{json .HostConfig.PortBindings}}',
        testName('services-line'),
      )
    const before = shape()
    await act(id, { kind: 'remove', force: true, volumes: true })
    execFileSync('sh', ['-c', command])
    expect([shape(), command.includes(testImage)]).toEqual([before, true])
  })
})
