import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { platform as contract, PlatformPort, PlatformState } from '../../shared/contracts/platform.ts'
import type { Settings } from '../../shared/contracts/settings.ts'
import { AppError } from '../../shared/errors.ts'
import type { Emit, Handlers, Unsubscribe } from '../../shared/rpc/contract.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Log } from '../lib/log.ts'
import { createPeer, type Peer, type PeerHandlers } from '../lib/peer.ts'
import { portHolder } from '../lib/port-holder.ts'
import { version } from '../lib/version.ts'
import { workerFile } from '../lib/worker-file.ts'
import { journalFolder } from './gateway/journal.ts'
import { letGo } from './let-go.ts'
import type { MainAsks, PlatformOptions, WorkerAsks } from './messages.ts'
import type { PlatformWorker } from './platform-worker.ts'
import { type PortChoice, portPlan } from './port-plan.ts'
import { createRequestRates } from './request-rates.ts'

/** Calls under way may finish this long; then the thread is ended all the same. */
const STOP_MS = 10_500
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000
/** A worker that ran this long has recovered: the next crash is retried at once again. */
const STABLE_MS = 60_000
const START_MS = 20_000

/** What the supervisor answers itself; the rest of what the worker asks is the plugins'. */
type OwnAsks = 'health' | 'log' | 'requests' | 'calmed'
export type PluginAsks = Omit<PeerHandlers<MainAsks>, OwnAsks>

export interface Platform extends PlatformWorker {
  /** Begins, once there is somebody to answer what the worker asks. */
  start(asks: PluginAsks): void
  follow(emit: Emit<PlatformState>): Unsubscribe
  restart(): Promise<void>
  stop(): Promise<void>
}

interface Running {
  readonly worker: Worker
  readonly peer: Peer<WorkerAsks>
  readonly since: number
}

/**
 * Keeps the local platform's worker alive: starts it, tells it what it needs, starts it again with growing pauses when it
 * ends by itself. Without ports it begins with the first question, so that a command that asks none does not pay for it.
 */
