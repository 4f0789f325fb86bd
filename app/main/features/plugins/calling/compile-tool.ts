import type { Json, JsonObject, Parameter, ReadPlugin, Tool } from '../packages/package-types.ts'
import { isHidden, isObject, resolve } from './schema-nodes.ts'

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

/** Schemas that one object may be made of; a document can make them lead to one another without end. */
const MOST_PARTS = 200

/** Properties of an object schema, those of its `allOf` and of its variants among them. */
export function objectParts(document: JsonObject | null, raw: JsonObject): ObjectParts {
  const properties = new Map<string, JsonObject>()
  const required = new Set<string>()
  const seen = new Set<JsonObject>()
  let closed = false
  let open = false

  /** `optional`: one of several variants, of which any may be meant: its fields are known, none is required. */
  function gather(schema: JsonObject, optional: boolean): void {
    if (seen.has(schema) || seen.size >= MOST_PARTS) return
    seen.add(schema)
    const own = isObject(schema['properties']) ? schema['properties'] : {}
    const more = schema['additionalProperties']
    if (more === false) closed = true
    else if (more !== undefined) open = true
    for (const [name, value] of Object.entries(own))
      if (isObject(value) && !properties.has(name)) properties.set(name, value)
    const names = Array.isArray(schema['required']) && !optional ? schema['required'] : []
    for (const name of names) if (typeof name === 'string') required.add(name)
    for (const word of ['allOf', 'oneOf', 'anyOf']) {
      for (const part of Array.isArray(schema[word]) ? schema[word] : [])
        if (isObject(part)) gather(resolve(document, part), optional || word !== 'allOf')
    }
  }
  gather(resolve(document, raw), false)
  return { properties, required, open: open || (properties.size === 0 && !closed) }
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
