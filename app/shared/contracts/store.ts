import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'

export const Backup = z.object({ name: z.string(), at: z.number(), sizeBytes: z.number() })
export type Backup = z.infer<typeof Backup>

export const StoreState = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    file: z.string(),
    sizeBytes: z.number(),
    schemaVersion: z.number(),
    checkedAt: z.number(),
    backups: z.array(Backup),
  }),
  /** Nothing else works until the operator chooses a backup or an empty database. */
  z.object({ kind: z.literal('damaged'), file: z.string(), reason: z.string(), backups: z.array(Backup) }),
])
export type StoreState = z.infer<typeof StoreState>

export const store = {
  calls: {
    /** An online backup now; the seven newest are kept. */
    backup: call({ output: Backup }),
    /** Puts a backup in the place of the database; the present file is kept beside it. The console restarts its parts. */
    restore: call({ input: z.object({ name: z.string().max(200) }) }),
    /** Sets a damaged database aside and begins with an empty one. */
    startEmpty: call(),
  },
  events: { state: event(StoreState) },
}
