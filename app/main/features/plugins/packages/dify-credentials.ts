import { asText, isObject } from './configuration-schema.ts'
import { below, type Report, type Spot } from './findings.ts'
import type { ConfigurationField, Json, JsonObject } from './package-types.ts'

const kinds: Record<string, ConfigurationField['kind']> = {
  'secret-input': 'secret',
  'text-input': 'text',
  select: 'select',
  radio: 'select',
  switch: 'boolean',
}

/** A label of Dify: text, or text by language; English is the one that every package has. */
export function labelOf(label: Json | undefined): { readonly en: string; readonly zh: string | null } | null {
  const plain = asText(label)
  if (plain !== null) return { en: plain, zh: null }
  if (!isObject(label)) return null
  const zh = asText(label['zh_Hans'])
  const en = asText(label['en_US']) ?? zh
  return en === null ? null : { en, zh }
}

/** The fields of a `…_credential_schema`; nothing where it is absent. */
export function credentialFields(schema: Json | undefined, spot: Spot, report: Report): ConfigurationField[] {
  if (schema === undefined || schema === null) return []
  const forms = isObject(schema) ? schema['credential_form_schemas'] : undefined
  if (!Array.isArray(forms)) {
    report.add('error', 'FIELD_MISSING', spot, { name: 'credential_form_schemas' })
    return []
  }
  const names = new Set(forms.map((form) => (isObject(form) ? asText(form['variable']) : null)))
  return forms.flatMap((form, n) => {
    const at = below(spot, 'credential_form_schemas', n)
    const name = isObject(form) ? asText(form['variable']) : null
    if (!isObject(form) || !name) {
      report.add('error', 'FIELD_MISSING', at, { name: 'variable' })
      return []
    }
    const type = asText(form['type']) ?? ''
    if (!Object.hasOwn(kinds, type)) {
      report.add('error', 'FIELD_WRONG', below(at, 'type'), { name: 'type', expected: Object.keys(kinds).join(' | ') })
      return []
    }
    checkConditions(form, names, at, report)
    return [fieldOf(form, name, kinds[type]!, at, report)]
  })
}

function fieldOf(
  form: JsonObject,
  name: string,
  kind: ConfigurationField['kind'],
  at: Spot,
  report: Report,
): ConfigurationField {
  const label = labelOf(form['label'])
  if (label === null) report.add('warning', 'FIELD_MISSING', at, { name: 'label' })
  const options = (Array.isArray(form['options']) ? form['options'] : []).flatMap((option) => {
    const value = isObject(option) ? asText(option['value']) : null
    return isObject(option) && value !== null ? [{ value, label: labelOf(option['label'])?.en ?? value }] : []
  })
  if (kind === 'select' && options.length === 0) report.add('error', 'FIELD_MISSING', at, { name: 'options' })
  const preset = asText(form['default'])
  if (kind === 'select' && preset !== null && !options.some(({ value }) => value === preset)) {
    report.add('warning', 'DIFY_DEFAULT', below(at, 'default'), { name })
  }
  return {
    ...{ name, kind, options },
    label: label?.en ?? name,
    ...(label?.zh ? { chineseLabel: label.zh } : {}),
    // A field that is shown only sometimes cannot be asked for always.
    required: form['required'] === true && !Array.isArray(form['show_on']),
    default: kind === 'secret' ? null : preset,
    maxLength: typeof form['max_length'] === 'number' && form['max_length'] > 0 ? form['max_length'] : null,
  }
}

function checkConditions(form: JsonObject, names: ReadonlySet<string | null>, at: Spot, report: Report): void {
  const conditions = Array.isArray(form['show_on']) ? form['show_on'] : []
  for (const [n, condition] of conditions.entries()) {
    const name = isObject(condition) ? asText(condition['variable']) : null
    // Dify's own: the type and the name of the model that is being added.
    if (name === '__model_type' || name === '__model_name') continue
    if (!names.has(name)) report.add('warning', 'DIFY_CONDITION', below(at, 'show_on', n), { name: name ?? '' })
  }
}
