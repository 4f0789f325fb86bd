import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'

/** One line of the audit trail. `hash` covers the line and the hash before it, so that a changed line is found. */
export const Entry = z.object({
  sequence: z.number(),
  time: z.number(),
  actor: z.enum(['desktop', 'browser', 'cli', 'console', 'platform']),
  /** Field's term: "service.restart", "settings.set", "environment.reveal". */
  action: z.string(),
  /** What it was done to, e.g. "service db", and its id. */
  target: z.string(),
  targetId: z.string(),
  /** JSON text of what changed, secrets removed; null where there is nothing to show. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** `started` is written before anything happens; the line with the end follows. */
  outcome: z.enum(['started', 'done', 'failed', 'cancelled', 'interrupted']),
  /** Sequence of the `started` line that this one closes; null for every other line. */
  ends: z.number().nullable(),
  /** The error's code when it failed. */
  code: z.string().nullable(),
  hash: z.string(),
})
export type Entry = z.infer<typeof Entry>

export const audit = {
  calls: {
    /** Newest first. `before` continues an earlier answer; `targetId` narrows to one thing. */
    list: call({
      input: z.object({
        before: z.number().nullable(),
        targetId: z.string().max(256).nullable(),
        limit: z.number().int().min(1).max(500),
      }),
      output: z.object({ entries: z.array(Entry) }),
    }),
    verify: call({
      output: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('whole'), entries: z.number() }),
        z.object({
          kind: z.literal('broken'),
          /** The first line that does not hold; for a removed one, the place where it stood. */
          sequence: z.number(),
          reason: z.enum(['changed', 'removed', 'inserted']),
        }),
      ]),
    }),
  },
  /** The newest 50, then each new one. */
  events: {
    entries: event(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('snapshot'), entries: z.array(Entry) }),
        z.object({ kind: z.literal('appended'), entry: Entry }),
      ]),
    ),
  },
}
