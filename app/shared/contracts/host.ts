import { z } from 'zod'
import { call } from '../rpc/contract.ts'

/** Where an exported file went. */
export const Saved = z.discriminatedUnion('kind', [
  /** Fetch this path of the console's own address, once. */
  z.object({ kind: z.literal('download'), path: z.string() }),
  z.object({ kind: z.literal('saved'), file: z.string() }),
  z.object({ kind: z.literal('cancelled') }),
])
export type Saved = z.infer<typeof Saved>

/** What this host can do. A feature asks for a capability, never for the host. */
export const Capabilities = z.object({
  tray: z.boolean(),
  startAtLogin: z.boolean(),
  nativeNotifications: z.boolean(),
  saveDialog: z.boolean(),
  /** Where the data key is kept. */
  secretStorage: z.enum(['operating-system', 'key-file']),
})
export type Capabilities = z.infer<typeof Capabilities>

export const HostInfo = z.object({
  host: z.enum(['electron', 'browser', 'cli']),
  version: z.string(),
  platform: z.string(),
  runtime: z.string(),
  pid: z.number(),
  dataFolder: z.string(),
  capabilities: Capabilities,
})
export type HostInfo = z.infer<typeof HostInfo>

export const host = {
  calls: {
    info: call({ output: HostInfo }),
    /** A zip with versions, redacted settings, the app's log and a summary of the audit trail. */
    exportSupportBundle: call({ output: Saved }),
    /** An address that signs one browser in, once. NOT_SUPPORTED where the console has a window of its own. */
    signInAddress: call({ output: z.object({ url: z.string() }) }),
  },
  events: {},
}
