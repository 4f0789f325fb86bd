import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { docker as cli, dockerMissing, ensureTestImage, runContainer } from '../../../../tests/lib/docker.ts'
import { connectDocker } from '../../docker/connection.ts'
import type { DockerConnection, DockerEngine } from '../../docker/engine.ts'
import { silentLog } from '../../lib/log.ts'
import { createTerminals } from './terminals.ts'

const missing = dockerMissing()

describe.skipIf(missing)('terminals in a real engine [needs a Docker engine]', () => {
  let docker: DockerConnection
  let id: string
  const caller = { actor: 'browser' } as const
  const audit = { note: () => {}, perform: <T>(_subject: unknown, work: () => Promise<T>) => work() }
  beforeAll(async () => {
    ensureTestImage()
    docker = connectDocker({ log: silentLog })
    await vi.waitFor(() => docker.engine(), { timeout: 5000 })
  })
  afterEach(() => void cli('rm', '-fv', id))
  afterAll(() => docker.stop())

  const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 25 })
  /** Every process of the container but its first two: `docker-init` and its `sleep 1000`. */
  const leftovers = () =>
    cli('top', id, '-eo', 'pid,args')
      .split('\n')
      .slice(1)
      .filter((row) => !/docker-init|sleep 777$/.test(row))

  /** `local: false` is an engine whose processes are not ours to end. */
  async function open(name: string, local = true, command: string[] | null = null) {
    id = runContainer(`terminal-${name}`, ['sleep', '777'])
    const connection = local
      ? docker
      : { ...docker, engine: () => Object.assign(Object.create(docker.engine()), { local: false }) as DockerEngine }
    const terminals = createTerminals({ docker: connection, audit, log: silentLog })
    const terminal = await terminals.handlers.open({ serviceId: id, command, columns: 100, rows: 30 }, caller)
    let screen = ''
    let exitCode: number | null | undefined
    terminals.handlers.onOutput(
      (update) => {
        if (update.kind === 'ended') exitCode = update.exitCode
        else screen += update.data
        return true
      },
      terminal,
      caller,
    )
    return {
      ...terminals,
      type: (data: string) => terminals.handlers.write({ ...terminal, data }, caller),
      resize: (columns: number, rows: number) => terminals.handlers.resize({ ...terminal, columns, rows }, caller),
      close: () => terminals.handlers.close(terminal, caller),
      shows: (text: string) => until(() => expect(screen).toContain(text)),
      exited: () => until(() => expect(exitCode).toBeTypeOf('number')).then(() => exitCode),
    }
  }

  test('typing, output, size, and the exit code', async () => {
    const terminal = await open('echo')
    await terminal.type('echo "a$((40 + 2))b 日本"\r')
    await terminal.shows('a42b 日本')
    await terminal.type('stty size\r')
    await terminal.shows('30 100')
    await terminal.resize(120, 40)
    await terminal.type('stty size\r')
    await terminal.shows('40 120')
    await terminal.type('exit 3\r')
    expect(await terminal.exited()).toBe(3)
    expect(leftovers()).toEqual([])
  })

  test.each([true, false])('closing leaves nothing behind (processes of this machine: %s)', async (local) => {
    const terminal = await open(`close-${local}`, local)
    await terminal.type("sleep 1000 &\rsetsid sleep 1001 &\rtrap '' HUP\r(trap '' HUP TERM; sleep 1002)\r")
    await until(() =>
      expect([1000, 1001, 1002].filter((time) => !leftovers().join().includes(`sleep ${time}`))).toEqual([]),
    )
    await terminal.close()
    await until(() => expect(leftovers()).toEqual([]))
    const execs = JSON.parse(cli('inspect', '-f', '{{json .ExecIDs}}', id))
    expect(execs).toBe(null)
  })

  test('stopping the console closes them all', async () => {
    const terminal = await open('stop')
    await terminal.type('sleep 1000\r')
    await until(() => expect(leftovers().join()).toContain('sleep 1000'))
    await terminal.stop()
    await until(() => expect(leftovers()).toEqual([]))
  })

  test('a command that does not exist, and a service that does not run', async () => {
    const codeOf = (opening: Promise<unknown>) =>
      opening.then(
        () => 'opened',
        (error) => error.code,
      )
    const terminal = await open('none', true, ['/bin/cat'])
    const input = { serviceId: id, columns: 80, rows: 24 }
    const opened = async (command: string[] | null) => await terminal.handlers.open({ ...input, command }, caller)
    expect(await codeOf(opened(['/bin/nothing']))).toBe('TERMINAL_NO_SHELL')
    await terminal.close()
    cli('stop', '-t', '0', id)
    expect(await codeOf(opened(null))).toBe('NOT_RUNNING')
  })
})
