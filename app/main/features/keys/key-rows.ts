import type { KeyBalance, KeyFacts, KeyTest, ModelMapping, Retiring, Vendor } from '../../../shared/contracts/keys.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import type { Db, Value } from '../../db/db.ts'
import { fromJson } from '../../lib/json.ts'

/** Tests that are kept of a key. */
export const TESTS_KEPT = 50

/** A key as memory holds it: nothing of its secret, not even sealed. */
export interface KeyRow extends KeyFacts {
  readonly id: string
  readonly disabled: { readonly at: number; readonly reason: string } | null
  readonly formerUntil: number | null
  /** The reminder that was given last, in days before it expires. */
  readonly reminded: number | null
  readonly models: readonly string[] | null
  /** The list before `models` that differed from it. */
  readonly formerModels: readonly string[] | null
  /** Of `models`; `reminded` as of the key itself. */
  readonly retiring: readonly (Retiring & { readonly reminded: number | null })[]
  readonly balance: KeyBalance | null
  readonly lastError: (Failure & { readonly at: number }) | null
  /** The plugin that it follows; null for the operator's own. */
  readonly pluginId: string | null
  readonly createdAt: number
  readonly updatedAt: number
}
/** Sealed. `secret` is null for the sandbox's, until the data key was open once. */
export interface SealedSecrets {
  readonly secret: string | null
  readonly former: string | null
}
export type TestRow = Omit<KeyTest, 'models' | 'balance' | 'retiring'>

interface Stored {
  readonly id: string
  readonly vendor: Vendor
  readonly service: string
  readonly name: string
  readonly tier: string
  readonly base_url: string | null
  readonly weight: number
  readonly rpm: number | null
  readonly tpm: number | null
  readonly concurrency: number | null
  readonly monthly_budget: number | null
  readonly expires_at: number | null
  readonly model_mapping: string
  readonly reminded: number | null
  readonly former_until: number | null
  readonly disabled_at: number | null
  readonly disabled_reason: string | null
  readonly models: string | null
  readonly former_models: string | null
  readonly retiring: string | null
  readonly balance: string | null
  readonly last_error: string | null
  readonly plugin_id: string | null
  readonly created_at: number
  readonly updated_at: number
}
interface StoredTest {
  readonly at: number
  readonly ok: number
  readonly latencyMs: number
  readonly statusCode: number | null
  readonly failure: string | null
}

/** What may be written of a row, by column. */
const columns = {
  ...{ service: 'service', name: 'name', tier: 'tier', baseUrl: 'base_url', weight: 'weight', rpm: 'rpm', tpm: 'tpm' },
  ...{ concurrency: 'concurrency', monthlyBudget: 'monthly_budget', expiresAt: 'expires_at', reminded: 'reminded' },
  modelMapping: 'model_mapping',
  ...{ secret: 'secret', fingerprint: 'fingerprint', formerSecret: 'former_secret', formerUntil: 'former_until' },
  ...{ disabledAt: 'disabled_at', disabledReason: 'disabled_reason', models: 'models', formerModels: 'former_models' },
  ...{ retiring: 'retiring', balance: 'balance', lastError: 'last_error', updatedAt: 'updated_at' },
} as const
export type KeyChange = { readonly [K in keyof typeof columns]?: Value | undefined }

const shown = `id, vendor, service, name, tier, base_url, weight, rpm, tpm, concurrency, monthly_budget, expires_at,
  model_mapping, reminded, former_until, disabled_at, disabled_reason, models, former_models, retiring, balance, last_error,
  created_at, updated_at, (SELECT plugin_id FROM plugin_keys WHERE key_id = keys.id) AS plugin_id`

