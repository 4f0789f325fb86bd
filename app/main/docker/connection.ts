import { setTimeout as sleep } from 'node:timers/promises'
import type { DockerEndpoint, DockerState } from '../../shared/contracts/docker.ts'
import { AppError } from '../../shared/errors.ts'
import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Log } from '../lib/log.ts'
import { createEngine } from './create-engine.ts'
import { openTransport, type Transport } from './docker.ts'
import { EVENT_LIMIT, eventFilters, parseEvent } from './docker-events.ts'
import { listContexts, resolveEndpoint, type Surroundings, surroundings, type Target } from './endpoint.ts'
import type { DockerConnection, DockerEngine, DockerEvent } from './engine.ts'
import { refusal, transportFailure } from './failures.ts'
import { greet } from './handshake.ts'
import { readLines } from './lines.ts'

/** Milliseconds. */
export interface Timing {
  readonly firstRetry: number
  readonly lastRetry: number
  /** For each step of connecting, and for the answer to a sign of life. */
  readonly answer: number
  /** Between two signs of life, which find an engine that hangs. */
  readonly heartbeat: number
}
const usual: Timing = { firstRetry: 250, lastRetry: 10_000, answer: 10_000, heartbeat: 15_000 }

/** Milliseconds to wait after so many failures before this one. */
export const retryDelay = (failures: number, { firstRetry, lastRetry }: Timing = usual): number =>
  Math.min(firstRetry * 2 ** failures, lastRetry)

export interface DockerOptions {
  readonly log: Log
  readonly endpoint?: DockerEndpoint
  readonly around?: Surroundings
  readonly timing?: Partial<Timing>
}

