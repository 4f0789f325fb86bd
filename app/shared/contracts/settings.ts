import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { DockerEndpoint } from './docker.ts'

export const Settings = z.object({
  language: z.enum(['system', 'zh-CN', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  dockerEndpoint: DockerEndpoint,
  startAtLogin: z.boolean(),
  closeToTray: z.boolean(),
  notifications: z.boolean(),
  /** Ids of services kept at the top of the list and always measured while a window is open. */
  pinnedServices: z.array(z.string().max(256)).max(100),
  /** Where the local platform answers: `default` is 8000–8004 and 8080, a base is the six ports from there on. */
  platformPorts: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('default') }),
    z.object({ kind: z.literal('base'), base: z.number().int().min(1).max(65_530) }),
    z.object({ kind: z.literal('off') }),
  ]),
  /** Callers on this machine need no gateway token. */
  openLocalMode: z.boolean(),
  /** Whether plugins may call this machine, and private networks. */
  pluginsMayCallLoopback: z.boolean(),
  pluginsMayCallPrivate: z.boolean(),
  /** The vault locks itself when no operator did anything for so long; null for never. */
  autoLockMinutes: z.number().int().min(1).max(1440).nullable(),
  /** Every key is tested this often; null for never. */
  keyTestHours: z.number().int().min(1).max(168).nullable(),
})
export type Settings = z.infer<typeof Settings>

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  dockerEndpoint: { kind: 'auto' },
  startAtLogin: false,
  closeToTray: true,
  notifications: true,
  pinnedServices: [],
  platformPorts: { kind: 'default' },
  openLocalMode: true,
  pluginsMayCallLoopback: true,
  pluginsMayCallPrivate: true,
  autoLockMinutes: null,
  keyTestHours: null,
}

export const settings = {
  calls: { set: call({ input: Settings.partial() }) },
  events: { updates: event(Settings) },
}
