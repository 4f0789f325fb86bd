import type { ImportedPlugin, ImportResult } from '../../../../shared/contracts/plugins.ts'

/** Whether it has something that can be used and is not in use already. */
export const mayBeActivated = (plugin: ImportedPlugin): boolean =>
  plugin.callableCount + plugin.modelCount > 0 && !(plugin.unchanged && plugin.state === 'active')

/** Ticked from the start; what somebody else made, or whose signature is wrong, the operator ticks. */
export const isTrusted = ({ provenance }: ImportedPlugin): boolean =>
  !provenance.foreign && provenance.signature !== 'invalid'

export const keyOf = ({ id, versionId }: Pick<ImportedPlugin, 'id' | 'versionId'>): string => `${versionId} ${id}`

export const activatable = (results: readonly ImportResult[]): readonly ImportedPlugin[] =>
  results.flatMap(({ plugins }) => plugins).filter(mayBeActivated)
