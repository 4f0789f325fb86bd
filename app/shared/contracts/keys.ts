import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { Saved } from './host.ts'
import { Name } from './names.ts'
import { Failure } from './tasks.ts'

/** Vendors that the console can talk to; one file each in `app/main/platform/vendors/`. */
export const Vendor = z.enum(['openai', 'aliyun', 'openai-compatible', 'sandbox'])
export type Vendor = z.infer<typeof Vendor>

/** Money is kept in millionths of a unit of the vendor's currency, so that sums are exact. */
export const Currency = z.enum(['USD', 'CNY'])
export type Currency = z.infer<typeof Currency>

/** Why a key of a plugin is disabled by the console: the plugin is disabled, removed, or not configured any more. */
export const pluginOff = 'its plugin is not in use'
/** The same, where its plugin was given the secret that another key has. */
export const pluginClash = 'its plugin has the secret of another key'

/** The same of a key that was imported so. */
export const importedOff = 'it was disabled where it came from'

/** Why a key is not asked at all until something changes. */
export const BenchReason = z.enum(['bad-key', 'quota', 'budget'])
export type BenchReason = z.infer<typeof BenchReason>

/** Whether a key can be used, and until when not. Times are milliseconds since 1970. */
export const KeyState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('disabled'), reason: z.string(), at: z.number() }),
  z.object({ kind: z.literal('expired'), at: z.number() }),
  /** `until` is null for a bad key: it waits for a test that succeeds. */
  z.object({ kind: z.literal('benched'), reason: BenchReason, at: z.number(), until: z.number().nullable() }),
  /** The vendor asked for a pause (429). */
  z.object({ kind: z.literal('cooling'), until: z.number() }),
  /** Its circuit breaker is open. */
  z.object({ kind: z.literal('broken'), until: z.number() }),
])
export type KeyState = z.infer<typeof KeyState>

/** What the vendor says is left on the key's account. */
export const KeyBalance = z.object({
  /** Millionths of `currency`. */
  amount: z.number(),
  currency: Currency,
  at: z.number(),
  /** When it ends at the use of the seven days before; null where nothing was used, or in another currency. */
  runsOutAt: z.number().nullable(),
})
export type KeyBalance = z.infer<typeof KeyBalance>

/** A model that its vendor takes off its list on a day, as `2026-12-11`. */
export const Retiring = z.object({ model: z.string(), on: z.iso.date() })
export type Retiring = z.infer<typeof Retiring>

export const KeyTest = z.object({
  at: z.number(),
  ok: z.boolean(),
  latencyMs: z.number(),
  /** Of the vendor's answer; null when there was none. */
  statusCode: z.number().nullable(),
  /** Ids as the vendor writes them; null where it failed. */
  models: z.array(z.string()).nullable(),
  /** Of the models, those whose end the vendor has told; left out where it told none. */
  retiring: z.array(Retiring).optional(),
  /** Left out where the vendor has none to tell. */
  balance: KeyBalance.pick({ amount: true, currency: true }).optional(),
  failure: Failure.nullable(),
})
export type KeyTest = z.infer<typeof KeyTest>

/** What was used since midnight UTC, and in this calendar month UTC. */
export const KeyUse = z.object({
  requestsToday: z.number(),
  errorsToday: z.number(),
  tokensToday: z.number(),
  /** Millionths of `currency`. */
  costToday: z.number(),
  costThisMonth: z.number(),
  /** Calls that are not part of the two costs, as their model has no known price. */
  unpricedToday: z.number(),
  unpricedThisMonth: z.number(),
})
export type KeyUse = z.infer<typeof KeyUse>

/** One vendor credential; the secret itself is never in it. */
export const Key = z.object({
  id: z.string(),
  vendor: Vendor,
  /** What it opens at the vendor: "dalle", "gpt-4", "qwen", "wanx", or any word for the other vendors. */
  service: z.string(),
  name: z.string(),
  /** "primary", "backup", or any other word; keys are tried in this order. */
  tier: z.string(),
  /** `abcd****wxyz`. */
  maskedSecret: z.string(),
  /** Null for the vendor's own. */
  baseUrl: z.string().nullable(),
  /** Share among keys of the same tier, 1 to 1000. */
  weight: z.number(),
  /** Requests and tokens a minute, calls at once; null without a limit. */
  rpm: z.number().nullable(),
  tpm: z.number().nullable(),
  concurrency: z.number().nullable(),
  currency: Currency,
  /** Millionths of `currency`; null without one. */
  monthlyBudget: z.number().nullable(),
  expiresAt: z.number().nullable(),
  /** The vendor's own name of a model, by the name that callers ask for. */
  modelMapping: z.record(z.string(), z.string()),
  state: KeyState,
  /** The secret before the last rotation is still tried until then; null without one. */
  graceUntil: z.number().nullable(),
  lastTest: KeyTest.omit({ models: true, balance: true, retiring: true }).nullable(),
  /** Of the newest test that succeeded; null before the first. */
  models: z.array(z.string()).nullable(),
  /** Of these, those whose end the vendor has told, the soonest first. */
  retiring: z.array(Retiring),
  /** Of the newest test that was told one; null where the vendor has none to tell. */
  balance: KeyBalance.nullable(),
  lastError: Failure.extend({ at: z.number() }).nullable(),
  /** The plugin whose configuration it follows; left out where it is the operator's own. */
  pluginId: z.string().optional(),
  use: KeyUse,
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Key = z.infer<typeof Key>

/** A subscriber gets one snapshot, then changes, on one ordered stream. */
export const KeysUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), keys: z.array(Key) }),
  z.object({ kind: z.literal('change'), upserted: z.array(Key), removed: z.array(z.string()) }),
])
export type KeysUpdate = z.infer<typeof KeysUpdate>