/** The tables of keys. */
export function keyRows(db: Db) {
  return {
    all: (): KeyRow[] => db.all<Stored>(`SELECT ${shown} FROM keys ORDER BY created_at, id`).map(rowOf),
    one(id: string): KeyRow | null {
      const found = db.get<Stored>(`SELECT ${shown} FROM keys WHERE id = ?`, id)
      return found ? rowOf(found) : null
    },
    sealed: (id: string): SealedSecrets =>
      db.get<SealedSecrets>('SELECT secret, former_secret AS former FROM keys WHERE id = ?', id) ?? {
        secret: null,
        former: null,
      },
    /** The name of the key that has this secret. */
    withFingerprint: (fingerprint: string) =>
      db.get<{ id: string; name: string }>('SELECT id, name FROM keys WHERE fingerprint = ?', fingerprint) ?? null,
    named: (vendor: Vendor, name: string) =>
      db.get<{ id: string }>('SELECT id FROM keys WHERE vendor = ? AND name = ?', vendor, name) ?? null,
    add(id: string, facts: KeyFacts, secret: string, fingerprint: string | null, now: number): void {
      db.run(
        `INSERT INTO keys (id, vendor, service, name, tier, base_url, weight, rpm, tpm, concurrency, monthly_budget,
           expires_at, model_mapping, secret, fingerprint, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, facts.vendor, facts.service, facts.name, facts.tier, facts.baseUrl, facts.weight, facts.rpm, facts.tpm],
        ...[facts.concurrency, facts.monthlyBudget, facts.expiresAt, JSON.stringify(facts.modelMapping)],
        ...[secret, fingerprint, now, now],
      )
    },
    /** From then on it follows the plugin. */
    follow: (id: string, pluginId: string) =>
      void db.run('INSERT INTO plugin_keys (plugin_id, key_id) VALUES (?, ?)', pluginId, id),
    change(id: string, change: KeyChange): void {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      if (given.length === 0) return
      const sets = given.map(([name]) => `${columns[name as keyof typeof columns]} = ?`).join(', ')
      db.run(`UPDATE keys SET ${sets} WHERE id = ?`, ...given.map(([, value]) => value as Value), id)
    },
    remove(id: string): void {
      db.run('DELETE FROM keys WHERE id = ?', id)
      db.run('DELETE FROM route_health WHERE id = ?', id)
    },
    addTest(id: string, { at, ok, latencyMs, statusCode, failure }: TestRow): void {
      db.run(
        'INSERT INTO key_tests (key_id, at, ok, latency_ms, status_code, failure) VALUES (?, ?, ?, ?, ?, ?)',
        ...[id, at, Number(ok), latencyMs, statusCode, failure === null ? null : JSON.stringify(failure)],
      )
      db.run(
        `DELETE FROM key_tests WHERE key_id = ? AND id <= (
           SELECT id FROM key_tests WHERE key_id = ? ORDER BY id DESC LIMIT 1 OFFSET ${TESTS_KEPT})`,
        ...[id, id],
      )
    },
    /** Newest first. */
    tests: (id: string): TestRow[] =>
      db
        .all<StoredTest>(
          `SELECT at, ok, latency_ms AS latencyMs, status_code AS statusCode, failure FROM key_tests
           WHERE key_id = ? ORDER BY id DESC LIMIT ${TESTS_KEPT}`,
          id,
        )
        .map(testOf),
    lastTests: (): Map<string, TestRow> =>
      new Map(
        db
          .all<StoredTest & { id: string }>(
            `SELECT key_id AS id, at, ok, latency_ms AS latencyMs, status_code AS statusCode, failure FROM key_tests
             WHERE id IN (SELECT max(id) FROM key_tests GROUP BY key_id)`,
          )
          .map((row) => [row.id, testOf(row)]),
      ),
  }
}
export type KeyRows = ReturnType<typeof keyRows>

function rowOf(row: Stored): KeyRow {
  const { id, vendor, service, name, tier, weight, rpm, tpm, concurrency, reminded } = row
  return {
    ...{ id, vendor, service, name, tier, weight, rpm, tpm, concurrency, reminded },
    ...{ baseUrl: row.base_url, monthlyBudget: row.monthly_budget, expiresAt: row.expires_at },
    modelMapping: (fromJson(row.model_mapping) as ModelMapping | undefined) ?? {},
    disabled: row.disabled_at === null ? null : { at: row.disabled_at, reason: row.disabled_reason ?? '' },
    formerUntil: row.former_until,
    models: listOf(row.models),
    formerModels: listOf(row.former_models),
    retiring: retiringOf(row.retiring),
    balance: row.balance === null ? null : ((fromJson(row.balance) as KeyBalance | undefined) ?? null),
    lastError: row.last_error === null ? null : ((fromJson(row.last_error) as KeyRow['lastError']) ?? null),
    pluginId: row.plugin_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
function testOf({ at, ok, latencyMs, statusCode, failure }: StoredTest): TestRow {
  const told = failure === null ? null : ((fromJson(failure) as Failure | undefined) ?? null)
  return { at, ok: ok === 1, latencyMs, statusCode, failure: told }
}
const listOf = (text: string | null) => (text === null ? null : ((fromJson(text) as string[] | undefined) ?? null))
/** Those of before there were reminders have none. */
const retiringOf = (text: string | null): KeyRow['retiring'] =>
  (
    (text === null ? null : (fromJson(text) as (Retiring & { reminded?: number | null })[] | null | undefined)) ?? []
  ).map(({ model, on, reminded = null }) => ({ model, on, reminded }))
