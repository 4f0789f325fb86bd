import { pluginClash, pluginOff } from '../../shared/contracts/keys.ts'
import type { Translate } from '../i18n/language.ts'

/** Why a key is disabled: the operator's own words, or the console's in the language of the page. */
export const disabledReason = (reason: string, t: Translate): string =>
  reason === pluginOff ? t('common.pluginOff') : reason === pluginClash ? t('common.pluginClash') : reason
