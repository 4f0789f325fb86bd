import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { isObject, type JsonObject } from './json-text.ts'

/** Where an argument goes in the request; null inside of another one. */
export type Place = 'header' | 'path' | 'query' | 'cookie' | 'body'

export interface Bound {
  readonly value: number
  /** The bound itself is not allowed. */
  readonly exclusive: boolean
}
interface FieldFacts {
  readonly name: string
  readonly required: boolean
  /** Null may be sent. */
  readonly nullable: boolean
  readonly place: Place | null
  /** The type as the schema says it: "integer", "string date-time"; empty where it says none. */
  readonly type: string
  readonly description: string
  readonly deprecated: boolean
  /** Undefined where the schema names none. */
  readonly byDefault: Json | undefined
  readonly example: Json | undefined
}
/** Worked out when it is asked for and then kept: a hostile schema of choices within choices unfolds without end. */
type Lazy<T> = () => T
/** What the form shows for one part of a schema. */
export type FieldKind =
  | {
      readonly kind: 'text'
      readonly format: string
      readonly multiline: boolean
      readonly minLength: number | null
      readonly maxLength: number | null
      readonly pattern: string | null
    }
  | { readonly kind: 'number'; readonly whole: boolean; readonly least: Bound | null; readonly most: Bound | null }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly options: readonly Json[] }
  /** Sent as `{filename, mediaType, base64}`. */
  | { readonly kind: 'file' }
  /** `open`: properties beside the named ones are taken. */
  | { readonly kind: 'object'; readonly fields: Lazy<readonly Field[]>; readonly open: boolean }
  | { readonly kind: 'list'; readonly item: Lazy<Field>; readonly least: number; readonly most: number | null }
  | { readonly kind: 'variants'; readonly variants: Lazy<readonly Variant[]> }
  /** Anything, or any object: written as JSON. */
  | { readonly kind: 'json'; readonly object: boolean }
export type Field = FieldFacts & FieldKind
export interface Variant {
  readonly label: string
  readonly field: Field
}

function lazy<T>(make: () => T): Lazy<T> {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const places: readonly unknown[] = ['header', 'path', 'query', 'cookie', 'body'] satisfies Place[]
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : [])
const size = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** The fields of a tool: one for each property of its schema, the required ones first. `sample`: arguments that fit. */
export function fieldsOf(schema: unknown, sample?: Json): readonly Field[] {
  const root = fieldOf('', isObject(schema) ? { type: 'object', ...schema } : {}, false, sample)
  return root.kind === 'object' ? root.fields() : []
}

/** `sample` is a value that fits, for schemas without an example of their own. */
export function fieldOf(name: string, given: unknown, required: boolean, sample?: Json): Field {
  const { schema, nullable } = withoutNull(joined(isObject(given) ? given : {}))
  const place = schema['x-place']
  return {
    name,
    required,
    nullable,
    place: places.includes(place) ? (place as Place) : null,
    type: typeWords(schema),
    description: text(schema['description']) || text(schema['title']),
    deprecated: schema['deprecated'] === true,
    byDefault: schema['default'],
    example: schema['example'] ?? list(schema['examples'])[0] ?? sample,
    ...kindOf(schema, sample),
  }
}

function kindOf(schema: JsonObject, sample: Json | undefined): FieldKind {
  const options = optionsOf(schema)
  if (options) return { kind: 'choice', options }
  const parts = choicesOf(schema)
  if (parts.length > 0) return { kind: 'variants', variants: lazy(() => variantsOf(schema, parts)) }
  switch (typeOf(schema)) {
    case 'string':
      return textKind(schema)
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        whole: typeOf(schema) === 'integer',
        least: boundOf(schema, 'minimum', 'exclusiveMinimum'),
        most: boundOf(schema, 'maximum', 'exclusiveMaximum'),
      }
    case 'boolean':
      return { kind: 'boolean' }
    case 'array':
      return {
        kind: 'list',
        item: lazy(() => fieldOf('', schema['items'], true, list(sample)[0])),
        least: size(schema['minItems']) ?? 0,
        most: size(schema['maxItems']),
      }
    case 'object':
      return objectKind(schema, objectOf(sample))
    default:
      return { kind: 'json', object: false }
  }
}

/** The first type that is named or that the other words of the schema give away. */
function typeOf(schema: JsonObject): string {
  const named = list(schema['type']).find((one) => one !== 'null') ?? schema['type']
  if (typeof named === 'string') return named
  if (isObject(schema['properties']) || schema['additionalProperties'] !== undefined) return 'object'
  if (schema['items'] !== undefined) return 'array'
  return schema['format'] === 'binary' ? 'string' : ''
}

function typeWords(schema: JsonObject): string {
  const type = typeOf(schema)
  const format = text(schema['format'])
  return type === 'string' && format === 'binary' ? 'file' : [type, format].filter(Boolean).join(' ')
}

