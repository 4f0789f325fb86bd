import { z } from 'zod'
import { ToolSummary } from './plugin-calls.ts'
import { Failure } from './tasks.ts'

// How a version is tried before it is used: reached, called, replayed, compared.

/** Reachability of one server: each step that was reached, and how long it took in milliseconds. */
export const Reach = z.object({
  server: z.string(),
  steps: z.array(
    z.object({
      step: z.enum(['dns', 'tcp', 'tls', 'http', 'health']),
      ok: z.boolean(),
      ms: z.number(),
      /** Address, certificate, status; or why it failed. */
      detail: z.string(),
    }),
  ),
})
export type Reach = z.infer<typeof Reach>

export const TestReport = z.object({
  versionId: z.number(),
  startedAt: z.number(),
  endedAt: z.number(),
  reached: z.array(Reach),
  calls: z.array(
    z.object({
      operationId: z.string(),
      method: z.string(),
      outcome: z.enum(['ok', 'failed', 'skipped']),
      statusCode: z.number().nullable(),
      durationMs: z.number(),
      failure: Failure.nullable(),
    }),
  ),
  /** Of the operations that were called, how many answered; null when none was. */
  successRate: z.number().nullable(),
})
export type TestReport = z.infer<typeof TestReport>

export const ReplayReport = z.object({
  fromVersionId: z.number(),
  toVersionId: z.number(),
  startedAt: z.number(),
  endedAt: z.number(),
  calls: z.array(
    z.object({
      callId: z.number(),
      operationId: z.string(),
      outcome: z.enum(['same', 'different', 'failed', 'gone', 'skipped']),
      /** The status of the recorded call and of the replayed one. */
      statusBefore: z.number().nullable(),
      statusAfter: z.number().nullable(),
      /** JSON texts, cut; `path` is a JSON pointer into the answer. */
      differences: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
      failure: Failure.nullable(),
    }),
  ),
})
export type ReplayReport = z.infer<typeof ReplayReport>

/** What changed between two versions. A breaking change makes a call fail that was right before. */
export const VersionDiff = z.object({
  from: z.string(),
  to: z.string(),
  added: z.array(ToolSummary),
  removed: z.array(ToolSummary),
  changed: z.array(
    z.object({
      operationId: z.string(),
      changes: z.array(
        z.object({
          /** "parameter city", "answer /data/id". */
          what: z.string(),
          /** Of the parameters required and missing before, types changed, enum values gone… */
          kind: z.enum(['added', 'removed', 'type', 'required', 'optional', 'enum', 'address', 'text']),
          breaking: z.boolean(),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** Whether any change is breaking, a removed tool among them. */
  breaking: z.boolean(),
})
export type VersionDiff = z.infer<typeof VersionDiff>
