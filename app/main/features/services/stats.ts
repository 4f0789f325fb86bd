import type { Sample, ServicesUpdate, StatsHistoryUpdate, StatsUpdate } from '../../../shared/contracts/services.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { CgroupFiles, CgroupReader } from '../../docker/cgroup.ts'
import type { DockerConnection, DockerEngine, EngineStats } from '../../docker/engine.ts'
import type { Log } from '../../lib/log.ts'
import { createSampleRing, type SampleRing } from './sample-ring.ts'

const PERIOD = 1000
/** CPU use needs two readings, so the second comes soon: figures stand 0.3 s after the page asks. */
const FIRST_PERIOD = 300
/** A reading older than this (ms) is no start for a difference, and no present value. */
const STALE = 5000

export interface StatsParts {
  readonly docker: DockerConnection
  readonly log: Log
  readonly followServices: (listener: Emit<ServicesUpdate>) => Unsubscribe
  /** The main process of a running service on the engine's host; null when it does not run or is not known. */
  readonly pidOf: (id: string) => number | null
  readonly cgroups: CgroupReader
  /** Sampled beside what is asked for, so that their curves have no gap. */
  readonly pinned?: () => Iterable<string>
}

interface Watched {
  readonly ring: SampleRing
  last: EngineStats | null
  /** The process that is measured, and how; null while the service does not run. */
  source: { readonly pid: number; readonly how: Source } | null
}
type Source =
  | { readonly kind: 'locating' }
  | { readonly kind: 'cgroup'; readonly files: CgroupFiles }
  | { readonly kind: 'stream'; readonly abort: AbortController }
  /** Nothing more comes from this process. */
  | { readonly kind: 'ended' }