export const KeyDetails = z.object({
  id: z.string(),
  /** Newest first, at most 50. */
  tests: z.array(KeyTest),
  /**
   * Differences between the newest two model lists, compared without regard to case. What is gone and has other names by
   * the key's mapping is told as `name → model`.
   */
  models: z.object({ added: z.array(z.string()), gone: z.array(z.string()) }),
  /** The last 24 hours, oldest first; hours without use are left out. */
  hours: z.array(
    z.object({
      ...{ at: z.number(), requests: z.number(), errors: z.number(), tokens: z.number(), cost: z.number() },
      unpriced: z.number(),
    }),
  ),
})
export type KeyDetails = z.infer<typeof KeyDetails>

const id = z.string().min(1).max(64)
const one = z.object({ id })
const many = z.object({ ids: z.array(id).min(1).max(1000) })
const word = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._/ -]{0,63}$/u)
const limit = z.number().int().min(1).max(1_000_000_000).nullable()
/** Of a vendor; not only of a public name: Ollama answers at 127.0.0.1 or localhost. */
const address = z.url({ protocol: /^https?$/, hostname: /./ }).max(2000)
/** No blanks and only ASCII, as it travels in a header. */
const secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/)

/** As a vendor or a caller writes it; nothing is taken off, or two names could become the same. */
const modelName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?!\s)[^\p{Cc}\ufffd]*(?<!\s)$/u, 'expected a name without control characters and outer blanks')
/** The vendor's own name of a model, by the name that callers ask for; names are the same whatever their case. */
export const ModelMapping = z
  .record(modelName, modelName)
  .refine((mapping) => Object.keys(mapping).length <= 100, 'expected at most 100 models')
  .refine((mapping) => {
    const names = Object.keys(mapping).map((asked) => asked.toLowerCase())
    return new Set(names).size === names.length
  }, 'expected each model once, whatever its case')
export type ModelMapping = z.infer<typeof ModelMapping>

/** What an operator says of a key, all but its secret. */
export const KeyFacts = z.object({
  vendor: Vendor,
  service: word,
  name: Name,
  tier: word,
  baseUrl: address.nullable(),
  weight: z.number().int().min(1).max(1000),
  rpm: limit,
  tpm: limit,
  concurrency: limit,
  monthlyBudget: z.number().int().min(0).max(1_000_000_000_000).nullable(),
  expiresAt: z.number().int().min(0).nullable(),
  modelMapping: ModelMapping,
})
export type KeyFacts = z.infer<typeof KeyFacts>

/** One line of an import: what would become of it. */
export const ImportedKey = z.object({
  name: z.string(),
  vendor: Vendor.nullable(),
  service: z.string(),
  tier: z.string(),
  maskedSecret: z.string(),
  outcome: z.enum(['added', 'duplicate', 'unreadable']),
  /** The key that has the same secret, or why the line cannot be read. */
  reason: z.string().nullable(),
})
export type ImportedKey = z.infer<typeof ImportedKey>

export const keys = {
  calls: {
    /** Fails with KEY_DUPLICATE_SECRET, which names the key that has the same secret. */
    add: call({ input: KeyFacts.extend({ secret }), output: one }),
    /**
     * Takes what a plugin's models are asked with, so that the gateway can use them; it follows the plugin from then on. Fails as
     * a call of the models would, and with KEY_DUPLICATE_SECRET.
     */
    addFromPlugin: call({ input: z.object({ pluginId: z.string().min(1).max(200) }), output: one }),
    /** `secret` is needed for an address of another origin: without it this fails with KEY_ADDRESS_NEEDS_SECRET. */
    change: call({
      input: one.extend({ facts: KeyFacts.omit({ vendor: true }).partial(), secret: secret.optional() }),
    }),
    remove: call({ input: many }),
    enable: call({ input: many }),
    disable: call({ input: many.extend({ reason: z.string().max(200) }) }),
    /** The former secret is still tried for so many hours, when the vendor refuses the new one. */
    rotate: call({ input: one.extend({ secret, graceHours: z.number().int().min(0).max(720) }) }),
    /** An audited look at the secret; the page hides it again at `until`. */
    reveal: call({ input: one, output: z.object({ secret: z.string(), until: z.number() }) }),
    /** The cheapest real call. A success takes a bad key from the bench. */
    test: call({ input: one, output: KeyTest }),
    /** The same before anything is kept. */
    tryOut: call({
      input: z.object({ vendor: Vendor, service: word, baseUrl: address.nullable(), secret }),
      output: KeyTest,
    }),
    /** Forgets bench, cooldown and breaker. */
    resetCooldown: call({ input: many }),
    /** Keys of another program; without `apply` only what would be done. */
    importText: call({
      input: z.object({
        /** `pilothouse` is what `export` saved. */
        format: z.enum(['env', 'csv', 'one-api', 'pilothouse']),
        text: z.string().max(40_000_000),
        /** Of an encrypted file; fails with KEY_FILE_PASSPHRASE where it does not open it. */
        passphrase: z.string().max(1024).optional(),
        apply: z.boolean(),
      }),
      output: z.object({ keys: z.array(ImportedKey) }),
    }),
    /** All keys with their secrets, encrypted with the passphrase. */
    export: call({ input: z.object({ passphrase: z.string().min(8).max(1024) }), output: Saved }),
  },
  events: {
    updates: event(KeysUpdate),
    details: event(KeyDetails, one),
  },
}
