import type { Json, JsonObject } from '../packages/package-types.ts'
import { isObject, resolve } from './schema-nodes.ts'

export interface ObjectParts {
  readonly properties: ReadonlyMap<string, JsonObject>
  readonly required: ReadonlySet<string>
  readonly open: boolean
}

/** Schemas that one object may be made of; a document can make them lead to one another without end. */
const MOST_PARTS = 200

const partsKnown = new WeakMap<JsonObject, { readonly document: JsonObject | null; readonly parts: ObjectParts }>()

/** Properties of an object schema, those of its `allOf` and of its variants among them. */
export function objectParts(document: JsonObject | null, raw: JsonObject): ObjectParts {
  const kept = partsKnown.get(raw)
  if (kept?.document === document) return kept.parts
  const parts = gatherParts(document, raw)
  partsKnown.set(raw, { document, parts })
  return parts
}

function gatherParts(document: JsonObject | null, raw: JsonObject): ObjectParts {
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
    for (const name of names) if (typeof name === 'string' && !isAnswered(own[name])) required.add(name)
    for (const word of ['allOf', 'oneOf', 'anyOf']) {
      for (const part of Array.isArray(schema[word]) ? schema[word] : [])
        if (isObject(part)) gather(resolve(document, part), optional || word !== 'allOf')
    }
  }
  /** What only answers have is not asked of those who call. */
  const isAnswered = (one: Json | undefined) => isObject(one) && resolve(document, one)['readOnly'] === true
  gather(resolve(document, raw), false)
  return { properties, required, open: open || (properties.size === 0 && !closed) }
}
