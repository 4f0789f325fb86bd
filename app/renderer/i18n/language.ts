import { create } from 'zustand'
import type { SpokenLanguage } from '../../shared/errors.ts'
import type { TextKey, TextValues } from './catalogue.ts'
import { textIn } from './text.ts'

/** Chinese for any Chinese system, English for the rest. */
export const systemLanguage = (): SpokenLanguage => (navigator.language.startsWith('zh') ? 'zh-CN' : 'en')

const useStore = create<{ language: SpokenLanguage }>(() => ({ language: systemLanguage() }))

/** Called where the settings arrive; nowhere else. */
export function setLanguage(language: SpokenLanguage): void {
  document.documentElement.lang = language
  useStore.setState({ language })
}

export const useLanguage = (): SpokenLanguage => useStore((state) => state.language)

export type Translate = (key: TextKey, values?: TextValues) => string
const translators: Record<SpokenLanguage, Translate> = {
  en: (key, values) => textIn('en', key, values),
  'zh-CN': (key, values) => textIn('zh-CN', key, values),
}

/** `t('services.restart')` in the operator's language; the same function until the language changes. */
export const useText = (): Translate => translators[useLanguage()]

/** For code outside components, at the moment it speaks. */
export const currentLanguage = (): SpokenLanguage => useStore.getState().language
export const currentText = (): Translate => translators[currentLanguage()]
