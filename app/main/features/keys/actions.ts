import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KeyFacts, KeyTest, Retiring } from '../../../shared/contracts/keys.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { maskText, withoutSecrets } from '../../lib/secrets.ts'
import type { KeyRow } from './key-rows.ts'
import { dueReminder, endOfModel } from './key-state.ts'
import type { LoadUse } from './key-use.ts'
import { type KeyVault, NO_SECRET } from './key-vault.ts'
import { currencyOf, type KeyRegistry } from './registry.ts'
import { forecast, tellBalance, tellModels } from './test-notices.ts'
import type { KeyWorker } from './worker-keys.ts'

/** How long a page shows a secret. */
const REVEAL_MS = 30_000
const HOUR_MS = 3_600_000
const WEEK_MS = 168 * HOUR_MS

export type FactsChange = { readonly [K in keyof Omit<KeyFacts, 'vendor'>]?: KeyFacts[K] | undefined }
export interface ActionParts {
  readonly db: Db
  readonly registry: KeyRegistry
  readonly vault: KeyVault
  readonly worker: KeyWorker
  readonly audit: Audit
  readonly notify: Notify
  readonly loadUse: LoadUse
  readonly log: Log
  readonly clock: () => number
}

/** What is done to keys. A change and its line in the audit trail are one transaction; no secret is in either in clear. */
export function createKeyActions(parts: ActionParts) {
  const { db, registry, vault, worker, audit, notify, loadUse, log, clock } = parts
  const { rows } = registry

  function note(asker: Asker, action: string, row: Pick<KeyRow, 'id' | 'name'>, before?: object, after: object = {}) {
    const told = asker.userId ? { ...after, userId: asker.userId } : after
    const subject = { action: `key.${action}`, target: `key ${row.name}`, targetId: row.id }
    audit.note({
      ...{ actor: asker.actor, ...subject },
      ...(before && { before }),
      ...(Object.keys(told).length > 0 && { after: told }),
    })
    db.afterCommit(() => log.info('keys', action, { id: row.id }))
  }
  function told(ids: readonly string[], known = false): void {
    registry.changed(ids, known)
    registry.flush()
  }
  const unique = (ids: readonly string[]) => [...new Set(ids)].map((id) => registry.find(id))

  /** Each in one transaction with the others: all of them, or none. Fails with KEY_NOT_FOUND before anything is done. */
  function each(ids: readonly string[], work: (row: KeyRow) => void): void {
    const found = unique(ids)
    db.transaction(() => {
      for (const row of found) work(row)
    })
    told(found.map(({ id }) => id))
  }
  /** Fails with KEY_DUPLICATE_SECRET, which names the key that has it. */
  function assertFresh(secret: string): string | null {
    if (secret === NO_SECRET) return null
    const fingerprint = vault.fingerprint(secret)
    const same = rows.withFingerprint(fingerprint)
    if (same) throw new AppError('KEY_DUPLICATE_SECRET', { name: same.name })
    return fingerprint
  }
  function assertNameFree({ vendor, name }: Pick<KeyFacts, 'vendor' | 'name'>, id: string | null): void {
    const same = rows.named(vendor, name)
    if (same && same.id !== id) throw new AppError('KEY_NAME_TAKEN', { vendor, name })
  }

  /** Within a transaction. */
  function insert(given: KeyFacts, secret: string, asker: Asker): string {
    const facts = settled(given)
    const fingerprint = assertFresh(secret)
    assertNameFree(facts, null)
    const id = randomUUID()
    rows.add(id, facts, vault.seal(id, secret), fingerprint, clock())
    note(asker, 'add', { id, name: facts.name }, undefined, facts)
    db.afterCommit(() => vault.remember(id))
    return id
  }
  /** Within a transaction. The secret that it has already is taken too: somebody who knows it gave it anew. */
  function replace(row: KeyRow, secret: string, graceHours: number, asker: Asker): void {
    const { id } = row
    const own = rows.withFingerprint(vault.fingerprint(secret))?.id === id
    const fingerprint = own ? vault.fingerprint(secret) : assertFresh(secret)
    const now = clock()
    // One that cannot be opened any more cannot be tried either.
    const grace = graceHours > 0 && vault.isReadable(id)
    rows.change(id, {
      formerSecret: grace ? vault.sealFormer(id, vault.secretOf(id)) : null,
      formerUntil: grace ? now + graceHours * HOUR_MS : null,
      ...{ secret: vault.seal(id, secret), fingerprint, updatedAt: now },
    })
    // What was held against the former secret says nothing about this one.
    registry.forgetBench(id)
    if (!own) note(asker, 'rotate', row, undefined, { graceHours })
  }
  function setDisabled(row: KeyRow, reason: string | null, asker: Asker): void {
    if (reason === null ? row.disabled === null : row.disabled?.reason === reason) return
    const now = clock()
    rows.change(row.id, {
      ...{ disabledAt: reason === null ? null : now, disabledReason: reason, updatedAt: now },
    })
    if (reason === null) note(asker, 'enable', row, { reason: row.disabled?.reason })
    else note(asker, 'disable', row, undefined, { reason })
  }
  const usesOf = ({ id }: KeyRow) => loadUse(clock() - WEEK_MS).filter(({ keyId }) => keyId === id)
  const resetHealth = (ids: readonly string[]) => worker.tell('resetHealth', { keyIds: ids })

  return {
    note,
    insert,
    setDisabled,
    told,
    async add(facts: KeyFacts, secret: string, asker: Asker): Promise<KeyRow> {
      await vault.ready
      const id = db.transaction(() => insert(facts, secret, asker))
      told([id])
      return registry.find(id)
    },
    /** An address of another origin needs the secret anew, or whoever may change a key could have its secret sent to him. */
    async change(id: string, change: FactsChange, asker: Asker, secret?: string): Promise<KeyRow> {
      if (secret !== undefined) await vault.ready
      const row = registry.find(id)
      const before = factsOf(row)
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      const after = settled({ ...before, ...given, vendor: row.vendor })
      const names = (Object.keys(before) as (keyof KeyFacts)[]).filter(
        (name) => !isDeepStrictEqual(before[name], after[name]),
      )
      if (names.length === 0 && secret === undefined) return row
      if (secret === undefined && originOf(before) !== originOf(after))
        throw new AppError('KEY_ADDRESS_NEEDS_SECRET', { name: row.name })
      const { vendor: _, modelMapping, ...facts } = after
      db.transaction(() => {
        assertNameFree(after, id)
        // Another end is reminded of anew.
        const reminded = after.expiresAt === before.expiresAt ? {} : { reminded: null }
        rows.change(id, { ...facts, modelMapping: JSON.stringify(modelMapping), ...reminded, updatedAt: clock() })
        if (names.length > 0) note(asker, 'change', row, only(before, names), only(after, names))
        if (secret !== undefined) replace(row, secret, 0, asker)
      })
      if (secret !== undefined) vault.remember(id)
      told([id])
      if (secret !== undefined) resetHealth([id])
      return registry.find(id)
    },
    remove: (ids: readonly string[], asker: Asker): void =>
      each(ids, (row) => {
        rows.remove(row.id)
        note(asker, 'remove', row, factsOf(row))
      }),
    enable: (ids: readonly string[], asker: Asker): void => each(ids, (row) => setDisabled(row, null, asker)),
    disable: (ids: readonly string[], reason: string, asker: Asker): void =>
      each(ids, (row) => setDisabled(row, reason, asker)),
    async rotate(id: string, secret: string, graceHours: number, asker: Asker): Promise<KeyRow> {
      await vault.ready
      const row = registry.find(id)
      db.transaction(() => {
        assertFresh(secret)
        replace(row, secret, graceHours, asker)
      })
      vault.remember(id)
      told([id])
      resetHealth([id])
      return registry.find(id)
    },
    async reveal(id: string, asker: Asker): Promise<{ secret: string; until: number }> {
      await vault.ready
      const row = registry.find(id)
      const secret = vault.secretOf(id)
      note(asker, 'reveal', row)
      return { secret, until: clock() + REVEAL_MS }
    },
    resetCooldown(ids: readonly string[], asker: Asker): void {
      each(ids, (row) => {
        registry.forgetBench(row.id)
        note(asker, 'resetCooldown', row)
      })
      resetHealth(ids)
    },
    async test(id: string, asker: Asker): Promise<KeyTest> {
      await vault.ready
      const { vendor, service, baseUrl } = registry.find(id)
      const secret = vault.secretOf(id)
      const result = await tested(worker, { vendor, service, baseUrl, secret })
      // While the vendor was asked it may have been removed, or become another.
      const row = registry.get(id)
      if (!row || row.baseUrl !== baseUrl || (vault.isOpen() && vault.secretOf(id) !== secret)) return result
      const { models, balance: left, retiring = [], ...test } = result
      const balance = left ? forecast(left, { uses: usesOf(row), currency: currencyOf(row.vendor) }, clock()) : null
      const freed = result.ok && registry.healthOf(id)?.bench?.reason === 'bad-key'
      db.transaction(() => {
        rows.addTest(id, test)
        if (models)
          rows.change(id, { ...listChange(row, models), retiring: JSON.stringify(remindedOf(row, retiring, clock())) })
        if (result.ok) rows.change(id, { balance: balance && JSON.stringify(balance) })
        if (freed) registry.forgetBench(id)
        note(asker, 'test', row, undefined, { ok: test.ok, statusCode: test.statusCode })
      })
      tellModels(notify, row, result)
      if (balance) tellBalance(notify, row, balance)
      registry.tested(id, test)
      told([id], true)
      if (freed) resetHealth([id])
      return result
    },
    /** Forgets former secrets whose grace is over. */
    endGrace(ids: readonly string[]): void {
      db.transaction(() => {
        for (const id of ids) rows.change(id, { formerSecret: null, formerUntil: null })
      })
      registry.changed(ids)
    },
  }
}
export type KeyActions = ReturnType<typeof createKeyActions>

