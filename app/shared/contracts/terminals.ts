import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'

const columns = z.number().int().min(2).max(1000)
const rows = z.number().int().min(1).max(1000)
const one = z.object({ id: z.string().min(1).max(64) })

export const TerminalUpdate = z.discriminatedUnion('kind', [
  /** The end of what it printed so far; clear the screen and write it. */
  z.object({ kind: z.literal('snapshot'), data: z.string() }),
  z.object({ kind: z.literal('output'), data: z.string() }),
  z.object({ kind: z.literal('ended'), exitCode: z.number().nullable() }),
])
export type TerminalUpdate = z.infer<typeof TerminalUpdate>

export const terminals = {
  calls: {
    /** Starts a shell (or `command`) in a running service. Ends with `close`, with the process, or when no page listens for 30 s. */
    open: call({
      input: z.object({
        serviceId: z.string().min(1).max(128),
        command: z.array(z.string().max(4096)).max(64).nullable(),
        columns,
        rows,
      }),
      output: z.object({ id: z.string() }),
    }),
    write: call({ input: one.extend({ data: z.string().max(1_000_000) }) }),
    resize: call({ input: one.extend({ columns, rows }) }),
    close: call({ input: one }),
  },
  events: { output: event(TerminalUpdate, one) },
}
