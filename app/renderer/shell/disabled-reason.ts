import { importedOff, pluginClash, pluginOff } from '../../shared/contracts/keys.ts'
import type { TextKey } from '../i18n/catalogue.ts'
import type { Translate } from '../i18n/language.ts'

const known: Readonly<Record<string, TextKey>> = {
  [pluginOff]: 'common.pluginOff',
  [pluginClash]: 'common.pluginClash',
  [importedOff]: 'common.importedOff',
}
/** Why a key is disabled: the operator's own words, or the console's in the language of the page. */
export const disabledReason = (reason: string, t: Translate): string => {
  const key = known[reason]
  return key === undefined ? reason : t(key)
}
