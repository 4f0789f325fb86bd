import type { ConfigurationField } from '../../../../shared/contracts/plugins.ts'
import type { AppError, SpokenLanguage } from '../../../../shared/errors.ts'

/** What was edited and not saved yet, by field name; the other fields are as main has them. */
export type Edits = Readonly<Record<string, string>>

/** What a field shows: what was typed, else what is stored, else what it is without a value. */
export const shownValue = (field: ConfigurationField, edits: Edits): string =>
  edits[field.name] ?? field.value ?? field.default ?? ''

/** A masked secret is never put into its field: typing there begins anew. */
export const isMasked = (field: ConfigurationField, edits: Edits): boolean =>
  field.kind === 'secret' && field.value !== null && field.value !== '' && edits[field.name] === undefined

/** Every field as main wants it: an untouched secret goes back masked, which leaves it as it is. */
export const valuesToSave = (fields: readonly ConfigurationField[], edits: Edits): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field.name, edits[field.name] ?? field.value ?? field.default ?? '']))

export const isEdited = (fields: readonly ConfigurationField[], edits: Edits): boolean =>
  fields.some(({ name, value }) => edits[name] !== undefined && edits[name] !== (value ?? ''))

export const labelOf = (field: ConfigurationField, language: SpokenLanguage): string =>
  (language === 'zh-CN' && field.chineseLabel) || field.label || field.name

/** Required fields that would be saved empty. */
export const missingFields = (fields: readonly ConfigurationField[], edits: Edits): readonly string[] =>
  fields.filter((field) => field.required && shownValue(field, edits).trim() === '').map(({ name }) => name)

/** Which field a refusal is about, and why; null for one that is about none of them. */
export function refusedField(
  { code, details }: Pick<AppError, 'code' | 'details'>,
  fields: readonly ConfigurationField[],
): { readonly name: string; readonly reason: string | null } | null {
  const name = String(
    code === 'ARGUMENT_INVALID' ? details['name'] : code === 'ARGUMENT_MISSING' ? details['names'] : '',
  )
  if (!fields.some((field) => field.name === name)) return null
  return { name, reason: code === 'ARGUMENT_INVALID' ? String(details['reason'] ?? '') : null }
}
