import type { VersionDiff } from '../../../../shared/contracts/plugin-trials.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import type { Translate } from '../../../i18n/language.ts'

type Change = VersionDiff['changed'][number]['changes'][number]

export const changeWords: Readonly<Record<Change['kind'], TextKey>> = {
  added: 'plugins.changeAdded',
  removed: 'plugins.changeRemoved',
  type: 'plugins.changeType',
  required: 'plugins.changeRequired',
  optional: 'plugins.changeOptional',
  enum: 'plugins.changeEnum',
  address: 'plugins.changeAddress',
  text: 'plugins.changeText',
}

/** The first words by which a comparison names what changed; what follows is a name of the document. */
const parts: Readonly<Record<string, TextKey>> = {
  parameter: 'plugins.partParameter',
  body: 'plugins.partBody',
  answer: 'plugins.partAnswer',
  tool: 'plugins.partTool',
  summary: 'plugins.partSummary',
  description: 'plugins.partDescription',
  method: 'plugins.partMethod',
  path: 'plugins.partPath',
  server: 'plugins.partServer',
}

/** "parameter city" in the operator's language. */
export function partWords(what: string, t: Translate): string {
  const [first = '', ...rest] = what.split(' ')
  const key = Object.hasOwn(parts, first) ? parts[first] : undefined
  return key ? [t(key), ...rest].join(' ') : what
}
