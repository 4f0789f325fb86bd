import type { Json, JsonObject, Parameter, ReadPlugin, Tool } from '../packages/package-types.ts'
import { hidesAny } from './hidden-answers.ts'
import { objectParts } from './object-parts.ts'
import { isHidden, isObject, resolve } from './schema-nodes.ts'

export type Place = 'header' | 'path' | 'query' | 'cookie' | 'body'

/** Whether a tool is called with the plugin's sign-in: always, where there is one, or never (`x-auth-mode`). */
export type AuthMode = 'required' | 'supported' | 'disabled'

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
  /** Fields of the body that are files, or lists of files. */
  readonly files: ReadonlySet<string>
  readonly authMode: AuthMode
  /** Whether anything of the answer is hidden from callers. */
  hidesAnswer(): boolean
  readonly document: JsonObject | null
}
export interface Named {
  readonly name: string
  readonly value: string
}

const compiled = new WeakMap<Tool, CompiledTool>()

const indices = new WeakMap<ReadPlugin, ReadonlyMap<string, Tool>>()

/** By operationId or tool id; null where the plugin has no such tool. */
export function findTool(definition: ReadPlugin, operation: string): Tool | null {
  let index = indices.get(definition)
  if (!index) {
    const found = new Map<string, Tool>()
    for (const key of ['operationId', 'id'] as const)
      for (const tool of definition.tools) if (!found.has(tool[key])) found.set(tool[key], tool)
    index = found
    indices.set(definition, index)
  }
  return index.get(operation) ?? null
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
    const hidden = isHidden(raw) || isHidden(schema)
    // Nobody can give what is hidden; only a path cannot do without.
    const needed = required && (!hidden || place === 'path')
    byName.set(name, { name, place, required: needed, schema, fallback, hidden, parameter })
  }
  for (const place of order) {
    for (const parameter of tool.parameters)
      if (parameter.place === place) add(parameter.name, place, parameter.required, parameter.schema, parameter)
  }
  const body = tool.body ? objectParts(document, tool.body.schema) : null
  for (const [name, schema] of body?.properties ?? []) add(name, 'body', body!.required.has(name), schema, null)
  const unnamed = (place: 'header' | 'query' | 'body') =>
    commonParameters[place].filter(({ name }) => byName.get(name)?.place !== place)
  const slots = [...byName.values()]
  let hides: boolean | null = null
  return {
    tool,
    slots,
    byName,
    extra: { header: unnamed('header'), query: unnamed('query'), body: unnamed('body') },
    openBody: body?.open ?? false,
    files: new Set(
      slots.filter(({ place, schema }) => place === 'body' && takesFiles(document, schema)).map(({ name }) => name),
    ),
    authMode: authModeOf(document, tool),
    hidesAnswer() {
      hides ??= tool.response !== null && hidesAny(document, tool.response)
      return hides
    },
    document,
  }
}

function takesFiles(document: JsonObject | null, schema: JsonObject): boolean {
  const { items } = schema
  return (isObject(items) ? resolve(document, items) : schema)['format'] === 'binary'
}

function authModeOf(document: JsonObject | null, { path, method }: Tool): AuthMode {
  let node: Json | undefined = document ?? undefined
  for (const key of ['paths', path, method.toLowerCase(), 'x-auth-mode'])
    node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined
  return node === 'supported' || node === 'disabled' ? node : 'required'
}
