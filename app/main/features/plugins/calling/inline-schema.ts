import type { Json, JsonObject } from '../packages/package-types.ts'
import { isHidden, isObject, resolve } from './schema-nodes.ts'

/** Levels of one argument, and schemas and characters of all arguments of a tool. What lies beyond becomes `{}`: anything. */
const DEPTH = 12
const NODES = 2000
const CHARACTERS = 300_000

/** Words that JSON Schema knows and that hold no schemas; all others are OpenAPI's or somebody's own. */
const plain =
  'type title description enum const default format pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems minProperties maxProperties readOnly writeOnly deprecated'.split(
    ' ',
  )
const lists = ['allOf', 'oneOf', 'anyOf'] as const
const singles = ['items', 'additionalProperties', 'not'] as const

type Writable = { [key: string]: Json }
interface Waiting {
  readonly raw: JsonObject
  /** Is in its place already and gets filled; left as it is, it allows anything. */
  readonly into: Writable
  readonly depth: number
  readonly above: Above | null
}
interface Above {
  readonly schema: JsonObject
  readonly above: Above | null
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const isWithin = (schema: JsonObject, above: Above | null): boolean => {
  for (let one = above; one !== null; one = one.above) if (one.schema === schema) return true
  return false
}

/**
 * Schemas as JSON Schema, every reference replaced by what it leads to; one that leads into itself becomes `{}`. Level by
 * level, so that one endless argument leaves room for the others.
 */
export function inlineSchemas(document: JsonObject | null, schemas: readonly JsonObject[]): JsonObject[] {
  const roots = schemas.map((raw): Waiting => ({ raw, into: {}, depth: 0, above: null }))
  const queue = [...roots]
  let left = CHARACTERS
  for (let next = 0; next < queue.length; next++) {
    const { raw, into, depth, above } = queue[next]!
    const target = resolve(document, raw)
    if (isWithin(target, above)) continue
    const schema = target === raw ? raw : { ...target, ...withoutReference(raw) }
    const size = sizeOf(target) + (target === raw ? 0 : sizeOf(raw))
    if (size > left) continue
    left -= size
    Object.assign(into, plainWords(schema))
    const later = (one: JsonObject): JsonObject => {
      const waiting: Waiting = { raw: one, into: {}, depth: depth + 1, above: { schema: target, above } }
      if (depth < DEPTH && queue.length < NODES) queue.push(waiting)
      return waiting.into
    }
    addSchemas(into, schema, document, later)
    if (schema['nullable'] === true) allowNull(into)
  }
  return roots.map(({ into }) => into)
}

function withoutReference({ $ref: _, ...rest }: JsonObject): JsonObject {
  return rest
}

function plainWords(schema: JsonObject): Writable {
  const words: Writable = {}
  for (const word of plain) if (schema[word] !== undefined) words[word] = schema[word]
  // In 3.0 these two say that the bound beside them is out itself.
  for (const [word, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof words[word] !== 'boolean') continue
    const value = words[bound]
    if (words[word] && value !== undefined) {
      words[word] = value
      delete words[bound]
    } else delete words[word]
  }
  return words
}

const sizes = new WeakMap<JsonObject, number>()
/** Characters that a schema takes without those inside it. Kept: many may refer to one that is very long. */
function sizeOf(schema: JsonObject): number {
  let size = sizes.get(schema)
  if (size !== undefined) return size
  size = 20
  for (const word of [...plain, 'required']) {
    const value = schema[word]
    if (value === undefined) continue
    size += word.length + 6
    if (typeof value === 'string') size += value.length
    else if (typeof value === 'object') size += JSON.stringify(value).length
  }
  if (isObject(schema['properties'])) for (const name of Object.keys(schema['properties'])) size += name.length + 6
  if (size > 1000) sizes.set(schema, size)
  return size
}

function addSchemas(
  into: Writable,
  schema: JsonObject,
  document: JsonObject | null,
  later: (raw: JsonObject) => JsonObject,
): void {
  const { properties } = schema
  if (isObject(properties)) {
    const kept = Object.entries<Json>(properties).filter(([, one]) => isObject(one) && !isHiddenHere(document, one))
    into['properties'] = Object.fromEntries(kept.map(([name, one]) => [name, later(one as JsonObject)]))
    const required = list(schema['required']).filter((one) => typeof one === 'string')
    const shown = required.filter((name) => !Object.hasOwn(properties, name) || kept.some(([one]) => one === name))
    if (shown.length > 0) into['required'] = [...new Set(shown)]
  } else if (list(schema['required']).length > 0) into['required'] = [...new Set(list(schema['required']))]
  for (const word of singles) {
    const value = schema[word]
    if (isObject(value)) into[word] = later(value)
    else if (typeof value === 'boolean') into[word] = value
  }
  for (const word of lists) {
    const parts = list(schema[word]).filter(isObject)
    if (parts.length > 0) into[word] = parts.map(later)
  }
}

function isHiddenHere(document: JsonObject | null, raw: JsonObject): boolean {
  return isHidden(raw) || (raw['$ref'] !== undefined && isHidden(resolve(document, raw)))
}

/** 3.0's `nullable` in the words of JSON Schema. */
function allowNull(into: Writable): void {
  const { type } = into
  const options = into['enum']
  if (Array.isArray(options) && !options.includes(null)) into['enum'] = [...options, null]
  if (typeof type === 'string' && type !== 'null') into['type'] = [type, 'null']
  else if (Array.isArray(type) && !type.includes('null')) into['type'] = [...type, 'null']
  // Null must pass every word beside it, so that what speaks against it goes into a choice.
  const against: Writable = {}
  for (const word of [...lists, 'not', 'const']) {
    if (into[word] === undefined) continue
    against[word] = into[word]
    delete into[word]
  }
  if (Object.keys(against).length > 0) into['anyOf'] = [against, { type: 'null' }]
}