/** Connects to the engine and stays connected: whenever it is lost, it is looked for again, ever more slowly. */
export function connectDocker({ log, around = surroundings(), ...options }: DockerOptions): DockerConnection {
  const timing = { ...usual, ...options.timing }
  const states = createEmitter<DockerState>()
  const events = createEmitter<DockerEvent>()
  const stopped = new AbortController()
  let chosen: DockerEndpoint = options.endpoint ?? { kind: 'auto' }
  let state: DockerState = { kind: 'connecting', endpoint: nameOf(chosen) }
  let engine: DockerEngine | null = null
  /** Ends the present session or wait, so that the next attempt begins at once. */
  let next = new AbortController()
  let failedAttempts = 0

  function setState(to: DockerState): void {
    state = to
    states.emit(to)
  }
  function fail(endpoint: string, error: unknown): number {
    const failure = transportFailure(error, endpoint)
    const { code } = failure
    if (code !== 'DOCKER_FORBIDDEN' && code !== 'DOCKER_TOO_OLD' && code !== 'DOCKER_UNREACHABLE') {
      return fail(endpoint, new AppError('DOCKER_UNREACHABLE', { endpoint, reason: failure.message }))
    }
    const delay = retryDelay(failedAttempts++, timing)
    const now = Date.now()
    const since = state.kind === 'failed' ? state.since : now
    const news = state.kind !== 'failed' || state.code !== code
    log[news ? 'warn' : 'debug']('docker', 'not connected', { endpoint, code, reason: failure.details['reason'] })
    setState({ kind: 'failed', endpoint, code, details: failure.details, since, retryAt: now + delay })
    return delay
  }

  /** One connection from its first request to its loss, which it throws. */
  async function session(target: Target, signal: AbortSignal): Promise<void> {
    const { endpoint, chosenBy, address } = target
    const doubts = createEmitter<void>()
    const transport = await openTransport(target, doubts.emit)
    const over = new AbortController()
    signal.addEventListener('abort', transport.close)
    try {
      if (signal.aborted) return
      const { clock, local, ...greeting } = await greet(transport, target, timing.answer)
      const stream = await openEvents(transport, greeting.apiVersion, clock)
      if (signal.aborted) return
      engine = createEngine(transport, greeting.apiVersion, local)
      failedAttempts = 0
      log.info('docker', 'connected', { endpoint, version: greeting.version, apiVersion: greeting.apiVersion })
      setState({ kind: 'ready', endpoint, chosenBy, ...greeting })
      // A connection of its own shows that the socket is still there; over ssh it would be a process each time.
      const ping = { timeout: timing.answer, slow: address.kind !== 'ssh' }
      const alive = () => transport.request('GET', '/_ping', ping)
      await Promise.race([followEvents(stream), watchLife(alive, doubts.listen, over.signal)])
    } finally {
      engine = null
      over.abort()
      signal.removeEventListener('abort', transport.close)
      transport.close()
    }
  }

  async function openEvents(transport: Transport, apiVersion: string, clock: number | null) {
    // The engine answers a moment before it listens. From `since` on it tells what happened in that moment.
    const since = clock === null ? {} : { since: clock }
    const query = { filters: JSON.stringify(eventFilters), ...since }
    const opened = await transport.stream(`/v${apiVersion}/events`, { query, timeout: timing.answer })
    if ('refused' in opened) throw refusal(opened.refused, 'events')
    return opened.stream
  }
  async function followEvents(stream: AsyncIterable<Uint8Array>): Promise<never> {
    for await (const line of readLines(stream, EVENT_LIMIT)) {
      const event = line === null ? null : parseEvent(line)
      if (event) events.emit(event)
      else log.debug('docker', 'an event was not understood', { characters: line?.length ?? EVENT_LIMIT })
    }
    throw new Error('the engine ended the connection')
  }
  /** Asks for a sign of life now and then, and at once when a request got no answer. Throws when none comes. */
  async function watchLife(
    alive: () => Promise<unknown>,
    onDoubt: (listener: () => void) => Unsubscribe,
    over: AbortSignal,
  ): Promise<void> {
    while (!over.aborted) {
      const doubted = new AbortController()
      const forget = onDoubt(() => doubted.abort())
      const signal = AbortSignal.any([over, doubted.signal])
      await sleep(timing.heartbeat, undefined, { signal, ref: false }).catch(() => {})
      forget()
      if (!over.aborted) await alive()
    }
  }

  async function keepConnected(): Promise<void> {
    while (!stopped.signal.aborted) {
      const { signal } = next
      let target: Target | null = null
      try {
        target = await resolveEndpoint(chosen, around)
        if (state.kind === 'connecting') setState({ kind: 'connecting', endpoint: target.endpoint })
        if (!signal.aborted) await session(target, signal)
      } catch (error) {
        // Whoever ended it has already said what is next.
        if (!signal.aborted) {
          const delay = fail(target?.endpoint ?? nameOf(chosen), error)
          await sleep(delay, undefined, { signal }).catch(() => {})
        }
      }
    }
  }
  const done = keepConnected()

  function startOver(): void {
    failedAttempts = 0
    const ended = next
    next = new AbortController()
    engine = null
    setState({ kind: 'connecting', endpoint: nameOf(chosen) })
    ended.abort()
  }

  return {
    engine() {
      if (engine && state.kind === 'ready') return engine
      if (state.kind === 'failed') throw new AppError(state.code, state.details)
      throw new AppError('DOCKER_UNREACHABLE', { endpoint: state.endpoint, reason: 'still connecting' })
    },
    follow(listener) {
      listener(state)
      return states.listen(listener)
    },
    onEvent: events.listen,
    reconnect() {
      if (state.kind === 'failed') startOver()
    },
    setEndpoint(endpoint) {
      if (JSON.stringify(endpoint) === JSON.stringify(chosen)) return
      chosen = endpoint
      startOver()
    },
    contexts: () => listContexts(around),
    async stop() {
      stopped.abort()
      next.abort()
      await done
    },
  }
}

function nameOf(chosen: DockerEndpoint): string {
  if (chosen.kind === 'auto') return 'auto'
  return chosen.kind === 'context' ? `context ${chosen.name}` : chosen.address
}
