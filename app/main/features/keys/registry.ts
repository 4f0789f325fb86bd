import type { Currency, Key, KeysUpdate, Vendor } from '../../../shared/contracts/keys.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { createGathering } from '../../lib/gathering.ts'
import { fromJson } from '../../lib/json.ts'
import type { Log } from '../../lib/log.ts'
import { monthOf } from '../../lib/month.ts'
import type { UsableKey } from '../../platform/gateway/gateway-messages.ts'
import type { KeyRow, KeyRows, TestRow } from './key-rows.ts'
import { type Health, nextChange, stateOf, untried, withoutBench } from './key-state.ts'
import { dayOf, type KeyUses } from './key-use.ts'
import type { KeyVault } from './key-vault.ts'

/** Figures are published at most this often. */
const FIGURES_MS = 1000
/** The clock of the machine may be set meanwhile: it is looked at again at least this often. */
const LOOK_MS = 10 * 60_000
const DAY_MS = 24 * 3_600_000

export interface RegistryParts {
  readonly db: Db
  readonly rows: KeyRows
  readonly vault: KeyVault
  readonly uses: KeyUses
  readonly clock: () => number
  readonly log: Log
  /** Called with all keys when the clock may have changed something about one; may change them. */
  readonly due: (rows: readonly KeyRow[]) => void
}
/** Keys of which the worker has to be told. */
export type KeysChanged = readonly string[]

export const currencyOf = (vendor: Vendor): Currency => (vendor === 'aliyun' ? 'CNY' : 'USD')