/** What the operator says of a key, without what the console knows beside it. */
export function factsOf(row: KeyRow): KeyFacts {
  const { vendor, service, name, tier, baseUrl, weight, rpm, tpm, concurrency, monthlyBudget, expiresAt } = row
  const { modelMapping } = row
  return { vendor, service, name, tier, baseUrl, weight, rpm, tpm, concurrency, monthlyBudget, expiresAt, modelMapping }
}

/** Facts that can be kept. Fails with KEY_NEEDS_ADDRESS, and with ARGUMENT_INVALID for an address that holds a secret. */
export function settled(facts: KeyFacts): KeyFacts {
  if (facts.baseUrl === null) {
    if (facts.vendor === 'openai-compatible') throw new AppError('KEY_NEEDS_ADDRESS', { vendor: facts.vendor })
    return facts
  }
  const { username, password, search, hash } = new URL(facts.baseUrl)
  const wrong = (reason: string) => new AppError('ARGUMENT_INVALID', { name: 'base_url', reason })
  // It is shown, logged and audited: what opens something does not belong into it.
  if (username !== '' || password !== '') throw wrong('it may not hold a user or a password')
  if (search !== '' || hash !== '') throw wrong('it may not hold a query')
  return { ...facts, baseUrl: facts.baseUrl.replace(/[/?#]+$/, '') }
}

/** Where the secret goes; an address that is left out is the vendor's own. */
const originOf = ({ baseUrl }: KeyFacts) => baseUrl && new URL(baseUrl).origin

const only = (facts: KeyFacts, names: readonly (keyof KeyFacts)[]) =>
  Object.fromEntries(names.map((name) => [name, facts[name]]))

/** Asks the worker for the cheapest real call. What the vendor says of it is bounded, and does not repeat the secret. */
export async function tested(worker: KeyWorker, access: Parameters<KeyWorker['ask']>[1]): Promise<KeyTest> {
  const { models, balance, retiring, failure, ...test } = await worker.ask('testKey', access)
  const safe = (text: string) => maskText(withoutSecrets(text, [access.secret])).slice(0, 2000)
  const details = Object.entries(failure?.details ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? safe(value) : value,
  ])
  return {
    ...test,
    ...(balance && { balance }),
    ...(retiring && { retiring: retiring.slice(0, 1000) }),
    models: models?.slice(0, 5000).map((id) => id.slice(0, 200)) ?? null,
    failure: failure && { code: failure.code, details: Object.fromEntries(details) },
  }
}

/** What was known before keeps its reminder; what is new is told by the test itself, which counts as the one that is due. */
const remindedOf = (row: KeyRow, retiring: readonly Retiring[], now: number): KeyRow['retiring'] =>
  retiring.map((one) => {
    const known = row.retiring.find(({ model, on }) => model === one.model && on === one.on)
    return known ?? { ...one, reminded: dueReminder(endOfModel({ ...one, reminded: null }), now) }
  })

/** The newest list, and the one before it where they differ in more than case and order. */
function listChange(row: KeyRow, models: readonly string[]) {
  const text = JSON.stringify(models)
  const same = row.models !== null && sorted(row.models) === sorted(models)
  return same || row.models === null ? { models: text } : { models: text, formerModels: JSON.stringify(row.models) }
}
const sorted = (list: readonly string[]) => JSON.stringify([...new Set(list.map((id) => id.toLowerCase()))].sort())
