import type { Json, JsonObject, Parameter, ReadPlugin, Tool } from '../packages/package-types.ts'
import { isObject, resolve } from './schema-nodes.ts'

export type Place = 'header' | 'path' | 'query' | 'cookie' | 'body'

/** Where one argument goes, and what stands in for it. */
export interface Slot {
  readonly name: string
  readonly place: Place
  readonly required: boolean
  /** References followed at its top. */
  readonly schema: JsonObject
  /** The common parameter of its name, else the schema's default; undefined without one. */
  readonly fallback: Json | undefined
  /** Marked x-global-disable or x-local-disable: callers do not see it, only its fallback is sent. */
  readonly hidden: boolean
  readonly parameter: Parameter | null
}

/** What can be worked out of a tool once, whatever it is called with. */
export interface CompiledTool {
  readonly tool: Tool
  readonly slots: readonly Slot[]
  readonly byName: ReadonlyMap<string, Slot>
  /** Common parameters that no argument is named like: header, query and cookie ones are sent as they are. */
  readonly extra: {
    readonly header: readonly Named[]
    readonly query: readonly Named[]
    readonly body: readonly Named[]
  }
  /** Whether a body takes arguments that are not listed. */
  readonly openBody: boolean
  /** Whether anything of the answer is hidden from callers. */
  readonly hidesAnswer: boolean
  readonly document: JsonObject | null
}
interface Named {
  readonly name: string
  readonly value: string
}

const compiled = new WeakMap<Tool, CompiledTool>()

/** By tool id or operationId; null where the plugin has no such tool. */
export function findTool({ tools }: ReadPlugin, operation: string): Tool | null {
  return tools.find(({ operationId }) => operationId === operation) ?? tools.find(({ id }) => id === operation) ?? null
}

export function compileTool(definition: ReadPlugin, tool: Tool): CompiledTool {
  let found = compiled.get(tool)
  if (!found) {
    found = compile(definition, tool)
    compiled.set(tool, found)
  }
  return found
}

const order: readonly Parameter['place'][] = ['header', 'path', 'query', 'cookie']
const isHidden = (schema: JsonObject) => schema['x-global-disable'] === true || schema['x-local-disable'] === true

function compile({ document, commonParameters }: ReadPlugin, tool: Tool): CompiledTool {
  const byName = new Map<string, Slot>()
  const common = (place: Place, name: string): string | undefined =>
    place === 'cookie' ? undefined : commonParameters[place].find((one) => one.name === name)?.value
  const add = (name: string, place: Place, required: boolean, raw: JsonObject, parameter: Parameter | null) => {
    // A name in two places goes to the first in upstream's order.
    if (byName.has(name)) return
    const schema = resolve(document, raw)
    const fallback = common(place, name) ?? raw['default'] ?? schema['default']
    byName.set(name, { name, place, required, schema, fallback, hidden: isHidden(raw) || isHidden(schema), parameter })
  }
  for (const place of order) {
    for (const parameter of tool.parameters)
      if (parameter.place === place) add(parameter.name, place, parameter.required, parameter.schema, parameter)
  }
  const body = tool.body ? objectParts(document, tool.body.schema) : null
  for (const [name, schema] of body?.properties ?? []) add(name, 'body', body!.required.has(name), schema, null)
  const unnamed = (place: 'header' | 'query' | 'body') =>
    commonParameters[place].filter(({ name }) => byName.get(name)?.place !== place)
  return {
    tool,
    slots: [...byName.values()],
    byName,
    extra: { header: unnamed('header'), query: unnamed('query'), body: unnamed('body') },
    openBody: body?.open ?? false,
    hidesAnswer: tool.response !== null && hidesAny(document, tool.response, 0),
    document,
  }
}

interface ObjectParts {
  readonly properties: ReadonlyMap<string, JsonObject>
  readonly required: ReadonlySet<string>
  readonly open: boolean
}

/** Properties of an object schema, those of its `allOf` and the first of its variants among them. */
export function objectParts(document: JsonObject | null, raw: JsonObject, depth = 0): ObjectParts {
  const schema = resolve(document, raw)
  const properties = new Map<string, JsonObject>()
  const required = new Set<string>()
  const own = isObject(schema['properties']) ? schema['properties'] : {}
  let open =
    Object.keys(own).length === 0 ||
    (schema['additionalProperties'] !== undefined && schema['additionalProperties'] !== false)
  for (const part of depth < 12 && Array.isArray(schema['allOf']) ? schema['allOf'] : []) {
    if (!isObject(part)) continue
    const inner = objectParts(document, part, depth + 1)
    for (const [name, value] of inner.properties) properties.set(name, value)
    for (const name of inner.required) required.add(name)
  }
  for (const word of ['oneOf', 'anyOf']) {
    const variants = depth < 12 && Array.isArray(schema[word]) ? schema[word] : []
    for (const variant of variants) {
      if (!isObject(variant)) continue
      // Any of them may be meant: their fields are known, none is required.
      for (const [name, value] of objectParts(document, variant, depth + 1).properties)
        if (!properties.has(name)) properties.set(name, value)
    }
  }
  for (const [name, value] of Object.entries(own)) if (isObject(value)) properties.set(name, value)
  for (const name of Array.isArray(schema['required']) ? schema['required'] : [])
    if (typeof name === 'string') required.add(name)
  if (properties.size > 0 && Object.keys(own).length === 0 && schema['additionalProperties'] === undefined) open = false
  return { properties, required, open }
}

function hidesAny(document: JsonObject | null, raw: JsonObject, depth: number): boolean {
  if (depth > 8) return false
  const schema = resolve(document, raw)
  if (isHidden(schema)) return true
  const { properties, items } = { properties: schema['properties'], items: schema['items'] }
  if (isObject(items) && hidesAny(document, items, depth + 1)) return true
  return (
    isObject(properties) &&
    Object.values<Json>(properties).some((one) => isObject(one) && hidesAny(document, one, depth + 1))
  )
}

/** The answer without what the document hides from callers. */
export function withoutHidden(document: JsonObject | null, raw: JsonObject, value: Json, depth = 0): Json {
  if (depth > 8 || typeof value !== 'object' || value === null) return value
  const schema = resolve(document, raw)
  const { properties, items } = { properties: schema['properties'], items: schema['items'] }
  if (Array.isArray(value))
    return isObject(items) ? value.map((one) => withoutHidden(document, items, one, depth + 1)) : value
  if (!isObject(properties)) return value
  const kept = Object.entries(value as JsonObject).flatMap(([name, inner]): [string, Json][] => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!isObject(own)) return [[name, inner]]
    if (isHidden(own) || isHidden(resolve(document, own))) return []
    return [[name, withoutHidden(document, own, inner, depth + 1)]]
  })
  return Object.fromEntries(kept)
}
