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
}

export const settings = {
  calls: { set: call({ input: Settings.partial() }) },
  events: { updates: event(Settings) },
}
