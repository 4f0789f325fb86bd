import { below, type Report, type Spot } from './findings.ts'
import type { ConfigurationField, Json, JsonObject } from './package-types.ts'

/** The fields of a form out of a JSON Schema of an object, `secret: true` marking what is kept encrypted. */
export function fieldsOfSchema(schema: Json, spot: Spot, report: Report): ConfigurationField[] {
  const properties = isObject(schema) ? schema['properties'] : undefined
  if (!isObject(schema) || (properties !== undefined && !isObject(properties))) {
    report.add('error', 'CONFIG_SCHEMA_WRONG', spot)
    return []
  }
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const at = below(spot, 'properties', name)
    const kind = kindOf(property)
    if (kind === null) {
      const type = isObject(property) ? asText(property['type']) : null
      report.add('warning', 'CONFIG_FIELD_UNSUPPORTED', at, { name, type: type ?? typeof property })
      return []
    }
    const field = property as JsonObject
    const options = Array.isArray(field['enum']) ? field['enum'].map((one) => asText(one) ?? '') : []
    return [
      {
        ...{ name, kind, required: required.includes(name) },
        label: asText(field['title']) ?? name,
        default: kind === 'secret' ? null : asText(field['default']),
        options: options.map((value) => ({ value, label: value })),
        maxLength: typeof field['maxLength'] === 'number' ? field['maxLength'] : null,
      },
    ]
  })
}

function kindOf(property: Json): ConfigurationField['kind'] | null {
  if (!isObject(property)) return null
  const { type, format } = property
  if (property['secret'] === true || property['writeOnly'] === true || format === 'password') return 'secret'
  if (Array.isArray(property['enum'])) return 'select'
  if (type === 'boolean') return 'boolean'
  if (type === 'number' || type === 'integer') return 'number'
  if (type !== undefined && type !== 'string') return null
  return format === 'uri' || format === 'url' ? 'url' : 'text'
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)
/** The text of a scalar; null for anything else. */
export const asText = (value: Json | undefined): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
