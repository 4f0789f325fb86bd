import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { Saved } from './host.ts'
import { Currency, Vendor } from './keys.ts'
import { Name } from './names.ts'

/** What a token opens; null stands for all. Names are features, models as callers write them, ids of plugins. */
export const Scopes = z.object({
  features: z.array(z.string().min(1).max(64)).max(200).nullable(),
  models: z.array(z.string().min(1).max(200)).max(1000).nullable(),
  plugins: z.array(z.string().min(1).max(256)).max(1000).nullable(),
})
export type Scopes = z.infer<typeof Scopes>

const limit = z.number().int().min(1).max(1_000_000_000).nullable()
const TokenFacts = z.object({
  name: Name,
  scopes: Scopes,
  /** Requests and tokens a minute; null without a limit. */
  rpm: limit,
  tpm: limit,
  expiresAt: z.number().int().min(0).nullable(),
})
export type TokenFacts = z.infer<typeof TokenFacts>

/** What lets a caller in at the local platform. Only its hash is kept. */
export const Token = TokenFacts.extend({
  id: z.string(),
  /** The first characters, to tell tokens apart. */
  prefix: z.string(),
  createdAt: z.number(),
  /** Rounded down to the minute; null before the first use. */
  lastUsedAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
})
export type Token = z.infer<typeof Token>

export const UsageRow = z.object({
  /** What it is grouped by: an hour or day (ISO 8601), a model, key, feature or caller. */
  group: z.string(),
  label: z.string(),
  requests: z.number(),
  errors: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  images: z.number(),
  /** Millionths, by currency. */
  cost: z.array(z.object({ currency: Currency, amount: z.number() })),
  /** Calls that are not part of `cost`, as their model has no known price. */
  unpriced: z.number(),
  averageMs: z.number(),
  /** Milliseconds to the first token of streamed answers; null without any. */
  firstTokenMs: z.number().nullable(),
})
export type UsageRow = z.infer<typeof UsageRow>

/** Milliseconds since 1970, and what the sums are grouped by. */
export const UsageQuestion = z.object({
  from: z.number(),
  to: z.number(),
  by: z.enum(['hour', 'day', 'model', 'key', 'feature', 'caller']),
})
export type UsageQuestion = z.infer<typeof UsageQuestion>

const id = z.string().min(1).max(64)

/** `unknown`: whether it exists at its vendor cannot be told. */
export const JobState = z.enum(['submitting', 'running', 'succeeded', 'failed', 'unknown'])
export type JobState = z.infer<typeof JobState>

/** A long job of a vendor, with the names that its key and its caller have now; null for those that have none. */
export const JobRow = z.object({
  id: z.string(),
  at: z.number(),
  /** Of one that ended, when it did. */
  updatedAt: z.number(),
  feature: z.string(),
  model: z.string(),
  vendor: Vendor.nullable(),
  key: z.string().nullable(),
  caller: z.string().nullable(),
  state: JobState,
  error: z.string().nullable(),
})
export type JobRow = z.infer<typeof JobRow>

/** What is null was not kept, or is not known yet. */
export const JobDetails = JobRow.extend({
  keyId: z.string(),
  /** What the vendor calls the model. */
  vendorModel: z.string().nullable(),
  vendorTaskId: z.string().nullable(),
  decisionId: z.string().nullable(),
  /** It failed by the caller's own fault, in the vendor's terms. */
  fault: z.object({ type: z.string().nullable(), code: z.string().nullable() }).nullable(),
})
export type JobDetails = z.infer<typeof JobDetails>

/** The newest so many, of one state or of all. */
export const JobsQuestion = z.object({ state: JobState.nullable(), limit: z.number().int().min(1).max(2000) })
export type JobsQuestion = z.infer<typeof JobsQuestion>
export const JobList = z.object({ jobs: z.array(JobRow), total: z.number() })
export type JobList = z.infer<typeof JobList>

export const gateway = {
  calls: {
    /** The token itself is answered this once. */
    createToken: call({ input: TokenFacts, output: z.object({ id: z.string(), token: z.string() }) }),
    changeToken: call({ input: z.object({ id, facts: TokenFacts.partial() }) }),
    revokeTokens: call({ input: z.object({ ids: z.array(id).min(1).max(1000) }) }),
    /** The same rows as `usage` tells, as CSV. */
    exportUsage: call({ input: UsageQuestion, output: Saved }),
    /** The newest first. */
    listJobs: call({ input: JobsQuestion.pick({ limit: true }), output: z.array(JobRow) }),
    /** With what came of it, null before its end. Fails with JOB_NOT_FOUND. */
    findJob: call({ input: z.object({ id }), output: JobDetails.extend({ result: z.unknown() }) }),
  },
  events: {
    tokens: event(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('snapshot'), tokens: z.array(Token) }),
        z.object({ kind: z.literal('change'), upserted: z.array(Token), removed: z.array(z.string()) }),
      ]),
    ),
    /** Once now, then at most once a second when something was used. */
    usage: event(z.object({ rows: z.array(UsageRow) }), UsageQuestion),
    /** The newest first, and how many there are in all: once now, then at most once a second when one changed. */
    jobs: event(JobList, JobsQuestion),
    /** One of them in the same pace, without what came of it; null when it is not kept (any more). */
    job: event(z.object({ job: JobDetails.nullable() }), z.object({ id })),
  },
}
