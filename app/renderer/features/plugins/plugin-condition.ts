import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { Mark } from '../../ui/StateMark.tsx'

export const isInstalled = ({ restorableUntil }: Plugin): boolean => restorableUntil === null
export const needsConfiguration = (plugin: Plugin): boolean =>
  isInstalled(plugin) && plugin.state !== 'error' && plugin.missingConfiguration.length > 0
export const updateWaits = (plugin: Plugin): boolean =>
  isInstalled(plugin) && plugin.state !== 'waiting' && plugin.waitingVersionId !== null

/** How a plugin is, as the marks say it: an active one warns where a part of it cannot be used as it stands. */
export function conditionOf(plugin: Plugin): Mark {
  if (plugin.requested !== null) return 'busy'
  if (!isInstalled(plugin)) return 'stopped'
  switch (plugin.state) {
    case 'active':
      return needsConfiguration(plugin) || plugin.errorCount > 0 ? 'warn' : 'ok'
    case 'disabled':
      return 'stopped'
    case 'waiting':
      return 'unknown'
    case 'error':
      return 'fail'
  }
}
