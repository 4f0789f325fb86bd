import type { Json, JsonObject } from '../packages/package-types.ts'
import { objectParts } from './object-parts.ts'
import { isHidden, isObject, resolve } from './schema-nodes.ts'

/** Schemas of an answer that are looked through for hidden ones. */
const MOST_SCHEMAS = 5000

/** Whether a schema of an answer hides anything of it from callers. */
export function hidesAny(document: JsonObject | null, answer: JsonObject): boolean {
  const seen = new Set<JsonObject>([resolve(document, answer)])
  for (const schema of seen) {
    if (isHidden(schema)) return true
    const { items } = schema
    for (const one of [...objectParts(document, schema).properties.values(), ...(isObject(items) ? [items] : [])]) {
      if (isHidden(one)) return true
      if (seen.size < MOST_SCHEMAS) seen.add(resolve(document, one))
    }
  }
  return false
}

/** Levels of an answer that are looked into. */
const DEPTH = 32

/** The answer without what the document hides from callers. */
export function withoutHidden(document: JsonObject | null, raw: JsonObject, value: Json, depth = 0): Json {
  if (depth > DEPTH || typeof value !== 'object' || value === null) return value
  const schema = resolve(document, raw)
  if (Array.isArray(value)) {
    const { items } = schema
    return isObject(items) ? value.map((one) => withoutHidden(document, items, one, depth + 1)) : value
  }
  const { properties } = objectParts(document, schema)
  if (properties.size === 0) return value
  const kept = Object.entries(value as JsonObject).flatMap(([name, inner]): [string, Json][] => {
    const own = properties.get(name)
    if (!own) return [[name, inner]]
    if (isHidden(own) || isHidden(resolve(document, own))) return []
    return [[name, withoutHidden(document, own, inner, depth + 1)]]
  })
  return Object.fromEntries(kept)
}
