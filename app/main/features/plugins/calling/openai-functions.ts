import type { Json, JsonObject, ReadPlugin, Tool } from '../packages/package-types.ts'
import { compileTool } from './compile-tool.ts'
import { inlineSchemas } from './inline-schema.ts'

/** Characters of a function's name and of its description that OpenAI takes. */
const NAME = 64
const DESCRIPTION = 1024

export interface OpenAiFunction {
  readonly type: 'function'
  readonly function: { readonly name: string; readonly description: string; readonly parameters: JsonObject }
}
export interface Functions {
  readonly functions: readonly OpenAiFunction[]
  /** The tool behind a function's name. */
  find(name: string): { readonly pluginId: string; readonly operationId: string } | null
}

/** With and without `x-place`; they share what is inside. */
interface Schemas {
  readonly placed: JsonObject
  readonly plain: JsonObject
}
const known = new WeakMap<Tool, Schemas>()

/** One JSON Schema object of all arguments of a tool; `x-place` on each says header, path, query, cookie or body. */
export const argumentSchema = (definition: ReadPlugin, tool: Tool): JsonObject => schemasOf(definition, tool).placed

function schemasOf(definition: ReadPlugin, tool: Tool): Schemas {
  let found = known.get(tool)
  if (!found) {
    found = makeSchemas(definition, tool)
    known.set(tool, found)
  }
  return found
}

function makeSchemas(definition: ReadPlugin, tool: Tool): Schemas {
  const { slots, openBody } = compileTool(definition, tool)
  const shown = slots.filter(({ hidden }) => !hidden)
  const inlined = inlineSchemas(
    definition.document,
    shown.map(({ parameter, schema }) => parameter?.schema ?? schema),
  )
  const placed: [string, Json][] = []
  const plain: [string, Json][] = []
  for (const [i, { name, place, parameter }] of shown.entries()) {
    const described = parameter && parameter.description !== '' ? { description: parameter.description } : {}
    const schema = { ...inlined[i]!, ...described }
    plain.push([name, schema])
    placed.push([name, { ...schema, 'x-place': place }])
  }
  const required = shown.filter((slot) => slot.required && slot.fallback === undefined).map(({ name }) => name)
  const rest = {
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: openBody && tool.body?.wrapped === undefined,
  }
  return {
    placed: { type: 'object', properties: Object.fromEntries(placed), ...rest },
    plain: { type: 'object', properties: Object.fromEntries(plain), ...rest },
  }
}

/** The callable tools of plugins as OpenAI function definitions. The same plugins get the same names, in whatever order. */
export function functionsOf(
  plugins: readonly { readonly id: string; readonly nameForModel: string; readonly definition: ReadPlugin }[],
): Functions {
  const functions: OpenAiFunction[] = []
  const byName = new Map<string, { pluginId: string; operationId: string }>()
  const used = new Map<string, number>()
  function free(wanted: string): string {
    const base = wanted.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, NAME)
    let name = base
    for (let n = used.get(base) ?? 1; byName.has(name); ) {
      const suffix = `_${++n}`
      name = `${base.slice(0, NAME - suffix.length)}${suffix}`
      used.set(base, n)
    }
    return name
  }
  for (const { id, nameForModel, definition } of [...plugins].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    for (const tool of definition.tools) {
      if (tool.disabled !== null) continue
      const name = free(`${nameForModel}__${tool.operationId}`)
      byName.set(name, { pluginId: id, operationId: tool.operationId })
      const description = (tool.description || tool.summary).slice(0, DESCRIPTION).toWellFormed()
      functions.push({
        type: 'function',
        function: { name, description, parameters: schemasOf(definition, tool).plain },
      })
    }
  }
  return { functions, find: (name) => byName.get(name) ?? null }
}
