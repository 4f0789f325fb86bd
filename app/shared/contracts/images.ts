import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'

export const Image = z.object({
  id: z.string(),
  tags: z.array(z.string()),
  sizeBytes: z.number(),
  createdAt: z.number(),
  /** Names of the services made from it, running or not. */
  usedBy: z.array(z.string()),
})
export type Image = z.infer<typeof Image>

/** Images change seldom and are few: every update is the whole list. */
export const ImagesUpdate = z.object({ images: z.array(Image) })
export type ImagesUpdate = z.infer<typeof ImagesUpdate>

export const PruneScope = z.enum(['dangling', 'unused'])
export type PruneScope = z.infer<typeof PruneScope>
const ids = z.array(z.string().min(1).max(256)).min(1).max(10_000)

export const images = {
  calls: {
    remove: call({ input: z.object({ ids, force: z.boolean() }), output: z.object({ taskId: z.string() }) }),
    /** Exactly what a prune would remove now; `dangling` has no tag, `unused` has no container. */
    previewPrune: call({
      input: z.object({ scope: PruneScope }),
      output: z.object({ images: z.array(Image), reclaimBytes: z.number() }),
    }),
  },
  events: { updates: event(ImagesUpdate) },
}
