import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { KeyState, Vendor } from './keys.ts'

/** How one of several keys of the same tier is chosen. */
export const Strategy = z.enum(['weighted', 'round_robin', 'least_latency', 'least_busy', 'lowest_cost'])
export type Strategy = z.infer<typeof Strategy>

const featureName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)
const word = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._/ -]{0,63}$/u)

/** Who can serve a feature; every usable key of that vendor and service stands for it. */
export const Candidate = z.object({
  vendor: Vendor,
  service: word,
  /** As the vendor writes it. */
  model: z.string().trim().min(1).max(200),
  /** In place of the key's own; null to take the key's. */
  tier: word.nullable(),
  weight: z.number().int().min(0).max(1000),
})
export type Candidate = z.infer<typeof Candidate>

/** What is edited of a feature, as a form or as YAML. */
export const FeatureRules = z.object({
  description: z.string().max(500),
  strategy: Strategy,
  candidates: z.array(Candidate).max(1000),
})
export type FeatureRules = z.infer<typeof FeatureRules>

/** What callers ask for, and the route that serves it. */
export const Feature = FeatureRules.extend({
  name: featureName,
  /** Grows with every change of any feature. */
  revision: z.number(),
  /** Part of what a fresh console brings: it can be changed, not removed. */
  seeded: z.boolean(),
  updatedAt: z.number(),
  updatedBy: z.string(),
})
export type Feature = z.infer<typeof Feature>

/** A subscriber gets one snapshot, then changes, on one ordered stream. */
export const FeaturesUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), features: z.array(Feature) }),
  z.object({ kind: z.literal('change'), upserted: z.array(Feature), removed: z.array(z.string()) }),
])
export type FeaturesUpdate = z.infer<typeof FeaturesUpdate>

export const FeatureRevision = FeatureRules.extend({
  revision: z.number(),
  at: z.number(),
  by: z.string(),
  /** The revision that removed it. */
  removed: z.boolean(),
})
export type FeatureRevision = z.infer<typeof FeatureRevision>

/** Why a candidate was not chosen; the sentence is made when someone looks. */
export const Rejection = z.enum([
  'no-key',
  'disabled',
  'expired',
  'bad-key',
  'quota',
  'budget',
  'cooling',
  'breaker-open',
  'ramping',
  'rpm',
  'tpm',
  'concurrency',
  'weight-zero',
  'model-mismatch',
  'out-of-scope',
])
export type Rejection = z.infer<typeof Rejection>

/** One key that can be asked for one candidate. */
export const Choice = z.object({
  vendor: Vendor,
  service: z.string(),
  model: z.string(),
  /** The vendor's own name of the model; left out where it is the same. */
  vendorModel: z.string().optional(),
  keyId: z.string(),
  keyName: z.string(),
  tier: z.string(),
  /** Base URL. */
  endpoint: z.string(),
})
export type Choice = z.infer<typeof Choice>

export const RejectedChoice = z.object({
  vendor: Vendor,
  service: z.string(),
  model: z.string(),
  /** Null where no key stands for the candidate. */
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  tier: z.string(),
  reason: Rejection,
  /** When it may be asked again; null where that is not known. */
  until: z.number().nullable(),
})
export type RejectedChoice = z.infer<typeof RejectedChoice>

export const Decision = z.object({
  id: z.string(),
  at: z.number(),
  feature: z.string(),
  revision: z.number(),
  strategy: Strategy,
  /** Null where nothing can be asked. */
  selected: Choice.nullable(),
  fallbacks: z.array(Choice),
  rejected: z.array(RejectedChoice),
  /** Of a kept decision: how many more there were of each. */
  fallbacksMore: z.number().optional(),
  rejectedMore: z.number().optional(),
  /** Everything was resting, and the least bad is tried once. */
  leastBad: z.boolean(),
  /** Microseconds that deciding took. */
  durationUs: z.number(),
  /** The model that the caller named; null for none. */
  model: z.string().nullable(),
  /** Tokens that the request may take, estimated. */
  tokens: z.number(),
  /** Name of the gateway token; null for a caller of open local mode. */
  caller: z.string().nullable(),
})
export type Decision = z.infer<typeof Decision>

/** What became of the calls that followed a decision. */
export const DecisionOutcome = z.object({
  decisionId: z.string(),
  statusCode: z.number().nullable(),
  durationMs: z.number(),
  /** In the order in which they were made. */
  attempts: z.array(
    z.object({
      keyId: z.string(),
      keyName: z.string(),
      vendor: Vendor,
      model: z.string(),
      statusCode: z.number().nullable(),
      /** Null where it succeeded. */
      failure: z
        .enum(['bad-key', 'quota', 'rate-limit', 'vendor', 'timeout', 'connection', 'caller', 'cut', 'garbage'])
        .nullable(),
      durationMs: z.number(),
    }),
  ),
})
export type DecisionOutcome = z.infer<typeof DecisionOutcome>

