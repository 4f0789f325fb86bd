import { inlineSchemas } from '../features/plugins/calling/inline-schema.ts'
import { isObject } from '../features/plugins/calling/schema-nodes.ts'
import type { Json, JsonObject } from '../features/plugins/packages/package-types.ts'

/** Numbers of Coze's own interface definition (plugin_develop_common.thrift). */
const types: Readonly<Record<string, number>> = { string: 1, integer: 2, number: 3, object: 4, array: 5, boolean: 6 }
const BODY = 3
/** Levels of an answer that are told. */
const DEPTH = 12
const MEMBERS = 500

/** One member of an answer, as Coze Studio's pages draw it. */
export interface CozeParameter {
  /** Means nothing; a page tells the rows apart by it. */
  readonly id: string
  readonly name: string
  readonly desc: string
  readonly type: number
  readonly location: number
  readonly is_required: boolean
  readonly sub_parameters: readonly CozeParameter[]
  readonly global_disable: boolean
  readonly local_disable: boolean
}

/** The members of what a tool answers, as its document declares them. */
export function responseParameters(document: JsonObject | null, response: JsonObject | null): readonly CozeParameter[] {
  return response === null ? [] : members(inlineSchemas(document, [response])[0]!)
}

/** The members of an answer that came, where its document is to be written after it. */
export const answerParameters = (answer: Json): readonly CozeParameter[] => members(schemaOf(answer, 0))

function members(schema: JsonObject): readonly CozeParameter[] {
  let last = 0
  function parameter(name: string, given: JsonObject, required: boolean): CozeParameter {
    const type = typeOf(given)
    const { items, description } = given
    return {
      ...{ id: String(++last), name, desc: typeof description === 'string' ? description : '' },
      ...{ type: types[type] ?? types['string']!, location: BODY, is_required: required },
      sub_parameters:
        type === 'array'
          ? [parameter('[Array Item]', isObject(items) ? items : {}, required)]
          : type === 'object'
            ? properties(given)
            : [],
      ...{ global_disable: false, local_disable: false },
    }
  }
  function properties(given: JsonObject): readonly CozeParameter[] {
    const { properties: all, required } = given
    const needed = new Set(Array.isArray(required) ? required : [])
    return Object.entries<Json>(isObject(all) ? all : {}).map(([name, one]) =>
      parameter(name, isObject(one) ? one : {}, needed.has(name)),
    )
  }
  return properties(schema)
}

function typeOf({ type, properties, items }: JsonObject): string {
  const named = (Array.isArray(type) ? type : [type]).find((one) => one !== 'null')
  if (typeof named === 'string') return named
  return properties ? 'object' : items ? 'array' : 'string'
}

function schemaOf(value: Json, depth: number): JsonObject {
  if (Array.isArray(value)) return { type: 'array', items: depth < DEPTH ? schemaOf(value[0] ?? '', depth + 1) : {} }
  if (isObject(value)) {
    const entries = depth < DEPTH ? Object.entries<Json>(value).slice(0, MEMBERS) : []
    return {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, one]) => [name, schemaOf(one, depth + 1)])),
    }
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' }
  return { type: typeof value === 'boolean' ? 'boolean' : 'string' }
}
