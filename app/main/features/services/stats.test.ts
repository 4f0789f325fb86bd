import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StatsHistoryUpdate, StatsUpdate } from '../../../shared/contracts/services.ts'
import type { CgroupReader } from '../../docker/cgroup.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import { silentLog } from '../../lib/log.ts'
import { createStats } from './stats.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** Two services that use half a core and a tenth of one. */
function lab(options: { local: boolean; cgroups?: boolean }) {
  const docker = createFakeDocker({ db: 'running', web: 'running' }, { local: options.local })
  const read: string[] = []
  const openFiles = new Set<string>()
  const share = (id: string) => (id === docker.id('db') ? 0.5 : 0.1)
  const reading = (id: string) => ({
    time: Date.now(),
    cpuNanoseconds: Date.now() * 1e6 * share(id),
    memoryBytes: 1000,
  })
  const cgroups = {
    locate: async (id: string) => (options.cgroups === false ? null : { cpu: id }),
    open({ cpu }: { cpu: string }) {
      openFiles.add(cpu)
      const takeReading = () => {
        read.push(cpu)
        return reading(cpu)
      }
      return { read: takeReading, close: () => void openFiles.delete(cpu) }
    },
  } as unknown as CgroupReader
  let tell: Parameters<Parameters<typeof createStats>[0]['followServices']>[0] = () => true
  const pids = new Map([
    [docker.id('db'), 10],
    [docker.id('web'), 11],
  ])
  const stats = createStats({
    docker,
    log: silentLog,
    cgroups,
    pidOf: (id) => pids.get(id) ?? null,
    followServices: (listener) => {
      tell = listener
      return () => {}
    },
  })
  return { docker, stats, read, openFiles, pids, reading, tell: (update: Parameters<typeof tell>[0]) => tell(update) }
}
const brief = (update: StatsUpdate) =>
  `${update.source} ${update.samples.map((sample) => `${Math.round(sample.cpuPercent)} %`).join(' ')}`.trim()

test('figures stand a third of a second after somebody asks, then come each second, and cost nothing afterwards', async () => {
  const { stats, docker, read, openFiles } = lab({ local: true })
  const seen: string[] = []
  await vi.advanceTimersByTimeAsync(5000)
  expect({ read, timers: vi.getTimerCount() }).toEqual({ read: [], timers: 0 })

  const stop = stats.follow([docker.id('db'), docker.id('web')], (update) => seen.push(brief(update)) > 0)
  await vi.advanceTimersByTimeAsync(300)
  expect(seen).toEqual(['cgroup', 'cgroup 50 % 10 %'])
  await vi.advanceTimersByTimeAsync(2000)
  expect(seen).toEqual(['cgroup', 'cgroup 50 % 10 %', 'cgroup 50 % 10 %', 'cgroup 50 % 10 %'])
  expect(openFiles.size).toBe(2)
  stop()
  expect({ readings: read.length, timers: vi.getTimerCount(), open: openFiles.size }).toEqual({
    readings: 8,
    timers: 0,
    open: 0,
  })
})

test('the union of what is asked is read once; each listener gets its own', async () => {
  const { stats, docker, read } = lab({ local: true })
  const seen: string[] = []
  const [db, web] = [docker.id('db'), docker.id('web')]
  stats.follow([db], (update) => seen.push(`one ${brief(update)}`) > 0)
  stats.follow([db, web], (update) => seen.push(`two ${brief(update)}`) > 0)
  await vi.advanceTimersByTimeAsync(1300)
  expect(seen.slice(-2)).toEqual(['one cgroup 50 %', 'two cgroup 50 % 10 %'])
  expect(read.filter((id) => id === db).length).toBe(3)
  stats.stop()
})

test('where the files are not ours to read there is one stream of the engine for each asked service', async () => {
  for (const options of [{ local: false }, { local: true, cgroups: false }]) {
    const { stats, docker, reading } = lab(options)
    const db = docker.id('db')
    const seen: string[] = []
    const stop = stats.follow([db], (update) => seen.push(brief(update)) > 0)
    await vi.advanceTimersByTimeAsync(0)
    docker.stats('db').push(reading(db))
    await vi.advanceTimersByTimeAsync(250)
    docker.stats('db').push(reading(db))
    await vi.advanceTimersByTimeAsync(50)
    expect(seen.at(-1)).toBe('stream 50 %')
    expect([docker.stats('db').readers, docker.stats('web').readers]).toEqual([1, 0])
    stop()
    await vi.advanceTimersByTimeAsync(0)
    expect([docker.stats('db').readers, vi.getTimerCount()]).toEqual([0, 0])
  }
})

test('a service that stops is absent, and one that is gone is forgotten with its history', async () => {
  const { stats, docker, pids, tell } = lab({ local: true })
  const db = docker.id('db')
  const seen: string[] = []
  const history: StatsHistoryUpdate[] = []
  stats.follow([db], (update) => seen.push(brief(update)) > 0)
  await vi.advanceTimersByTimeAsync(1300)
  stats.followHistory(db, (update) => history.push(update) > 0)
  pids.delete(db)
  await vi.advanceTimersByTimeAsync(1000)
  expect(seen.at(-1)).toBe('cgroup')
  expect(history.map((update) => (update.kind === 'snapshot' ? update.samples.length : 'sample'))).toEqual([2])

  tell({ kind: 'change', upserted: [], removed: [db] })
  stats.followHistory(db, (update) => history.push(update) > 0)
  expect(history.at(-1)).toEqual({ kind: 'snapshot', samples: [] })
  stats.stop()
})

test('ten minutes of history are kept', async () => {
  const { stats, docker } = lab({ local: true })
  const db = docker.id('db')
  stats.follow([db], () => true)
  await vi.advanceTimersByTimeAsync(700_000)
  let times: number[] = []
  stats.followHistory(db, (update) => {
    if (update.kind === 'snapshot') times = update.samples.map((sample) => sample.time)
    return true
  })
  expect([times.length, times.at(-1)! - times[0]!]).toEqual([600, 599_000])
  stats.stop()
})