function textKind(schema: JsonObject): FieldKind {
  const format = text(schema['format'])
  if (format === 'binary') return { kind: 'file' }
  const maxLength = size(schema['maxLength'])
  const sample = [schema['default'], schema['example']].map(text).join('')
  const multiline =
    format === 'byte' || format === 'multiline' || (maxLength ?? 0) > 200 || sample.length > 80 || sample.includes('\n')
  return {
    kind: 'text',
    format,
    multiline,
    minLength: size(schema['minLength']),
    maxLength,
    pattern: text(schema['pattern']) || null,
  }
}

/** `exclusiveMinimum` is a number of its own, or, in the older writing, says that `minimum` itself is out. */
function boundOf(schema: JsonObject, plain: string, exclusive: string): Bound | null {
  const strict = size(schema[exclusive])
  if (strict !== null) return { value: strict, exclusive: true }
  const value = size(schema[plain])
  return value === null ? null : { value, exclusive: schema[exclusive] === true }
}

function objectKind(schema: JsonObject, sample: JsonObject): FieldKind {
  // What only an answer holds is not asked for.
  const properties = Object.entries(objectOf(schema['properties'])).filter(
    ([, one]) => !(isObject(one) && one['readOnly'] === true),
  )
  if (properties.length === 0) return { kind: 'json', object: true }
  const required = new Set(list(schema['required']))
  const more = schema['additionalProperties']
  return {
    kind: 'object',
    fields: lazy(() => {
      const fields = properties.map(([name, one]) => fieldOf(name, one, required.has(name), sample[name]))
      return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)]
    }),
    open: more === true || isObject(more),
  }
}

/** The values of `enum` and `const`, and of a choice between constants; null where any value is allowed. */
function optionsOf(schema: JsonObject): readonly Json[] | null {
  if (Object.hasOwn(schema, 'const')) return [schema['const']!]
  const named = list(schema['enum'])
  if (named.length > 0) return named.filter((one) => one !== null)
  const parts = choicesOf(schema)
  if (parts.length < 2) return null
  const constants = parts.map((part) => optionsOf(part))
  return constants.every((one) => one !== null) ? constants.flat() : null
}

const choicesOf = (schema: JsonObject): readonly JsonObject[] =>
  (list(schema['oneOf']).length > 0 ? list(schema['oneOf']) : list(schema['anyOf'])).filter(isObject)

/** What is said beside the choice holds for each of the variants. */
function variantsOf({ oneOf: _, anyOf: __, ...common }: JsonObject, parts: readonly JsonObject[]): readonly Variant[] {
  const fields = parts.map((part) => fieldOf('', merged(common, part), true))
  const labels = parts.map((part, index) => labelOf(part, fields[index]!))
  return fields.map((field, index) => {
    const label = labels[index]!
    const unclear = label === '' || labels.indexOf(label) !== labels.lastIndexOf(label)
    return { label: unclear ? `${label} ${index + 1}`.trim() : label, field }
  })
}

/** A variant's title, the constants that tell it from the others, or its type. */
function labelOf(part: JsonObject, field: Field): string {
  const title = text(part['title'])
  if (title !== '') return title
  if (field.kind === 'object') {
    const fields = field.fields()
    const constants = fields.flatMap((one) =>
      one.kind === 'choice' && one.options.length === 1 ? [`${one.name}: ${String(one.options[0])}`] : [],
    )
    if (constants.length > 0) return constants.join(', ')
    const names = fields.filter((one) => one.required).map((one) => one.name)
    if (names.length > 0) return names.slice(0, 3).join(', ')
  }
  return field.type
}

/** `allOf` brought into one schema. */
function joined(schema: JsonObject): JsonObject {
  const parts = list(schema['allOf']).filter(isObject)
  if (parts.length === 0) return schema
  const { allOf: _, ...own } = schema
  return parts.map(joined).reduce((all, part) => merged(all, part), own)
}

/** Both at once: properties and required names together, else the second where it says something. */
function merged(first: JsonObject, second: JsonObject): JsonObject {
  const a = joined(first)
  const b = joined(second)
  const properties =
    isObject(a['properties']) || isObject(b['properties'])
      ? { properties: { ...objectOf(a['properties']), ...objectOf(b['properties']) } }
      : {}
  const required = [...new Set([...list(a['required']), ...list(b['required'])])]
  const place = a['x-place'] === undefined ? {} : { 'x-place': a['x-place'] }
  return { ...a, ...b, ...place, ...properties, ...(required.length > 0 ? { required } : {}) }
}
const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** The schema without its "or null", however that is written; a choice that leaves one variant is that variant. */
function withoutNull(schema: JsonObject): { readonly schema: JsonObject; readonly nullable: boolean } {
  const choices = choicesOf(schema)
  const left = choices.filter((one) => !isNull(one))
  const nullable =
    schema['nullable'] === true ||
    list(schema['type']).includes('null') ||
    list(schema['enum']).includes(null) ||
    left.length < choices.length
  if (choices.length === 0) return { schema, nullable }
  const { oneOf: _, anyOf: __, ...common } = schema
  if (left.length === 1) return { schema: joined(merged(common, left[0]!)), nullable }
  return { schema: { ...common, oneOf: left }, nullable }
}
const isNull = (schema: JsonObject): boolean =>
  schema['type'] === 'null' ||
  schema['const'] === null ||
  (list(schema['enum']).length === 1 && list(schema['enum'])[0] === null)
