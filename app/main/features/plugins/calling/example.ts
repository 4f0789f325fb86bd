import type { Json, JsonObject, ReadPlugin, Tool } from '../packages/package-types.ts'
import type { CallArguments } from './call-types.ts'
import { checkValue } from './check-value.ts'
import { compileTool } from './compile-tool.ts'
import { exampleNumber, exampleText } from './example-scalars.ts'
import { isHidden, isObject, resolve } from './schema-nodes.ts'

/** Levels that required values are made for, and optional ones. */
const DEPTH = 12
const OPTIONAL_DEPTH = 3
const PROPERTIES = 50
const ITEMS = 10
/** Schemas that one example may visit, and characters of a value that a document brings along. */
const NODES = 2000
const CHARACTERS = 100_000

interface Making {
  readonly document: JsonObject | null
  /** Schemas that are being made: meeting one again is a circle. */
  readonly within: Set<JsonObject>
  left: number
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const own = (value: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined
const object = (entries: Iterable<readonly [string, Json]>): JsonObject => Object.fromEntries(entries)

/** A value that the schema allows, always the same one: what the document gives as an example, else one made up. */
export function exampleOf(schema: JsonObject, document: JsonObject | null): Json {
  const value = make({ document, within: new Set(), left: NODES }, schema, 0)
  return value === undefined ? {} : value
}

/** Arguments that a tool can be called with; those that the plugin fills in itself are not among them. */
export function exampleArguments(definition: ReadPlugin, tool: Tool): CallArguments {
  const { document, commonParameters } = definition
  const body = tool.body && exampleBody(document, tool, tool.body)
  const chosen: [string, Json][] = []
  for (const { name, place, required, hidden, schema, parameter } of compileTool(definition, tool).slots) {
    if (hidden || (place !== 'cookie' && commonParameters[place].some((one) => one.name === name))) continue
    const raw = parameter?.schema ?? schema
    let value: Json | undefined
    if (place === 'body') value = isObject(body ?? undefined) ? own(body as JsonObject, name) : undefined
    else if (!required) value = toldValue(document, raw)
    if (value === undefined && required) value = exampleOf(raw, document)
    if (value !== undefined && (value !== null || place === 'body')) chosen.push([name, value])
  }
  return object(chosen)
}

function exampleBody(document: JsonObject | null, tool: Tool, body: NonNullable<Tool['body']>): Json {
  const told = mediaExample(document, tool, body.mediaType)
  const whole = told !== undefined && body.wrapped !== undefined ? { [body.wrapped]: told } : told
  const fits = isObject(whole) ? fitting(document, body.schema, [whole]) : undefined
  return fits ?? exampleOf(body.schema, document)
}

/** The example that stands beside the schema of a body. */
function mediaExample(document: JsonObject | null, tool: Tool, mediaType: string): Json | undefined {
  let node: Json | undefined = document ?? undefined
  for (const key of ['paths', tool.path, tool.method.toLowerCase(), 'requestBody', 'content', mediaType]) {
    node = isObject(node) ? own(resolve(document, node), key) : undefined
  }
  if (!isObject(node)) return undefined
  const named = isObject(node['examples']) ? Object.values<Json>(node['examples'])[0] : undefined
  return node['example'] ?? (isObject(named) ? resolve(document, named)['value'] : undefined)
}

function make(making: Making, raw: JsonObject, depth: number): Json | undefined {
  const { document, within } = making
  const schema = resolve(document, raw)
  if (depth > DEPTH || making.left-- <= 0 || within.has(schema)) return undefined
  const given = toldValue(document, raw)
  if (given !== undefined) return given
  within.add(schema)
  const whole = joined(making, schema, [])
  const value = (whole === schema ? undefined : toldValue(document, whole, schema)) ?? build(making, whole, depth)
  within.delete(schema)
  return value
}

/** Kept by schema: many may refer to one with a very long list, and looking through it takes time. */
const told = { plain: new WeakMap<JsonObject, Json | null>(), joined: new WeakMap<JsonObject, Json | null>() }

/** What the document itself gives as a value, where it fits its schema; undefined where it says nothing. */
function toldValue(document: JsonObject | null, raw: JsonObject, joinedFrom?: JsonObject): Json | undefined {
  const [kept, key] = joinedFrom ? [told.joined, joinedFrom] : [told.plain, raw]
  let value = kept.get(key)
  if (value === undefined) {
    value = findValue(document, raw) ?? null
    kept.set(key, value)
  }
  return value ?? undefined
}
function findValue(document: JsonObject | null, raw: JsonObject): Json | undefined {
  const target = resolve(document, raw)
  const schema = target === raw ? raw : { ...target, ...withoutReference(raw) }
  const { example, examples, default: byDefault, const: only } = schema
  const named = isObject(examples) ? Object.values<Json>(examples)[0] : undefined
  const candidates = [
    example,
    list(examples)[0],
    isObject(named) ? named['value'] : undefined,
    ...[byDefault, only, list(schema['enum']).find((one) => one !== null)],
  ]
  return candidates.some((one) => one !== undefined) ? fitting(document, schema, candidates) : undefined
}
function withoutReference({ $ref: _, ...rest }: JsonObject): JsonObject {
  return rest
}

function fitting(
  document: JsonObject | null,
  schema: JsonObject,
  candidates: readonly (Json | undefined)[],
): Json | undefined {
  for (const one of candidates) {
    if (one === undefined || one === null) continue
    try {
      const checked = checkValue(document, schema, one, '')
      // An object is shown as it was written; the call adds the defaults.
      const value = typeof one === 'object' ? one : checked
      if (JSON.stringify(value).length <= CHARACTERS) return value
    } catch {
      // An example that its own schema refuses is none.
    }
  }
  return undefined
}

/** A schema with its `allOf` and the first of its variants brought into it. */
function joined(making: Making, raw: JsonObject, above: readonly JsonObject[]): JsonObject {
  const schema = resolve(making.document, raw)
  const { allOf, oneOf, anyOf, ...rest } = schema
  if (allOf === undefined && oneOf === undefined && anyOf === undefined) return schema
  if (above.length > DEPTH || above.includes(schema) || making.left-- <= 0) return rest
  let all: JsonObject = {}
  const variants = [oneOf, anyOf].map((some) => list(some).find((one) => isObject(one) && one['type'] !== 'null'))
  for (const part of [...list(allOf), ...variants])
    if (isObject(part)) all = merged(all, joined(making, part, [...above, schema]))
  return merged(all, rest)
}
function merged(first: JsonObject, second: JsonObject): JsonObject {
  const [a, b] = [first['properties'], second['properties']]
  const properties = object([...Object.entries(isObject(a) ? a : {}), ...Object.entries(isObject(b) ? b : {})])
  const required = [...new Set([...list(first['required']), ...list(second['required'])])]
  return {
    ...first,
    ...second,
    ...(isObject(a ?? b) ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  }
}

function build(making: Making, schema: JsonObject, depth: number): Json | undefined {
  switch (typeOf(schema)) {
    case 'object':
      return buildObject(making, schema, depth)
    case 'array': {
      const { items, minItems, maxItems } = schema
      const wanted = Math.max(typeof minItems === 'number' ? minItems : 0, 1)
      const count = Math.min(wanted, typeof maxItems === 'number' ? maxItems : ITEMS, ITEMS)
      const item = make(making, isObject(items) ? items : {}, depth + 1)
      return item === undefined ? [] : Array.from({ length: Math.max(0, Math.floor(count)) }, () => item)
    }
    case 'integer':
    case 'number':
      return exampleNumber(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return exampleText(schema)
  }
}

function buildObject(making: Making, schema: JsonObject, depth: number): JsonObject {
  const properties = Object.entries<Json>(isObject(schema['properties']) ? schema['properties'] : {})
  const required = new Set(list(schema['required']))
  const made: [string, Json][] = []
  const add = (name: string, raw: JsonObject, needed: boolean) => {
    const value = make(making, raw, depth + 1)
    if (value !== undefined || needed) made.push([name, value === undefined ? {} : value])
  }
  let needed = properties.filter(([name]) => required.has(name)).length
  for (const [name, raw] of properties) {
    if (!required.has(name) || !isObject(raw)) continue
    // A wide one must leave something for those that come after it.
    const all = making.left
    const share = Math.floor(all / needed--)
    if (share <= 0) continue
    making.left = share
    add(name, raw, true)
    making.left = all - share + Math.max(making.left, 0)
  }
  for (const [name, raw] of depth <= OPTIONAL_DEPTH ? properties : []) {
    if (made.length >= PROPERTIES || making.left <= 0) break
    if (required.has(name) || !isObject(raw)) continue
    const { readOnly, deprecated, ...target } = resolve(making.document, raw)
    if (readOnly !== true && deprecated !== true && !isHidden(raw) && !isHidden(target)) add(name, raw, false)
  }
  return object(made)
}

function typeOf(schema: JsonObject): Json | undefined {
  const type = list(schema['type']).find((one) => one !== 'null') ?? schema['type']
  if (typeof type === 'string') return type
  if (schema['properties'] !== undefined || schema['additionalProperties'] !== undefined) return 'object'
  if (schema['items'] !== undefined) return 'array'
  return schema['minimum'] !== undefined || schema['maximum'] !== undefined ? 'number' : 'string'
}