/** Samples CPU and memory once a second of the services somebody looks at, and of none otherwise. */
export function createStats({ docker, log, followServices, pidOf, cgroups, pinned = () => [] }: StatsParts) {
  const watched = new Map<string, Watched>()
  const listeners = new Set<{ ids: ReadonlySet<string>; emit: Emit<StatsUpdate> }>()
  const histories = new Set<{ id: string; emit: Emit<StatsHistoryUpdate> }>()
  const fresh = new Map<string, Sample>()
  let timer: NodeJS.Timeout | null = null

  const watch = (id: string): Watched => {
    const found = watched.get(id)
    if (found) return found
    const created: Watched = { ring: createSampleRing(), last: null, source: null }
    watched.set(id, created)
    return created
  }
  function forget(id: string): void {
    const found = watched.get(id)
    if (found) setSource(found, null)
    watched.delete(id)
    fresh.delete(id)
  }

  function record(id: string, reading: EngineStats): void {
    const service = watch(id)
    const { ring, last } = service
    service.last = reading
    if (last === null) return
    const elapsed = reading.time - last.time
    const used = reading.cpuNanoseconds - last.cpuNanoseconds
    // A restarted container counts from zero again; after a pause in measuring a mean would hide what happened in it.
    if (elapsed <= 0 || elapsed > STALE || used < 0) return
    const sample = { time: reading.time, cpuPercent: used / elapsed / 1e4, memoryBytes: reading.memoryBytes }
    ring.push(sample)
    fresh.set(id, sample)
  }

  const isStreaming = (service: Watched | undefined) => service?.source?.how.kind === 'stream'
  const anyStreams = (ids: Iterable<string>) => [...ids].some((id) => isStreaming(watched.get(id)))

  function wanted(): Set<string> {
    const ids = new Set(pinned())
    for (const listener of listeners) for (const id of listener.ids) ids.add(id)
    for (const history of histories) ids.add(history.id)
    return ids
  }

  /** Takes one reading of each. An engine's stream is opened only for a running service whose files cannot be read. */
  function readAll(ids: ReadonlySet<string>): void {
    const engine = readyEngine()
    for (const id of ids) {
      const service = watch(id)
      const pid = engine === null ? null : pidOf(id)
      if (engine === null || pid === null) setSource(service, null)
      else if (service.source?.pid !== pid) void locate(id, service, pid, engine)
      else if (service.source.how.kind === 'cgroup') readFiles(id, service, pid, service.source.how.files)
    }
    for (const [id, service] of watched) if (service.source && !ids.has(id)) setSource(service, null)
  }
  function readyEngine(): DockerEngine | null {
    try {
      return docker.engine()
    } catch {
      return null // its state is on the screen already
    }
  }
  function setSource(service: Watched, source: Watched['source']): void {
    const before = service.source?.how
    if (before?.kind === 'stream') before.abort.abort()
    if (before?.kind === 'cgroup') before.files.close()
    service.source = source
  }
  async function locate(id: string, service: Watched, pid: number, engine: DockerEngine): Promise<void> {
    setSource(service, { pid, how: { kind: 'locating' } })
    const mine = service.source
    const paths = engine.local ? await cgroups.locate(id, pid) : null
    if (service.source !== mine) return
    if (timer === null) return setSource(service, null)
    const files = paths && cgroups.open(paths)
    if (!files) return void openStream(id, service, pid, engine)
    setSource(service, { pid, how: { kind: 'cgroup', files } })
    readFiles(id, service, pid, files)
  }
  function readFiles(id: string, service: Watched, pid: number, files: CgroupFiles): void {
    const reading = files.read()
    if (reading) record(id, reading)
    else setSource(service, { pid, how: { kind: 'ended' } })
  }
  async function openStream(id: string, service: Watched, pid: number, engine: DockerEngine): Promise<void> {
    const abort = new AbortController()
    setSource(service, { pid, how: { kind: 'stream', abort } })
    try {
      for await (const reading of engine.stats(id, abort.signal)) {
        if (abort.signal.aborted) return
        record(id, reading)
      }
    } catch (error) {
      if (!abort.signal.aborted) log.debug('stats', 'stream ended', { id, error })
    }
    if (!abort.signal.aborted) setSource(service, null) // the next round opens another if the service still runs
  }

  function round(): void {
    const ids = wanted()
    readAll(ids)
    const streaming = anyStreams(ids)
    for (const { ids: asked, emit } of [...listeners]) {
      const samples: StatsUpdate['samples'] = []
      for (const id of asked) {
        const sample = fresh.get(id)
        if (sample) samples.push({ id, ...sample })
      }
      emit({ source: streaming ? 'stream' : 'cgroup', samples })
    }
    for (const { id, emit } of [...histories]) {
      const sample = fresh.get(id)
      if (sample) emit({ kind: 'sample', sample })
    }
    fresh.clear()
  }

  function begin(): void {
    if (timer) return
    let next = Date.now() + FIRST_PERIOD
    const again = () => {
      next += PERIOD
      // After a suspended machine the missed rounds are left out, not made up for.
      if (next < Date.now()) next = Date.now() + PERIOD
      timer = setTimeout(again, next - Date.now())
      round()
    }
    timer = setTimeout(again, FIRST_PERIOD)
    readAll(wanted())
  }
  function endWhenUnheard(): void {
    if (listeners.size > 0 || histories.size > 0) return
    if (timer) clearTimeout(timer)
    timer = null
    for (const service of watched.values()) setSource(service, null)
  }
  function listen<T>(set: Set<T>, listener: T): Unsubscribe {
    set.add(listener)
    begin()
    return () => {
      set.delete(listener)
      endWhenUnheard()
    }
  }

  const stopServices = followServices((update) => {
    if (update.kind === 'change') for (const id of update.removed) forget(id)
    else {
      const present = new Set(update.services.map((service) => service.id))
      for (const id of watched.keys()) if (!present.has(id)) forget(id)
    }
    return true
  })

  return {
    /** First what is known of the asked services, then once a second. */
    follow(ids: readonly string[], emit: Emit<StatsUpdate>): Unsubscribe {
      const samples = ids.flatMap((id) => {
        const sample = watched.get(id)?.ring.newest()
        return sample && Date.now() - sample.time < STALE ? [{ id, ...sample }] : []
      })
      const stop = listen(listeners, { ids: new Set(ids), emit })
      emit({ source: anyStreams(ids) ? 'stream' : 'cgroup', samples })
      return stop
    },
    followHistory(id: string, emit: Emit<StatsHistoryUpdate>): Unsubscribe {
      emit({ kind: 'snapshot', samples: watched.get(id)?.ring.all() ?? [] })
      return listen(histories, { id, emit })
    },
    stop: () => {
      stopServices()
      listeners.clear()
      histories.clear()
      endWhenUnheard()
    },
  }
}
