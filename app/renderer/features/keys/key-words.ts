import type { BenchReason, Key, Vendor } from '../../../shared/contracts/keys.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'
import { disabledReason } from '../../shell/disabled-reason.ts'

/** Names of vendors are the same in every language. */
export const vendorNames: Readonly<Record<Vendor, string>> = {
  openai: 'OpenAI',
  aliyun: 'Aliyun DashScope',
  'openai-compatible': 'OpenAI-compatible',
  sandbox: 'Sandbox',
}

/** What a key of the vendor usually opens; other words may be typed. */
export const knownServices: Readonly<Record<Vendor, readonly string[]>> = {
  openai: ['gpt-4', 'dalle'],
  aliyun: ['qwen', 'wanx'],
  'openai-compatible': ['ollama', 'vllm'],
  sandbox: ['sandbox'],
}
export const knownTiers = ['primary', 'backup'] as const

/** Only a server of one's own has no address that is known beforehand. */
export const needsAddress = (vendor: Vendor): boolean => vendor === 'openai-compatible'

export const benchWords: Readonly<Record<BenchReason, TextKey>> = {
  'bad-key': 'keys.stateBadKey',
  quota: 'keys.stateQuota',
  budget: 'keys.stateBudget',
}

/** How a key is, in the words of its row; the countdown stands beside it. */
export function stateSentence({ state }: Pick<Key, 'state'>, t: Translate): string {
  switch (state.kind) {
    case 'ready':
      return t('keys.stateReady')
    case 'disabled':
      return state.reason === ''
        ? t('keys.stateDisabled')
        : t('keys.stateDisabledFor', { reason: disabledReason(state.reason, t) })
    case 'expired':
      return t('keys.stateExpired')
    case 'benched':
      return t(benchWords[state.reason])
    case 'cooling':
      return t('keys.stateCooling')
    case 'broken':
      return t('keys.stateBroken')
  }
}
