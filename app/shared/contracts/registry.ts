import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'

/** An instance of a service of the operator's own that registered at the local platform. */
export const Instance = z.object({
  id: z.string(),
  /** The service; several instances share it. */
  name: z.string(),
  url: z.string(),
  version: z.string().nullable(),
  /** Probed on the instance; null for one that only sends heartbeats. */
  healthPath: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  /** Seconds; after three of them without a heartbeat it is down. */
  ttlSeconds: z.number(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('up'), since: z.number() }),
    /** `reason` is of a failed probe or of the heartbeat that stayed away. */
    z.object({ kind: z.literal('down'), since: z.number(), reason: z.string() }),
  ]),
  registeredAt: z.number(),
  lastHeartbeatAt: z.number(),
  requests: z.number(),
  errors: z.number(),
})
export type Instance = z.infer<typeof Instance>

export const registry = {
  calls: {
    /** Takes instances out; one that still runs registers again with its next start. */
    remove: call({ input: z.object({ ids: z.array(z.string().min(1).max(64)).min(1).max(1000) }) }),
  },
  events: {
    updates: event(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('snapshot'), instances: z.array(Instance) }),
        z.object({ kind: z.literal('change'), upserted: z.array(Instance), removed: z.array(z.string()) }),
      ]),
    ),
  },
}