/** The live list of keys. Whoever changed the tables tells it which ids to read again; what that changes is published once. */
export function createKeyRegistry({ db, rows, vault, uses, clock, log, due }: RegistryParts) {
  const held = new Map(rows.all().map((row) => [row.id, row]))
  const tests = rows.lastTests()
  const healths = new Map<string, Health>()
  for (const { id, health } of db.all<{ id: string; health: string }>('SELECT id, health FROM route_health')) {
    const known = fromJson(health) as Health | undefined
    if (known?.id === id) healths.set(id, known)
  }
  const updates = createEmitter<KeysUpdate>()
  const changes = createEmitter<KeysChanged>()
  const details = createEmitter<string>()
  /** States as every follower was told them last. */
  const told = new Map<string, string>()
  let clockTimer: NodeJS.Timeout | null = null
  let day = dayOf(clock())
  let stopped = false

  const healthOf = (id: string) => healths.get(id) ?? null
  function view(row: KeyRow): Key {
    const { id, vendor, service, name, tier, baseUrl, weight, rpm, tpm, concurrency, monthlyBudget, expiresAt } = row
    const { modelMapping } = row
    const now = clock()
    const state = stateOf(row, healthOf(id), now)
    const unreadable = vault.isOpen() && !vault.isReadable(id)
    return {
      ...{ id, vendor, service, name, tier, baseUrl, weight, rpm, tpm, concurrency, monthlyBudget, expiresAt, state },
      modelMapping,
      maskedSecret: vault.maskOf(id),
      currency: currencyOf(vendor),
      graceUntil: row.formerUntil !== null && row.formerUntil > now ? row.formerUntil : null,
      lastTest: tests.get(id) ?? null,
      models: row.models === null ? null : [...row.models],
      retiring: row.retiring.map(({ model, on }) => ({ model, on })),
      balance: row.balance,
      lastError: unreadable
        ? { code: 'SECRET_UNREADABLE', details: { name: `key/${id}` }, at: row.updatedAt }
        : row.lastError,
      ...(row.pluginId !== null && { pluginId: row.pluginId }),
      use: uses.of(id),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    }
  }

  const { publish, publishWithin, flush, stop } = createGathering(
    (id) => {
      const row = held.get(id)
      return row && view(row)
    },
    (change) => {
      for (const { id, state } of change.upserted) {
        told.set(id, JSON.stringify(state))
        details.emit(id)
      }
      for (const id of change.removed) details.emit(id)
      updates.emit(change)
    },
  )
  const soonFigures = (ids: Iterable<string>) =>
    publishWithin(
      FIGURES_MS,
      [...ids].filter((id) => held.has(id)),
    )

  /** One timer for all: the next end of a cooldown, of a bench, of a grace, the next expiry, reminder or midnight. */
  function watchClock(): void {
    if (clockTimer) clearTimeout(clockTimer)
    if (stopped) return
    const now = clock()
    let next = dayOf(now) + DAY_MS
    for (const row of held.values()) next = Math.min(next, nextChange(row, healthOf(row.id), now) ?? next)
    clockTimer = setTimeout(lookAtClock, Math.min(Math.max(next - now, 1), LOOK_MS))
    clockTimer.unref()
  }
  function lookAtClock(): void {
    const now = clock()
    try {
      due([...held.values()])
    } catch (error) {
      log.error('keys', 'not done in time', { error })
    }
    const today = dayOf(now)
    // At midnight the figures of every key begin anew.
    const all = today !== day
    day = today
    publish([...held.values()].filter((row) => all || isNew(row)).map(({ id }) => id))
    watchClock()
  }

  /** Whether its state is another than was told. */
  const isNew = (row: KeyRow) => JSON.stringify(stateOf(row, healthOf(row.id), clock())) !== told.get(row.id)

  function find(id: string): KeyRow {
    const row = held.get(id)
    if (!row) throw new AppError('KEY_NOT_FOUND', { name: id.slice(0, 100) })
    return row
  }
  function keepHealth(health: Health): void {
    const sql = 'INSERT OR REPLACE INTO route_health (id, health) VALUES (?, ?)'
    db.run(sql, health.id, JSON.stringify(health))
    db.afterCommit(() => healths.set(health.id, health))
  }
  function changed(ids: readonly string[], known = false): void {
    for (const id of ids) {
      const row = rows.one(id)
      if (row) held.set(id, row)
      else {
        for (const one of [held, tests, healths, told]) one.delete(id)
        uses.forget(id)
        vault.forget(id)
      }
    }
    publish(ids)
    if (!known && ids.length > 0) changes.emit(ids)
    watchClock()
  }

  // Masks are known only now, and until it is locked.
  function turned(): void {
    if (stopped) return
    publish(held.keys())
    lookAtClock()
  }
  void vault.ready.then(turned)
  const stopTurns = vault.onTurn(turned)

  return {
    rows,
    follow(listener: Emit<KeysUpdate>): Unsubscribe {
      flush()
      listener({ kind: 'snapshot', keys: [...held.values()].map(view) })
      return updates.listen((update) => void listener(update))
    },
    /** Told with ids of keys of which anything was published. */
    onDetails: details.listen,
    onChange: changes.listen,
    list: (): readonly KeyRow[] => [...held.values()],
    get: (id: string): KeyRow | null => held.get(id) ?? null,
    /** Fails with KEY_NOT_FOUND. */
    find,
    /** By id, else by name. Fails with KEY_NOT_FOUND, and with BAD_INPUT for a name that several vendors' keys have. */
    named(idOrName: string): KeyRow {
      const known = held.get(idOrName)
      if (known) return known
      const [one, ...more] = [...held.values()].filter(({ name }) => name === idOrName)
      if (more.length > 0)
        throw new AppError('BAD_INPUT', { reason: `several keys are called ${idOrName.slice(0, 100)}: use the id` })
      return one ?? find(idOrName)
    },
    view,
    /** Reads these again from the tables and publishes them. `known`: nothing that the worker has to hear. */
    changed,
    /** Publishes those whose state is another now. */
    stateChanged(ids: readonly string[]): void {
      publish(
        ids
          .flatMap((id) => held.get(id) ?? [])
          .filter(isNew)
          .map(({ id }) => id),
      )
      watchClock()
    },
    /** Reads these again, and publishes them as soon as new figures would be. */
    reread(ids: readonly string[]): void {
      for (const id of ids) {
        const row = rows.one(id)
        if (row) held.set(id, row)
      }
      soonFigures(ids)
    },
    /** Publishes new figures of these, soon. */
    figuresChanged: soonFigures,
    tested(id: string, test: TestRow): void {
      if (held.has(id)) tests.set(id, test)
    },
    flush,
    healthOf,
    storedHealth(): readonly Health[] {
      const monthStart = monthOf(clock()).start
      const told = new Map(healths)
      for (const id of held.keys()) {
        // What was spent is counted with the use itself, which a sudden end does not take away.
        const spent = uses.of(id).costThisMonth
        const known = healths.get(id)
        if (known || spent > 0) told.set(id, { ...(known ?? untried(id)), monthStart, spent })
      }
      return [...told.values()]
    },
    /** Within a transaction. Ids of keys that are gone are left out; a candidate's id is no key's. */
    keepHealth,
    /** Within a transaction: bench, cooldown and breaker of a key are forgotten. */
    forgetBench(id: string): void {
      const health = healths.get(id)
      if (health) keepHealth(withoutBench(health))
    },
    /** As the worker uses it, secrets in clear; null where the secret cannot be opened. */
    usable(row: KeyRow): UsableKey | null {
      if (!vault.isReadable(row.id)) return null
      const { id, vendor, service, name, tier, weight, baseUrl, rpm, tpm, concurrency, monthlyBudget, expiresAt } = row
      const { modelMapping } = row
      const former = row.formerUntil !== null && row.formerUntil > clock() ? vault.formerOf(id) : null
      return {
        ...{ id, vendor, service, name, tier, weight, baseUrl, rpm, tpm, concurrency, monthlyBudget, expiresAt },
        ...{ modelMapping, currency: currencyOf(vendor), enabled: row.disabled === null, secret: vault.secretOf(id) },
        former: former === null ? null : { secret: former, until: row.formerUntil! },
      }
    },
    stop(): void {
      stopped = true
      stopTurns()
      stop()
      if (clockTimer) clearTimeout(clockTimer)
    },
  }
}
export type KeyRegistry = ReturnType<typeof createKeyRegistry>
