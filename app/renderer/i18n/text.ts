import { fill, type SpokenLanguage } from '../../shared/errors.ts'
import type { Catalogue, Text, TextKey, TextValues } from './catalogue.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const catalogues: Record<SpokenLanguage, Catalogue> = { en, 'zh-CN': zhCN }

/** The text of a key in a language, its placeholders filled. */
export function textIn(language: SpokenLanguage, key: TextKey, values: TextValues = {}): string {
  const dot = key.indexOf('.')
  const area: Record<string, Text> = catalogues[language][key.slice(0, dot) as keyof Catalogue]
  const text = area[key.slice(dot + 1)]!
  const chosen = typeof text === 'string' ? text : values['count'] === 1 ? text.one : text.other
  return fill(chosen, written(language, values))
}

const numbers: Record<SpokenLanguage, Intl.NumberFormat> = {
  en: new Intl.NumberFormat('en'),
  'zh-CN': new Intl.NumberFormat('zh-CN'),
}

const written = (language: SpokenLanguage, values: TextValues): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? numbers[language].format(value) : value,
    ]),
  )