/** How each choice of a feature stands now, in the order in which they would be tried. */
export const RouteState = z.object({
  feature: z.string(),
  at: z.number(),
  choices: z.array(
    Choice.extend({
      state: KeyState,
      /** Calls under way; milliseconds, exponentially weighted; null before the first call. */
      running: z.number(),
      latencyMs: z.number().nullable(),
      /** Of the last 20 calls. */
      recentErrors: z.number(),
      recentCalls: z.number(),
      /** Why it would not be asked; null for one that would. */
      rejection: Rejection.nullable(),
    }),
  ),
  /** Candidates for which there is no key. */
  without: z.array(Candidate),
})
export type RouteState = z.infer<typeof RouteState>

/** Of every feature, how many of its choices can be asked now: small, so every update is the whole. */
export const RouteStandings = z.object({
  at: z.number(),
  features: z.array(
    z.object({
      name: featureName,
      /** Listed and brought by keys; not those of weight 0, nor of keys that somebody disabled. */
      choices: z.number(),
      ready: z.number(),
      /** Candidates that no rule names: keys of known services bring them. */
      brought: z.array(Choice.pick({ vendor: true, service: true, model: true })),
    }),
  ),
})
export type RouteStandings = z.infer<typeof RouteStandings>

const name = z.object({ name: featureName })
/** What a request is, as far as routing looks at it. */
export const RouteQuestion = z.object({
  feature: featureName,
  model: z.string().max(200).nullable(),
  tokens: z.number().int().min(0).max(100_000_000),
  /** Rules that are not kept yet, in place of those that are. */
  draft: FeatureRules.nullable(),
})
export type RouteQuestion = z.infer<typeof RouteQuestion>

export const ReplaySummary = z.object({
  decisions: z.number(),
  same: z.number(),
  /** The first 100 that would be decided otherwise. */
  changed: z.array(
    z.object({ decisionId: z.string(), at: z.number(), before: Choice.nullable(), after: Choice.nullable() }),
  ),
  changedCount: z.number(),
  /** By key name: chosen before, chosen with the draft. */
  keys: z.array(z.object({ keyName: z.string(), before: z.number(), after: z.number() })),
})
export type ReplaySummary = z.infer<typeof ReplaySummary>

export const routing = {
  calls: {
    /** `revision` is the one that was edited; null for a new feature. Fails with REVISION_STALE. */
    setFeature: call({
      input: name.extend({ revision: z.number().nullable(), rules: FeatureRules }),
      output: z.object({ revision: z.number() }),
    }),
    removeFeature: call({ input: name.extend({ revision: z.number() }) }),
    history: call({ input: name, output: z.object({ revisions: z.array(FeatureRevision) }) }),
    rollback: call({ input: name.extend({ revision: z.number() }), output: z.object({ revision: z.number() }) }),
    /** The rules as YAML, and back; fails with RULES_UNREADABLE at a line. */
    toYaml: call({ input: FeatureRules, output: z.object({ yaml: z.string() }) }),
    fromYaml: call({ input: z.object({ yaml: z.string().max(200_000) }), output: FeatureRules }),
    /** What would happen to such a request; nothing is called and nothing is counted. Fails with KEY_VAULT_LOCKED. */
    ask: call({ input: RouteQuestion, output: Decision }),
    /** Newest first. */
    decisions: call({
      input: z.object({
        feature: featureName.nullable(),
        before: z.string().max(64).nullable(),
        limit: z.number().int().min(1).max(200),
      }),
      output: z.object({
        decisions: z.array(z.object({ decision: Decision, outcome: DecisionOutcome.nullable() })),
      }),
      unattended: true,
    }),
    /** Decides the kept decisions anew by these rules, with the state that they met. */
    replay: call({ input: name.extend({ draft: FeatureRules }), output: ReplaySummary }),
  },
  events: {
    updates: event(FeaturesUpdate),
    /** Of one feature: once now, then at most once a second when something changed. */
    state: event(RouteState, name),
    /** Of all features, in the same pace. */
    standings: event(RouteStandings),
    /** The newest decision that is kept, of one feature or of all; null while there is none. In the same pace. */
    newestDecision: event(z.object({ id: z.string().nullable() }), z.object({ feature: featureName.nullable() })),
  },
}
