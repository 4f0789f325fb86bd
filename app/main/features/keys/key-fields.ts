import { z } from 'zod'
import { type Key, KeyFacts, keys } from '../../../shared/contracts/keys.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import { describeError, knownCode, type SpokenLanguage } from '../../../shared/errors.ts'
import { timeOfText } from '../../../shared/time-text.ts'

// Keys in the names of the HTTP interface; a table (CSV) and an export use the same ones.

const MILLION = 1_000_000
const { shape } = KeyFacts

/** Units of the currency as people write them; kept in millionths. */
const budget = z
  .number()
  .min(0)
  .max(1_000_000)
  .transform((units) => Math.round(units * MILLION))
  .nullable()
/** ISO 8601 with a day that exists, or milliseconds since 1970. */
const time = z
  .union([z.number().int(), z.string().max(40)])
  .transform((given, context) => {
    const at = typeof given === 'number' ? given : timeOfText(given)
    if (at >= 0 && at <= 8.64e15) return at
    context.addIssue({ code: 'custom', message: 'expected a time, as in 2026-12-31T00:00:00Z' })
    return z.NEVER
  })
  .nullable()

/** What can be changed of a key; unknown fields are ignored. */
export const KeyPatch = z
  .object({
    ...{ service: shape.service, key_name: shape.name, tier: shape.tier, base_url: shape.baseUrl },
    ...{ weight: shape.weight, rpm: shape.rpm, tpm: shape.tpm, concurrency: shape.concurrency },
    ...{ monthly_budget: budget, expires_at: time, model_mapping: shape.modelMapping },
  })
  .partial()
export type KeyPatch = z.output<typeof KeyPatch>

export const ApiKey = keys.calls.add.input.shape.secret

/** A new key. */
export const NewKey = KeyPatch.extend({ vendor: shape.vendor, key_name: shape.name, api_key: ApiKey })

export function changeOf(patch: KeyPatch): Partial<Omit<KeyFacts, 'vendor'>> {
  const { service, key_name, tier, base_url, weight, rpm, tpm, concurrency } = patch
  const { monthly_budget, expires_at, model_mapping } = patch
  const all = {
    ...{ service, name: key_name, tier, baseUrl: base_url, weight, rpm, tpm, concurrency },
    ...{ monthlyBudget: monthly_budget, expiresAt: expires_at, modelMapping: model_mapping },
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** With what a caller need not say. */
export function factsOfNew(given: z.output<typeof NewKey>): KeyFacts {
  const { service = 'default', tier = 'primary', base_url: baseUrl = null, weight = 1 } = given
  const { rpm = null, tpm = null, concurrency = null } = given
  const { monthly_budget: monthlyBudget = null, expires_at: expiresAt = null, model_mapping: modelMapping = {} } = given
  return {
    ...{ vendor: given.vendor, service, name: given.key_name, tier, baseUrl, weight, rpm, tpm, concurrency },
    ...{ monthlyBudget, expiresAt, modelMapping },
  }
}

/** What was wrong with which field; never the value, which may be a secret. */
export const faultsOf = (error: z.ZodError): { field: string; reason: string }[] =>
  error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.join('.') || 'body', reason: message }))

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** A key as programs get it; the secret is masked for ever. */
export function keyFields(key: Key, language: SpokenLanguage) {
  const sentence = ({ code, details }: Failure) => describeError(knownCode(code), details, language).sentence
  const { id, vendor, service, name, tier, weight, rpm, tpm, concurrency, currency, state, models, use } = key
  return {
    ...{ id, vendor, service, key_name: name, api_key: key.maskedSecret, tier, base_url: key.baseUrl, weight },
    ...{ rpm, tpm, concurrency, currency },
    monthly_budget: key.monthlyBudget === null ? null : key.monthlyBudget / MILLION,
    expires_at: iso(key.expiresAt),
    model_mapping: key.modelMapping,
    status: state.kind,
    status_reason: 'reason' in state ? state.reason : null,
    status_until: iso('until' in state ? state.until : null),
    grace_until: iso(key.graceUntil),
    plugin_id: key.pluginId ?? null,
    models,
    retiring: key.retiring,
    balance: key.balance && {
      ...{ amount: key.balance.amount / MILLION, currency: key.balance.currency, at: iso(key.balance.at) },
      runs_out_at: iso(key.balance.runsOutAt),
    },
    last_test: key.lastTest && {
      ...{ at: iso(key.lastTest.at), ok: key.lastTest.ok, latency_ms: key.lastTest.latencyMs },
      ...{ status_code: key.lastTest.statusCode, error: key.lastTest.failure?.code ?? null },
      message: key.lastTest.failure && sentence(key.lastTest.failure),
    },
    last_error: key.lastError && {
      ...{ at: iso(key.lastError.at), code: key.lastError.code, message: sentence(key.lastError) },
    },
    usage: {
      ...{ requests_today: use.requestsToday, errors_today: use.errorsToday, tokens_today: use.tokensToday },
      ...{ cost_today: use.costToday / MILLION, cost_this_month: use.costThisMonth / MILLION },
      ...{ unpriced_today: use.unpricedToday, unpriced_this_month: use.unpricedThisMonth },
    },
    created_at: iso(key.createdAt),
    updated_at: iso(key.updatedAt),
  }
}
