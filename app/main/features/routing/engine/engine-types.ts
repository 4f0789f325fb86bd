import type { BenchReason, Currency, Vendor } from '../../../../shared/contracts/keys.ts'
import type { Choice, FeatureRules, RejectedChoice, Strategy } from '../../../../shared/contracts/routing.ts'

// What the router engine is told and what it answers. It is synchronous, asks nobody and knows no secret; times are
// milliseconds since 1970 and given by the caller.

export interface EngineKey {
  readonly id: string
  readonly vendor: Vendor
  readonly service: string
  readonly name: string
  readonly tier: string
  readonly weight: number
  /** Base URL, the vendor's own where the key has none. */
  readonly endpoint: string
  readonly rpm: number | null
  readonly tpm: number | null
  readonly concurrency: number | null
  /** Millionths of the currency. */
  readonly monthlyBudget: number | null
  readonly currency: Currency
  readonly enabled: boolean
  readonly expiresAt: number | null
  /** The vendor's own name of a model, by the name that callers ask for. */
  readonly modelMapping: Readonly<Record<string, string>>
}
export interface EngineFeature {
  readonly name: string
  readonly revision: number
  readonly rules: FeatureRules
}

export interface Question {
  readonly feature: string
  /** As the caller wrote it; null for none, a name that no candidate has rejects them all. */
  readonly model: string | null
  /** Tokens that the request may take, estimated. */
  readonly tokens: number
  /** Models that the caller's token opens; null for all. */
  readonly models: readonly string[] | null
  /** From 0 up to 1, of the caller: the engine itself never rolls dice. */
  readonly random: number
}
/** A decision without what only whoever keeps it knows (id, caller, how long it took). */
export interface Verdict {
  readonly feature: string
  readonly revision: number
  readonly strategy: Strategy
  readonly selected: Choice | null
  readonly fallbacks: readonly Choice[]
  readonly rejected: readonly RejectedChoice[]
  readonly leastBad: boolean
}

/** What a call may cost before it has ended. */
export interface CallEstimate {
  /** Millionths of the key's currency. */
  readonly cost: number
  /** Whether it can cost no more. */
  readonly bounded: boolean
}

/** What a failure means for the key that was asked; `caller` is the caller's own fault and says nothing of the key. */
export type FailureKind =
  | 'bad-key'
  | 'quota'
  | 'rate-limit'
  | 'vendor'
  | 'timeout'
  | 'connection'
  | 'caller'
  | 'cut'
  | 'garbage'
export type CallEnd =
  | { readonly kind: 'succeeded'; readonly durationMs: number; readonly tokens: number; readonly cost: number }
  | {
      readonly kind: 'failed'
      readonly failure: FailureKind
      readonly durationMs: number
      /** What the vendor asked for; null where it did not say. */
      readonly retryAfterMs: number | null
      /** What it cost all the same. */
      readonly tokens: number
      readonly cost: number
    }

/** What is kept of one key, or of one candidate, over a restart. */
export interface Health {
  /** A key's id, or `candidate <vendor>/<service>/<model>`. */
  readonly id: string
  readonly bench: { readonly reason: BenchReason; readonly at: number; readonly until: number | null } | null
  readonly coolingUntil: number | null
  readonly breaker: { readonly openUntil: number; readonly opened: number; readonly recoveredAt: number | null } | null
  /** 1 for a failure, the newest last; at most 20. */
  readonly recent: readonly (0 | 1)[]
  /** In a row, up to now. */
  readonly failures: number
  readonly latencyMs: number | null
  /** Of the calendar month (UTC) of `monthStart`, in millionths of the key's currency. */
  readonly monthStart: number
  readonly spent: number
  /** Of a key with such a limit. */
  readonly minute?: LastMinute
}
/** What came within a minute, by second since 1970, the oldest first. */
export interface LastMinute {
  readonly requests: readonly CountedSecond[]
  readonly tokens: readonly CountedSecond[]
}
export type CountedSecond = readonly [second: number, amount: number]
