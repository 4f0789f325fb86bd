import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TerminalUpdate } from '../../../shared/contracts/terminals.ts'
import { AppError } from '../../../shared/errors.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import type { FakeExec } from '../../docker/fake-streams.ts'
import type { Audit, AuditSubject } from '../../lib/audit.ts'
import { silentLog } from '../../lib/log.ts'
import { membersOf } from './end-processes.ts'
import { createTerminals } from './terminals.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const caller = { actor: 'browser' } as const
const size = { columns: 80, rows: 24 }

function lab() {
  const docker = createFakeDocker({ db: 'running', old: 'stopped' })
  const audited: AuditSubject[] = []
  const audit: Audit = { note: (subject) => void audited.push(subject), perform: (_subject, work) => work() }
  const { handlers, stop } = createTerminals({ docker, audit, log: silentLog })
  const open = async (name = 'db', command: string[] | null = null) =>
    await handlers.open({ serviceId: docker.id(name), command, ...size }, caller)
  return { docker, audited, handlers, stop, open }
}
const brief = (update: TerminalUpdate) =>
  update.kind === 'ended' ? `ended ${update.exitCode}` : `${update.kind} ${update.data}`
const streamOf = (exec: FakeExec | undefined) => exec!.session.stream as Duplex
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is typed goes in, what is printed comes out, a page that comes later sees the end of it', async () => {
  const { docker, audited, handlers, open } = lab()
  const { id } = await open()
  const [exec] = docker.execs
  const seen: string[] = []
  handlers.onOutput((update) => seen.push(brief(update)) > 0, { id }, caller)
  const bytes = Buffer.from('日')
  streamOf(exec).push(bytes.subarray(0, 1))
  streamOf(exec).push(bytes.subarray(1))
  await turn()
  await handlers.write({ id, data: 'ls\r' }, caller)
  await handlers.resize({ id, columns: 100, rows: 30 }, caller)
  const late: string[] = []
  handlers.onOutput((update) => late.push(brief(update)) > 0, { id }, caller)
  exec!.exit(3)
  await turn()
  await turn()
  expect({ seen: seen.join('|'), late, typed: exec!.typed, sizes: exec!.sizes }).toEqual({
    seen: 'snapshot |output |output 日|ended 3',
    late: ['snapshot 日', 'ended 3'],
    typed: 'ls\r',
    sizes: [
      [80, 24],
      [100, 30],
    ],
  })
  expect(audited).toEqual([
    {
      actor: 'browser',
      action: 'terminal.open',
      target: 'service db',
      targetId: docker.id('db'),
      after: { program: 'shell' },
    },
  ])
})

test('a terminal that cannot be opened says why', async () => {
  const { docker, open } = lab()
  const codeOf = (opening: Promise<unknown>) =>
    opening.then(
      () => 'opened',
      (error) => error.code,
    )
  const noSuchFile = new AppError('DOCKER_REFUSED', { status: 400, reason: 'OCI runtime exec failed: no such file' })
  expect(await codeOf(open('old'))).toBe('NOT_RUNNING')
  for (let shells = 0; shells < 4; shells++) docker.failNext(noSuchFile, 'exec')
  expect(await codeOf(open())).toBe('TERMINAL_NO_SHELL')
  for (let shells = 0; shells < 3; shells++) docker.failNext(noSuchFile, 'exec')
  expect(await codeOf(open())).toBe('opened')
  for (let more = 0; more < 31; more++) await open()
  expect(await codeOf(open())).toBe('TERMINAL_TOO_MANY')
})

test('a page that does not read holds the program back until it listens afresh', async () => {
  const { docker, handlers, open } = lab()
  const { id } = await open()
  const [exec] = docker.execs
  const stop = handlers.onOutput((update) => update.kind === 'snapshot', { id }, caller)
  exec!.print('much')
  await turn()
  expect(streamOf(exec).isPaused()).toBe(true)
  exec!.print(' more')
  stop()
  const seen: string[] = []
  handlers.onOutput((update) => seen.push(brief(update)) > 0, { id }, caller)
  await turn()
  expect({ seen, paused: streamOf(exec).isPaused() }).toEqual({
    seen: ['snapshot much', 'output  more'],
    paused: false,
  })
})

test('it ends half a minute after the last page left, and not when one came back', async () => {
  const { docker, handlers, open } = lab()
  const { id } = await open()
  const [exec] = docker.execs
  const leave = handlers.onOutput(() => true, { id }, caller)
  await vi.advanceTimersByTimeAsync(60_000)
  leave()
  await vi.advanceTimersByTimeAsync(29_000)
  const again = handlers.onOutput(() => true, { id }, caller)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(streamOf(exec).destroyed).toBe(false)
  again()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(streamOf(exec).destroyed).toBe(true)
  expect(() => handlers.onOutput(() => true, { id }, caller)).toThrow('That terminal has ended')
})

test('stopping the console ends every terminal', async () => {
  const { docker, open, stop } = lab()
  await open()
  await open()
  const stopping = stop()
  await vi.advanceTimersByTimeAsync(10_000)
  await stopping
  expect(docker.execs.slice(0, 2).map((exec) => streamOf(exec).destroyed)).toEqual([true, true])
})

test('what belongs to a terminal: its session, its children, and what carries its mark', () => {
  const entry = (pid: number, parent: number, session: number, environment = '') => ({
    pid,
    parent,
    session,
    environment,
  })
  const processes = [
    entry(1, 0, 1),
    entry(50, 1, 50, 'A=1\0MARK=7\0'),
    entry(51, 50, 50, 'MARK=7\0'),
    entry(52, 51, 52), // a session of its own, environment cleared
    entry(53, 1, 53, 'MARK=7\0'), // given away to init
    entry(60, 1, 60, 'MARK=8\0'), // another terminal
  ]
  expect(membersOf(50, 'MARK=7', processes)).toEqual([50, 51, 52, 53])
})
