import { randomBytes } from 'node:crypto'
import type { registry as contract, Instance } from '../../../shared/contracts/registry.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Actor, Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'
import type { GatewayAsks } from '../../platform/gateway/gateway-messages.ts'
import { type Held, instanceOf, judged, nextAt, restored } from './condition.ts'
import { instanceRows } from './instance-rows.ts'

export type Update = Parameters<Parameters<Handlers<typeof contract>['onUpdates']>[0]>[0]
type Registration = GatewayAsks['instanceRegister']['input']
type Report = GatewayAsks['instanceReports']['input'][number]

export const MOST_INSTANCES = 1000
/** Heartbeats and figures are published, and written, at most this often. */
const PUBLISH_MS = 1000
const WRITE_MS = 60_000
/** A longer timer would overflow; the look at its end plans the next one. */
const LONGEST_MS = 3_600_000

/** The registered instances: the truth, in memory; the table is written behind it. */
export function createInstances(options: {
  readonly db: Db
  readonly audit: Audit
  readonly log: Log
  readonly clock: () => number
}) {
  const { db, audit, log, clock } = options
  const rows = instanceRows(db)
  const held = new Map(rows.all().map((row) => [row.id, restored(row, clock())]))
  const updates = createEmitter<Update>()
  /** Ids that changed since they were published, or written. */
  const unpublished = new Set<string>()
  const unwritten = new Set<string>()
  let later: NodeJS.Timeout | null = null
  let writing: NodeJS.Timeout | null = null
  let watch: NodeJS.Timeout | null = null
  plan()

  const find = (id: string): Held => {
    const one = held.get(id)
    if (!one) throw new AppError('INSTANCE_NOT_FOUND', { name: id.slice(0, 64) })
    return one
  }
  function keep(one: Held): Held {
    const { id } = one.row
    const before = held.get(id)
    const next = judged(one, clock())
    held.set(id, next)
    // A good probe of what is up changes nothing that anybody sees.
    if (before?.row === next.row && before.state === next.state) return next
    unpublished.add(id)
    // Whoever is down is told at once; what only counts on can wait.
    if (before?.state.kind !== next.state.kind) flush()
    else later ??= setTimeout(flush, PUBLISH_MS).unref()
    // Heard of again: its next deadline is sooner than that of being forgotten.
    if (before?.row.downSince !== next.row.downSince) plan()
    return next
  }
  function writeLater(id: string): void {
    unwritten.add(id)
    writing ??= setTimeout(write, WRITE_MS).unref()
  }
  function write(): void {
    if (writing) clearTimeout(writing)
    writing = null
    try {
      db.transaction(() => {
        for (const id of unwritten) if (held.has(id)) rows.put(find(id).row)
      })
      unwritten.clear()
    } catch (error) {
      // What is not written is only how far the figures came; the next minute tries again.
      log.warn('registry', 'heartbeats not written', { error })
      writing = setTimeout(write, WRITE_MS).unref()
    }
  }
  function flush(): void {
    if (later) clearTimeout(later)
    later = null
    if (unpublished.size === 0) return
    const upserted: Instance[] = []
    const removed: string[] = []
    for (const id of unpublished) {
      const one = held.get(id)
      if (one) upserted.push(instanceOf(one))
      else removed.push(id)
    }
    unpublished.clear()
    updates.emit({ kind: 'change', upserted, removed })
  }

  /** Heartbeats of what is not silent only move deadlines away, so a look that comes too early costs nothing but itself. */
  function plan(soonest = 50): void {
    if (watch) clearTimeout(watch)
    watch = null
    if (held.size === 0) return
    const first = Math.min(...[...held.values()].map(nextAt))
    watch = setTimeout(look, Math.min(Math.max(first - clock(), soonest), LONGEST_MS)).unref()
  }
  function look(): void {
    const now = clock()
    let soonest: number | undefined
    for (const one of [...held.values()]) {
      if (nextAt(one) > now) continue
      const { id } = one.row
      if (one.row.downSince === null) {
        keep(one)
        writeLater(id)
      } else {
        try {
          forget([one])
        } catch (error) {
          log.warn('registry', 'instance not forgotten', { error })
          soonest = WRITE_MS
        }
      }
    }
    plan(soonest)
  }
  function forget(gone: readonly Held[], actor: Actor | null = null): void {
    db.transaction(() => {
      for (const { row } of gone) {
        rows.drop(row.id)
        if (actor !== null) note(actor, 'remove', row)
      }
    })
    for (const { row } of gone) {
      held.delete(row.id)
      unwritten.delete(row.id)
      unpublished.add(row.id)
    }
    flush()
    plan()
  }
  function note(actor: Actor, action: 'register' | 'remove', { id, name, url }: Held['row']): void {
    const subject = { actor, action: `registry.${action}`, target: `service ${name}`, targetId: id }
    audit.note({ ...subject, ...(action === 'remove' ? { before: { url } } : { after: { url } }) })
  }

  return {
    list: (): Instance[] => [...held.values()].map(instanceOf),
    /** The same name and address again keep their id and their counts. Fails with BAD_INPUT when there are too many. */
    register(given: Registration): Instance {
      const now = clock()
      const known = [...held.values()].find(({ row }) => row.name === given.name && row.url === given.url)
      if (!known && held.size >= MOST_INSTANCES)
        throw new AppError('BAD_INPUT', { reason: `${MOST_INSTANCES} instances are registered already` })
      const row = {
        ...given,
        id: known?.row.id ?? randomBytes(8).toString('hex'),
        ...{ registeredAt: now, lastBeatAt: now, downSince: null },
        ...{ requests: known?.row.requests ?? 0, errors: known?.row.errors ?? 0 },
      }
      db.transaction(() => {
        rows.put(row)
        if (!known) note('platform', 'register', row)
      })
      const state = known?.state.kind === 'up' ? known.state : ({ kind: 'up', since: now } as const)
      const kept = keep({ row, seenAt: now, failures: 0, proven: false, probeReason: null, state })
      plan()
      return instanceOf(kept)
    },
    /** Fails with INSTANCE_NOT_FOUND. */
    beat(id: string): Instance {
      const one = find(id)
      const now = clock()
      writeLater(id)
      return instanceOf(keep({ ...one, seenAt: now, row: { ...one.row, lastBeatAt: now } }))
    },
    /** What the worker's probes found and its callers did since it last told. */
    report(reports: readonly Report[]): void {
      for (const { id, probe, requests, errors } of reports) {
        const one = held.get(id)
        // Taken out meanwhile.
        if (!one) continue
        const more = { requests: one.row.requests + requests, errors: one.row.errors + errors }
        const row = requests === 0 && errors === 0 ? one.row : { ...one.row, ...more }
        if (!probe) keep({ ...one, row })
        else if (probe.ok) keep({ ...one, row, seenAt: clock(), failures: 0, proven: true, probeReason: null })
        else keep({ ...one, row, failures: one.failures + 1, probeReason: probe.reason ?? 'its probe failed' })
        if (requests > 0) writeLater(id)
      }
    },
    /** Ids that are gone already are passed over. */
    remove(ids: readonly string[], actor: Actor): void {
      forget(
        [...new Set(ids)].flatMap((id) => held.get(id) ?? []),
        actor,
      )
    },
    find: (id: string): Instance => instanceOf(find(id)),
    follow(emit: Emit<Update>): Unsubscribe {
      flush()
      emit({ kind: 'snapshot', instances: [...held.values()].map(instanceOf) })
      return updates.listen((update) => void emit(update))
    },
    stop(): void {
      for (const timer of [later, writing, watch]) if (timer) clearTimeout(timer)
      if (unwritten.size === 0) return
      write()
      if (writing) clearTimeout(writing)
    },
  }
}
export type Instances = ReturnType<typeof createInstances>
