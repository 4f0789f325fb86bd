import type { Plugin, PluginVersion } from '../../../../shared/contracts/plugins.ts'

export interface Pair {
  readonly from: number
  readonly to: number
}

/** A plugin that was never activated names the version that waits, which is not in use. */
export const inUse = ({ state, versionId }: Plugin, version: Pick<PluginVersion, 'versionId'>): boolean =>
  state !== 'waiting' && versionId === version.versionId

/** What one would compare first: the one in use with what waits, else with the one before it. Versions: newest first. */
export function firstPair(plugin: Plugin, versions: readonly PluginVersion[]): Pair | null {
  if (versions.length < 2) return null
  const at = versions.findIndex(({ versionId }) => versionId === plugin.versionId)
  const current = versions[Math.max(0, at)]!.versionId
  if (plugin.waitingVersionId !== null && plugin.waitingVersionId !== current) {
    return { from: current, to: plugin.waitingVersionId }
  }
  const before = versions[at + 1]
  return before ? { from: before.versionId, to: current } : { from: current, to: versions[0]!.versionId }
}
