import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { docker as cli, dockerMissing, ensureTestImage, runContainer } from '../../../../tests/lib/docker.ts'
import type { LogLine, LogUpdate, StatsUpdate } from '../../../shared/contracts/services.ts'
import { createCgroupReader } from '../../docker/cgroup.ts'
import { connectDocker } from '../../docker/connection.ts'
import type { DockerConnection } from '../../docker/engine.ts'
import type { Host } from '../../lib/host.ts'
import { silentLog } from '../../lib/log.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import { exportLogs } from './log-export.ts'
import { createEngineLogs } from './logs.ts'
import { createStats } from './stats.ts'

const missing = dockerMissing()

describe.skipIf(missing)('with a real engine [needs a Docker engine]', () => {
  let docker: DockerConnection
  const made: string[] = []
  const stops: (() => void)[] = []
  beforeAll(async () => {
    ensureTestImage()
    docker = connectDocker({ log: silentLog })
    await vi.waitFor(() => docker.engine(), { timeout: 5000 })
  })
  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
    if (made.length > 0) cli('rm', '-fv', ...made.splice(0))
  })
  afterAll(() => docker.stop())

  function run(name: string, script: string, ...options: string[]): string {
    const id = runContainer(`streams-${name}`, ['sh', '-c', script], ...options)
    made.push(id)
    return id
  }
  function follow(id: string, tail = 1000) {
    const kinds: LogUpdate['kind'][] = []
    const lines: LogLine[] = []
    const updates: LogUpdate[] = []
    stops.push(
      createEngineLogs(docker, silentLog).follow(id, tail, (update) => {
        updates.push(update)
        if (update.kind === 'lines' && kinds.at(-1) === 'lines') kinds.pop()
        kinds.push(update.kind)
        if (update.kind !== 'ended') lines.push(...update.lines)
        return true
      }),
    )
    return { kinds, lines, updates }
  }
  const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 })

  // A line a millisecond, both streams, an unbroken count over restarts in a file that outlives the process.
  const counting = `n=$(cat /tmp/n 2>/dev/null || echo 0); trap 'echo $n > /tmp/n; exit 0' TERM
    while :; do n=$((n+1)); if [ $((n % 3)) = 0 ]; then echo "line $n" >&2; else echo "line $n"; fi; [ $((n % 200)) = 0 ] && sleep 0.05; done`

  test('numbered lines are followed through a restart without loss or doubling', async () => {
    const id = run('count', counting)
    const log = follow(id, 500)
    await until(() => expect(log.lines.length).toBeGreaterThan(3000))
    cli('restart', '-t', '5', id)
    const atRestart = log.lines.length
    await until(() => expect(log.lines.length).toBeGreaterThan(atRestart + 3000))
    const numbers = log.lines.map((line) => Number(line.text.slice(5)))
    // The two streams are separate pipes, so neighbours may change places; none may be missing or there twice.
    const sorted = [...numbers].sort((a, b) => a - b)
    const holes = sorted.slice(1).filter((number, index) => number !== sorted[index]! + 1)
    const tailEdge = holes.filter((number) => number < sorted[0]! + 600 || number > sorted.at(-1)! - 600)
    expect({
      kinds: log.kinds.slice(0, 2),
      holes: holes.length - tailEdge.length,
      twice: numbers.length - new Set(numbers).size,
    }).toEqual({ kinds: ['snapshot', 'lines'], holes: 0, twice: 0 })
  })

  test('the snapshot has exactly the asked lines of a busy log, and an ended one ends', async () => {
    const id = run('seq', 'seq 1 5000')
    cli('wait', id)
    const log = follow(id, 1000)
    await until(() => expect(log.kinds).toEqual(['snapshot', 'ended']))
    expect([log.lines.length, log.lines[0]!.text, log.lines.at(-1)!.text]).toEqual([1000, '4001', '5000'])
  })

  test('a service without output is an empty snapshot at once, and its first line follows', async () => {
    const id = run('quiet', 'sleep 1; echo first; sleep 100')
    const log = follow(id)
    await until(() => expect(log.updates[0]).toEqual({ kind: 'snapshot', lines: [] }))
    await until(() => expect(log.lines.map((line) => line.text)).toEqual(['first']))
  })

  test.each(['json-file', 'local'])('a line of 1 MB and binary output, written by the driver %s', async (driver) => {
    const big = 'printf "<"; dd if=/dev/zero bs=1048576 count=1 2>/dev/null; echo ">"'
    const id = run(
      `big-${driver}`,
      `echo first; ${big}; echo "日本" >&2; printf '\\033[31mred\\377\\n'; printf tail`,
      '--log-driver',
      driver,
    )
    cli('wait', id)
    const log = follow(id)
    await until(() => expect(log.kinds.at(-1)).toBe('ended'))
    const brief = log.lines
      .map((line) => [line.stream, line.text.slice(0, 9), line.cutFrom])
      .sort(([a], [b]) => String(b).localeCompare(String(a)))
    expect(brief).toEqual([
      ['stdout', 'first', null],
      ['stdout', '<␀␀␀␀␀␀␀␀', 1024 * 1024 + 2],
      ['stdout', '\u001b[31mred\ufffd', null],
      ['stdout', 'tail', null],
      ['stderr', '日本', null],
    ])
  })

  test('the log of a TTY, with a long line and a progress bar', async () => {
    const big = 'dd if=/dev/zero bs=40000 count=1 2>/dev/null'
    const id = run('tty', `echo first; ${big}; echo; printf ' 50 %%\\r100 %%\\n'; printf end`, '-t')
    cli('wait', id)
    const log = follow(id)
    await until(() => expect(log.kinds.at(-1)).toBe('ended'))
    const [, long] = log.lines
    expect(log.lines.map((line) => line.text.slice(0, 6))).toEqual(['first', '␀␀␀␀␀␀', '100 %', 'end'])
    expect([long!.cutFrom, new Set(long!.text)]).toEqual([40_001, new Set('␀')])
  })

  test('a log driver that cannot be read ends with what the engine says', async () => {
    const log = follow(run('none', 'echo x; sleep 100', '--log-driver', 'none'))
    await until(() => expect(log.kinds).toEqual(['ended']))
    expect(log.updates[0]).toMatchObject({ reason: expect.stringContaining('does not support reading') })
  })

  test('the whole log is exported as it was written', async () => {
    const id = run(
      'export',
      `seq 1 20000; printf '\\033[31mred\\n'; dd if=/dev/zero bs=100000 count=1 2>/dev/null; echo; echo token=abcdef123456abcdef`,
    )
    cli('wait', id)
    let source: () => AsyncIterable<Uint8Array> = () => {
      throw new Error('nothing was saved')
    }
    const host = {
      saveFile: async (_name: string, _type: string, from: typeof source) => {
        source = from
        return { kind: 'cancelled' } as const
      },
    } as unknown as Host
    const task = { signal: new AbortController().signal, progress: () => {} }
    const tasks: TaskRunner = { run: (_spec, work) => work(task as never) }
    await exportLogs({ docker, host, tasks }, { id, timestamps: false })
    const parts: Uint8Array[] = []
    for await (const part of source()) parts.push(part)
    const raw = execFileSync('docker', ['logs', id], { maxBuffer: 100_000_000 })
    const written = Buffer.concat(parts)
    expect(written.toString('latin1').replace('token=***', 'token=abcdef123456abcdef') === raw.toString('latin1')).toBe(
      true,
    )
  })

  test.each(['cgroup', 'stream'] as const)('figures by %s are those that Docker tells', async (source) => {
    const id = run(`load-${source}`, 'while :; do :; done', '--cpus', '0.3', '--memory', '64m')
    const pid = Number(cli('inspect', '-f', '{{.State.Pid}}', id))
    const real = createCgroupReader()
    const stats = createStats({
      docker,
      log: silentLog,
      followServices: () => () => {},
      pidOf: (asked) => (asked === id ? pid : null),
      cgroups: source === 'cgroup' ? real : { ...real, locate: async () => null },
    })
    stops.push(stats.stop)
    const seen: StatsUpdate[] = []
    stats.follow([id], (update) => seen.push(update) > 0)
    await until(() => expect(seen.filter((update) => update.samples.length > 0).length).toBeGreaterThan(3))
    const [cpu = '', memory = ''] = cli('stats', '--no-stream', '--format', '{{.CPUPerc}} {{.MemUsage}}', id).split(' ')
    const own = seen.at(-1)!.samples[0]!
    const dockerBytes = Number.parseFloat(memory) * (memory.includes('MiB') ? 1024 ** 2 : 1024)
    expect(seen.at(-1)!.source).toBe(source)
    // Limited to 30 %; both measure a second, not the same one.
    expect(Math.abs(own.cpuPercent - Number.parseFloat(cpu))).toBeLessThan(8)
    expect(Math.abs(own.memoryBytes - dockerBytes)).toBeLessThan(600_000)
  })
})
