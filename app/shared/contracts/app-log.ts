import { z } from 'zod'
import { event } from '../rpc/contract.ts'

export const LogLevel = z.enum(['debug', 'info', 'warn', 'error'])
export type LogLevel = z.infer<typeof LogLevel>

/** One line of the console's own log. */
export const AppLogLine = z.object({
  time: z.number(),
  level: LogLevel,
  feature: z.string(),
  message: z.string(),
  /** JSON text of the fields, secrets removed. */
  fields: z.string(),
})
export type AppLogLine = z.infer<typeof AppLogLine>

export const appLog = {
  calls: {},
  events: {
    /** The newest 500 from the file and memory, then each new one. */
    lines: event(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('snapshot'), lines: z.array(AppLogLine) }),
        z.object({ kind: z.literal('lines'), lines: z.array(AppLogLine) }),
      ]),
    ),
  },
}