export function createPlatform(options: {
  readonly dataFolder: string
  readonly settings: { current(): Settings; follow(listener: (settings: Settings) => void): Unsubscribe }
  /** In place of the setting, from the command line. */
  readonly ports: PortChoice | null
  /** Throws where the store does not answer. */
  readonly probeStore: () => void
  readonly log: Log
  /** For tests: another worker. */
  readonly worker?: URL
}): Platform {
  const { log, settings } = options
  const changes = createEmitter<PlatformState>()
  const started = createEmitter<void>()
  const rates = createRequestRates(() => publish())
  let asks: PluginAsks | null = null
  let running: Running | null = null
  let state: PlatformState['state'] = { kind: 'stopped' }
  let ports: PlatformPort[] = []
  let openings = 0
  let crashes = 0
  let pause = FIRST_RETRY_MS
  let retry: NodeJS.Timeout | null = null
  let launching: Promise<void> | null = null
  /** The one that is being stopped: its end is no crash. */
  let leaving: Running | null = null
  let ended = false

  const wished = () => portPlan(options.ports ?? settings.current().platformPorts)
  const numbers = (of: readonly { readonly port: number }[]) => of.map(({ port }) => port).join()
  const asWished = () => numbers(ports) === numbers(wished())
  const present = (): PlatformState => ({
    state,
    crashes,
    ports: ports.map((port) => ({ ...port, ...rates.of(port.port) })),
    openLocalMode: settings.current().openLocalMode,
  })
  function publish(): void {
    changes.emit(present())
  }
  function set(next: PlatformState['state']): void {
    state = next
    publish()
  }

  const workerOptions = (): PlatformOptions => {
    const { openLocalMode, pluginsMayCallLoopback, pluginsMayCallPrivate } = settings.current()
    return {
      ...{ openLocalMode, allowLoopback: pluginsMayCallLoopback, allowPrivate: pluginsMayCallPrivate, version },
      stagingFolder: join(options.dataFolder, 'plugins', 'staging'),
      callLog: join(options.dataFolder, 'logs', 'plugin-calls.log'),
      journalFolder: journalFolder(options.dataFolder),
    }
  }
  const ownAsks: Pick<PeerHandlers<MainAsks>, OwnAsks> = {
    health: () => {
      try {
        options.probeStore()
        return { ok: true, error: null }
      } catch (error) {
        return { ok: false, error: error instanceof Error ? error.message : String(error) }
      }
    },
    log: ({ level, message, fields }) => log[level]('platform', message, fields),
    requests: (counts) => rates.count(counts),
    calmed: letGo,
  }

  function launch(): Promise<void> {
    launching ??= open().finally(() => {
      launching = null
    })
    return launching
  }
  async function open(): Promise<void> {
    if (asks === null) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it has not begun' })
    // A restart may have been under way.
    if (ended) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it was stopped' })
    if (state.kind !== 'restarting') set({ kind: 'starting' })
    rates.reset()
    // Calls make much that lives for a moment; in the small heap of an idling console they would collect all the time
    // (measured: 262 µs of CPU a call, 182 with this). It counts for threads begun from here on.
    setFlagsFromString('--max-semi-space-size=16')
    const worker = new Worker(options.worker ?? workerFile(import.meta.url, './worker.ts', 'platform-worker'))
    const failed = (name: string, error: unknown) => log.error('platform', 'question failed', { name, error })
    const peer = createPeer<WorkerAsks, MainAsks>(worker, { ...asks, ...ownAsks }, failed)
    const mine: Running = { worker, peer, since: Date.now() }
    let cause: unknown = null
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', (code) => onExit(mine, cause ?? new Error(`it ended with ${code}`)))
    running = mine
    try {
      await within(START_MS, peer.ask('configure', workerOptions()))
      started.emit()
      await openPorts(mine)
      // The setting may have changed meanwhile.
      while (!asWished()) await openPorts(mine)
    } catch (error) {
      // A worker that ended is told by its exit; one that hangs is ended, and so tells it too.
      cause ??= error
      await worker.terminate()
      throw error instanceof AppError ? error : new AppError('PLATFORM_NOT_RUNNING', { reason: String(error) })
    }
    if (running === mine) set({ kind: 'running', since: mine.since })
  }
  async function openPorts({ peer }: Running): Promise<void> {
    const opening = ++openings
    const answers = await within(START_MS, peer.ask('listen', { ports: wished() }))
    const found = await Promise.all(
      answers.map(async ({ part, port, error }): Promise<PlatformPort> => {
        const none = { part, port, requests: 0, requestsPerSecond: 0 }
        if (error === null) return { ...none, state: { kind: 'listening' } }
        const holder = error === 'taken' ? await portHolder(port) : null
        log.warn('platform', 'port not opened', { port, error, pid: holder?.pid ?? null })
        return { ...none, state: { kind: 'taken', pid: holder?.pid ?? null, command: holder?.command ?? null } }
      }),
    )
    // Of two changes the later one may be told of sooner.
    if (opening === openings) ports = found
  }
  function onExit(gone: Running, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const failure = new AppError('PLATFORM_NOT_RUNNING', { reason })
    gone.peer.close(failure)
    if (running !== gone) return
    running = null
    ports = ports.map((port) => ({ ...port, state: { kind: 'closed' } }))
    if (ended || leaving === gone) return
    crashes++
    if (Date.now() - gone.since > STABLE_MS) pause = FIRST_RETRY_MS
    log.error('platform', 'worker ended by itself', { error: cause, crashes, retryMs: pause })
    set({ kind: 'crashed', failure: { code: failure.code, details: failure.details }, retryAt: Date.now() + pause })
    retry = setTimeout(again, pause)
    pause = Math.min(pause * 2, LAST_RETRY_MS)
  }
  function again(): void {
    retry = null
    launch().catch((error) => log.error('platform', 'not started', { error }))
  }
  async function end(): Promise<void> {
    if (retry) clearTimeout(retry)
    retry = null
    await launching?.catch(() => {})
    const now = running
    if (!now) return
    leaving = now
    const exited = new Promise<void>((resolve) => now.worker.once('exit', () => resolve()))
    await Promise.race([
      now.peer.ask('stop', undefined).catch(() => {}),
      exited,
      sleep(STOP_MS, undefined, { ref: false }),
    ])
    running = null
    await now.worker.terminate()
    now.peer.close(new AppError('PLATFORM_NOT_RUNNING', { reason: 'it was stopped' }))
  }

  const unfollow = settings.follow(() => {
    const now = running
    if (!now) return
    now.peer.tell('configure', workerOptions())
    // Whoever launches looks at the ports.
    if (launching) return
    if (asWished()) publish()
    else openPorts(now).then(publish, (error) => log.error('platform', 'ports not changed', { error }))
  })

  return {
    start(given) {
      asks = given
      if (wished().length > 0) again()
    },
    async ask(name, input, how) {
      if (ended || state.kind === 'crashed') {
        const reason = state.kind === 'crashed' ? String(state.failure.details['reason']) : 'it was stopped'
        throw new AppError('PLATFORM_NOT_RUNNING', { reason })
      }
      if (launching || !running) await launch()
      if (!running) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it was stopped' })
      return await running.peer.ask(name, input, how)
    },
    tell: (name, input) => running?.peer.tell(name, input),
    onStarted(listener) {
      if (running && !launching) listener()
      return started.listen(listener)
    },
    follow(emit) {
      emit(present())
      const stop = changes.listen((next) => void emit(next))
      rates.listened(changes.size)
      return () => {
        stop()
        rates.listened(changes.size)
      }
    },
    async restart() {
      log.info('platform', 'restart asked for')
      pause = FIRST_RETRY_MS
      set({ kind: 'restarting' })
      await end()
      await launch()
    },
    async stop() {
      ended = true
      unfollow()
      rates.stop()
      await end()
      set({ kind: 'stopped' })
    },
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController()
  try {
    return await Promise.race([
      work,
      sleep(ms, undefined, { signal: timer.signal, ref: false }).then(() => {
        throw new AppError('PLATFORM_NOT_RUNNING', { reason: `it did not answer within ${ms / 1000} s` })
      }),
    ])
  } finally {
    timer.abort()
  }
}

export const platformHandlers = (platform: Platform): Handlers<typeof contract> => ({
  restart: () => platform.restart(),
  onState: (emit) => platform.follow(emit),
})
