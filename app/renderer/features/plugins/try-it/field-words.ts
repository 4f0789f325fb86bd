import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import type { Translate } from '../../../i18n/language.ts'
import type { Bound, Field, Place } from './schema-form.ts'

export const placeWords: Readonly<Record<Place, TextKey>> = {
  header: 'tryIt.placeHeader',
  path: 'tryIt.placePath',
  query: 'tryIt.placeQuery',
  cookie: 'tryIt.placeCookie',
  body: 'tryIt.placeBody',
}

/** A value in one short line, for placeholders. */
export function shortValue(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = text.replace(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** What stands in an empty field: what is sent in its place, else an example. */
export function placeholderOf({ byDefault, example }: Field, t: Translate): string | undefined {
  if (byDefault !== undefined) return t('tryIt.byDefault', { value: shortValue(byDefault) })
  // The word that main makes up where a schema gives no hint is none either.
  return example === undefined || example === 'example' ? undefined : t('tryIt.example', { value: shortValue(example) })
}

/** The type and its bounds: "integer 1–100", "string date-time". */
export const typeSentence = (field: Field): string => [field.type, rangeOf(field)].filter(Boolean).join(' ')

/** Signs that every language writes alike. */
function rangeOf(field: Field): string {
  if (field.kind !== 'number') return ''
  const { least, most } = field
  if (least && most && !least.exclusive && !most.exclusive) return `${least.value} … ${most.value}`
  const side = (bound: Bound | null, plain: string, strict: string) =>
    bound ? `${bound.exclusive ? strict : plain} ${bound.value}` : ''
  return [side(least, '≥', '>'), side(most, '≤', '<')].filter(Boolean).join(', ')
}

const formatHints: Readonly<Record<string, TextKey>> = {
  'date-time': 'tryIt.formatDateTime',
  date: 'tryIt.formatDate',
  time: 'tryIt.formatTime',
}

/** How a text is to be written, where its schema says so. */
export function formatHint(field: Field, t: Translate): string {
  if (field.kind !== 'text') return ''
  const hint = formatHints[field.format]
  const pattern = field.pattern !== null && field.pattern.length <= 80 ? field.pattern : null
  return [hint && t(hint), pattern && t('tryIt.matches', { pattern })].filter(Boolean).join(' · ')
}
