import {
  conditionOf,
  type Service,
  type ServiceActionKind,
  type ServiceDetails,
  type ServicesUpdate,
} from '../../../shared/contracts/services.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Container, DockerConnection, DockerEvent, Inspected } from '../../docker/engine.ts'
import { eachOf } from '../../lib/each.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { createGathering } from '../../lib/gathering.ts'
import type { Log } from '../../lib/log.ts'
import { createRefresher } from './refresher.ts'

/** How many ended with an error are inspected to learn whether memory ran out; older ones wait until somebody opens them. */
const FAILED_TO_INSPECT = 200
/** Inspections at once in the background: enough for 100 in 50 ms, few enough that a click is not queued behind them. */
const WIDTH = 8
/** The engine writes the result of a health check right after the event that it ended. */
const AFTER_CHECK_MS = 60
const RETRY_MS = 1000
const FILL_MS = 20

/**
 * The live list of services. One list request when Docker becomes ready, from then on one inspect for each container that
 * an event names. While Docker is away the last known list stays; the state of the connection tells that it is old.
 */
export function createServiceRegistry(docker: DockerConnection, log: Log, retryMs = RETRY_MS) {
  const observed = new Map<string, Container>()
  const inspected = new Map<string, ServiceDetails>()
  const requested = new Map<string, ServiceActionKind>()
  const updates = createEmitter<ServicesUpdate>()
  const looks = createEmitter<{ id: string; details: ServiceDetails | null }>()
  const lists = createEmitter<readonly Container[]>()
  const watched = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  /** While a fresh list is filled in, changes are gathered a little longer: 100 rows in a few frames. */
  let filling = false
  /** Counts lists: what was asked of an engine before the present list is not put into it. */
  let epoch = 0
  /** Ids with events while the list was under way: it may tell their past. Null when none is. */
  let touched: Set<string> | null = null
  let ready = false

  const view = (container: Container): Service => ({ ...container, requested: requested.get(container.id) ?? null })
  const snapshot = (): ServicesUpdate => ({ kind: 'snapshot', services: [...observed.values()].map(view) })

  const gathering = createGathering((id) => {
    const container = observed.get(id)
    return container && view(container)
  }, updates.emit)
  function publish(id: string): void {
    if (filling) gathering.publishWithin(FILL_MS, [id])
    else gathering.publish([id])
  }

  function forget(id: string): void {
    inspected.delete(id)
    if (observed.delete(id)) publish(id)
    looks.emit({ id, details: null })
  }
  function apply(id: string, found: Inspected | null): void {
    if (!found) {
      forget(id)
      return
    }
    const { container, details } = found
    if (!same(observed.get(id), container)) {
      observed.set(id, container)
      publish(id)
    }
    inspected.set(id, details)
    looks.emit({ id, details })
  }
  function later(key: string, milliseconds: number, work: () => void): void {
    if (timers.has(key)) return
    const run = () => {
      timers.delete(key)
      work()
    }
    timers.set(key, setTimeout(run, milliseconds))
  }

  const refresher = createRefresher(async (id, dropped) => {
    const asked = epoch
    try {
      const found = await docker.engine().inspect(id)
      if (asked === epoch && !dropped()) apply(id, found)
    } catch (error) {
      // Lost connections are told by the connection's state, and the next `ready` lists again.
      if (!ready || asked !== epoch) return
      log.warn('services', 'inspect failed', { id, error })
      later(id, retryMs, () => void refresher.refresh(id))
    }
  })

  async function list(): Promise<void> {
    const mine = ++epoch
    touched ??= new Set()
    try {
      const containers = await docker.engine().list()
      if (mine !== epoch) return
      const before = new Map(observed)
      observed.clear()
      for (const container of containers) observed.set(container.id, known(before.get(container.id), container))
      for (const id of before.keys()) if (!observed.has(id)) forget(id)
      gathering.clear()
      updates.emit(snapshot())
      const again = touched
      touched = null
      lists.emit(containers)
      filling = true
      await eachOf(new Set([...again, ...watched.keys(), ...worthInspecting(containers)]), WIDTH, async (id) => {
        if (mine === epoch) await refresher.refresh(id)
      })
    } catch (error) {
      if (mine !== epoch || !ready) return
      log.warn('services', 'list failed', { error })
      later('list', retryMs, () => void list())
    } finally {
      if (mine === epoch) filling = false
    }
  }

  function onEvent(event: DockerEvent): void {
    const id = event.type === 'container' ? event.id : event.type === 'network' ? event.containerId : null
    if (!id) return
    touched?.add(id)
    if (event.type === 'container' && event.action === 'destroy') {
      refresher.drop(id)
      forget(id)
    } else if (event.action !== 'exec_die') {
      void refresher.refresh(id)
    } else {
      // A check that goes well changes nothing but the details that somebody may be looking at.
      const container = observed.get(id)
      const ailing = container && (container.failingStreak > 0 || !['none', 'healthy'].includes(container.health))
      if (ailing || watched.has(id)) later(id, AFTER_CHECK_MS, () => void refresher.refresh(id))
    }
  }

  const stopEvents = docker.onEvent(onEvent)
  const stopStates = docker.follow((state) => {
    ready = state.kind === 'ready'
    if (ready) void list()
  })

  return {
    follow(listener: Emit<ServicesUpdate>): Unsubscribe {
      gathering.flush()
      listener(snapshot())
      return updates.listen(listener)
    },
    services: (): Service[] => [...observed.values()].map(view),
    service(id: string): Service | null {
      const container = observed.get(id)
      return container ? view(container) : null
    },
    /** As last inspected, with every environment value; null for one that was not looked at yet. */
    details: (id: string): ServiceDetails | null => inspected.get(id) ?? null,
    /** The process on the engine's host; null while it does not run. */
    pidOf: (id: string): number | null => inspected.get(id)?.pid || null,
    /** Inspects one service now. Never throws: what cannot be read stays as it was. */
    refresh: refresher.refresh,
    /**
     * The engine's whole answer about one service. Fails with SERVICE_NOT_FOUND, or with what the engine says. The list
     * is left to `refresh`, which asks in order: this answer may come after a newer one.
     */
    async inspect(id: string): Promise<Inspected> {
      const found = await docker.engine().inspect(id)
      if (found) return found
      void refresher.refresh(id)
      throw new AppError('SERVICE_NOT_FOUND', { name: observed.get(id)?.name ?? id.slice(0, 12) })
    },
    /** Tells each inspection of one service, null once it is gone; its health checks count as changes meanwhile. */
    watch(id: string, listener: (details: ServiceDetails | null) => void): Unsubscribe {
      watched.set(id, (watched.get(id) ?? 0) + 1)
      const stop = looks.listen((look) => look.id === id && listener(look.details))
      return () => {
        stop()
        const left = (watched.get(id) ?? 1) - 1
        if (left > 0) watched.set(id, left)
        else watched.delete(id)
      }
    },
    /** Tells each whole list, right after its snapshot. */
    onList: lists.listen,
    /**
     * Marks an action as under way; the answered function ends it. Fails with SERVICE_BUSY. Until it ended, what was
     * requested hides what is observed, so a row does not flicker through the states in between.
     */
    request(id: string, kind: ServiceActionKind): (begun?: boolean) => Promise<void> {
      const present = requested.get(id)
      if (present) throw new AppError('SERVICE_BUSY', { name: observed.get(id)?.name ?? id, action: present })
      requested.set(id, kind)
      publish(id)
      // Told before the engine is asked, in one change with the others of the same click.
      queueMicrotask(gathering.flush)
      return async (begun = true) => {
        // First the truth, then the mark goes, in one change: nobody sees the state of before the action again.
        if (begun) await refresher.refresh(id)
        requested.delete(id)
        publish(id)
      }
    },
    conditions: () => [...observed.values()].map((container) => conditionOf(view(container))),
    stop() {
      epoch++
      ready = false
      stopStates()
      stopEvents()
      for (const timer of timers.values()) clearTimeout(timer)
      gathering.stop()
    },
  }
}
export type ServiceRegistry = ReturnType<typeof createServiceRegistry>

const same = (a: Container | undefined, b: Container) => a !== undefined && JSON.stringify(a) === JSON.stringify(b)

/** A listed row with what only an inspection told, as long as it is still in the same state. */
function known(before: Container | undefined, listed: Container): Container {
  if (!before || before.state.kind !== listed.state.kind) return listed
  const exitCode = (state: Container['state']) => ('exitCode' in state ? state.exitCode : null)
  const state = exitCode(before.state) === exitCode(listed.state) ? before.state : listed.state
  return { ...listed, state, restartCount: before.restartCount, failingStreak: before.failingStreak }
}

/** What the list does not tell matters for what lives and for what failed lately; thousands of ended ones cost nothing. */
function worthInspecting(containers: readonly Container[]): string[] {
  const living = containers.filter(({ state }) => ['running', 'restarting', 'paused'].includes(state.kind))
  const failed = containers
    .filter(({ state }) => state.kind === 'stopped' && state.exitCode !== null && state.exitCode !== 0)
    .sort((a, b) => b.createdAt - a.createdAt)
  return [...living, ...failed.slice(0, FAILED_TO_INSPECT)].map(({ id }) => id)
}
