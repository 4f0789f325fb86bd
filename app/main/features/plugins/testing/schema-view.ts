import type { Json, JsonObject } from '../packages/package-types.ts'

/** What a schema says, with references followed and `allOf`, `anyOf` and `oneOf` brought together. */
export interface SchemaView {
  /** Types that a value may have, `null` among them where it may be null; empty where any is allowed. */
  readonly types: readonly string[]
  readonly format: string
  /** Null where any value is allowed. */
  readonly values: readonly Json[] | null
  readonly properties: ReadonlyMap<string, JsonObject>
  readonly required: ReadonlySet<string>
  /** Null where the items may be anything. */
  readonly items: JsonObject | null
  /** Schema of properties that are not named; null where none are promised. */
  readonly others: JsonObject | null
  readonly bounds: ReadonlyMap<string, number | string>
  readonly description: string
  /** Undefined where there is none. */
  readonly default: Json | undefined
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const own = (value: unknown, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : [])

export const boundWords = [
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'pattern'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'],
]

/** How many schemas one view brings together; a hostile document nests choices without end. */
const mostParts = 1000

/** Reads schemas of one document. A reference that leads nowhere, or in a circle, stands for anything. */
export function createSchemas(document: JsonObject | null) {
  const views = new WeakMap<object, SchemaView>()
  let parts = 0

  function resolve(schema: JsonObject): JsonObject {
    let here = schema
    for (let hops = 0; hops < 20; hops++) {
      const reference = own(here, '$ref')
      if (typeof reference !== 'string') return here
      const target = pointed(document, reference)
      if (!isObject(target)) return {}
      here = target
    }
    return {}
  }

  function view(schema: JsonObject): SchemaView {
    const shape = resolve(schema)
    const known = views.get(shape)
    if (known) return known
    parts = 0
    const made = gather(shape, new Set())
    views.set(shape, made)
    return made
  }

  function gather(schema: JsonObject, open: ReadonlySet<object>): SchemaView {
    const shape = resolve(schema)
    if (open.has(shape) || ++parts > mostParts) return anything
    const within = new Set([...open, shape])
    const inner = (word: string) =>
      listOf(own(shape, word))
        .filter(isObject)
        .map((part) => gather(part, within))
    let whole = plain(shape)
    for (const part of inner('allOf')) whole = both(whole, part)
    for (const word of ['anyOf', 'oneOf']) {
      const choices = inner(word)
      if (choices.length > 0) whole = both(whole, choices.reduce(either))
    }
    if (own(shape, 'nullable') !== true || whole.types.length === 0 || whole.types.includes('null')) return whole
    return { ...whole, types: [...whole.types, 'null'] }
  }
  return { resolve, view }
}
export type Schemas = ReturnType<typeof createSchemas>

function pointed(document: JsonObject | null, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined
  let pointer = reference.slice(1)
  try {
    pointer = decodeURIComponent(pointer)
  } catch {
    // A stray percent sign stands for itself.
  }
  let value: Json | undefined = document ?? undefined
  for (const key of pointer.split('/').slice(1)) {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    value = Array.isArray(value) ? (value as readonly Json[])[Number(name)] : own(value, name)
  }
  return value
}

const anything: SchemaView = {
  ...{ types: [], format: '', values: null, properties: new Map(), required: new Set(), items: null, others: null },
  ...{ bounds: new Map(), description: '', default: undefined },
}

function plain(schema: JsonObject): SchemaView {
  const properties = new Map<string, JsonObject>()
  for (const [name, one] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {}))
    if (isObject(one)) properties.set(name, one)
  const items = own(schema, 'items')
  const others = own(schema, 'additionalProperties')
  const given = textOf(own(schema, 'type'))
  // Upstream's repair writes the type; documents of strict imports may have left it to the other words.
  const type = given !== '' ? given : properties.size > 0 ? 'object' : isObject(items) ? 'array' : ''
  const bounds = new Map<string, number | string>()
  for (const word of boundWords) {
    const bound = own(schema, word)
    if (typeof bound === 'number' || typeof bound === 'string') bounds.set(word, bound)
    else if (bound === true) bounds.set(word, 'true')
  }
  const values = own(schema, 'enum')
  return {
    types: type === '' ? [] : [type],
    format: textOf(own(schema, 'format')),
    values: Array.isArray(values) && values.length > 0 ? (values as readonly Json[]) : null,
    properties,
    required: new Set(listOf(own(schema, 'required')).filter((name) => typeof name === 'string')),
    items: isObject(items) ? items : null,
    others: isObject(others) ? others : others === true ? {} : null,
    bounds,
    description: textOf(own(schema, 'description')),
    default: own(schema, 'default'),
  }
}

/** What must hold for both. Where they contradict each other, the second is believed: it is the more special one. */
function both(one: SchemaView, other: SchemaView): SchemaView {
  return {
    types: other.types.length > 0 ? other.types : one.types,
    format: other.format || one.format,
    values: other.values ?? one.values,
    properties: new Map([...one.properties, ...other.properties]),
    required: new Set([...one.required, ...other.required]),
    items: other.items ?? one.items,
    others: other.others ?? one.others,
    bounds: new Map([...one.bounds, ...other.bounds]),
    description: one.description || other.description,
    default: one.default ?? other.default,
  }
}

/** What may hold of a value that fits one or the other. */
function either(one: SchemaView, other: SchemaView): SchemaView {
  const objects = [one, other].filter(({ types }) => types.length === 0 || types.includes('object'))
  const anyType = one.types.length === 0 || other.types.length === 0
  return {
    types: anyType ? [] : [...new Set([...one.types, ...other.types])],
    format: one.format === other.format ? one.format : '',
    values: one.values && other.values ? unique([...one.values, ...other.values]) : null,
    properties: new Map([...other.properties, ...one.properties]),
    required:
      objects.length < 2
        ? new Set(objects[0]?.required)
        : new Set([...one.required].filter((name) => other.required.has(name))),
    items: one.items ?? other.items,
    others: one.others ?? other.others,
    bounds: new Map([...one.bounds].filter(([word, bound]) => other.bounds.get(word) === bound)),
    description: '',
    default: one.default ?? other.default,
  }
}

const unique = (values: readonly Json[]): Json[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
]
