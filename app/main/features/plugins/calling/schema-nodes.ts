import type { Json, JsonObject } from '../packages/package-types.ts'

/** References that one schema may lead through. */
const HOPS = 32

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The schema that `#/…` references lead to; an empty one where they lead nowhere, out of the document, or in a circle. */
export function resolve(document: JsonObject | null, schema: JsonObject): JsonObject {
  let found: JsonObject = schema
  for (let hop = 0; typeof found['$ref'] === 'string'; hop++) {
    const target = hop < HOPS ? at(document, found['$ref']) : undefined
    if (!isObject(target)) return {}
    found = target
  }
  return found
}

/** What references lead to, by document: most are met again and again. */
const targets = new WeakMap<JsonObject, Map<string, Json | undefined>>()

function at(document: JsonObject | null, reference: string): Json | undefined {
  if (document === null || !reference.startsWith('#/')) return undefined
  let known = targets.get(document)
  if (!known) {
    known = new Map()
    targets.set(document, known)
  }
  if (!known.has(reference)) known.set(reference, find(document, reference))
  return known.get(reference)
}

function find(document: JsonObject, reference: string): Json | undefined {
  let node: Json | undefined = document
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(node)) node = node[Number(key)]
    else node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined
    if (node === undefined) return undefined
  }
  return node
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Marked as nothing that callers give: what the package says stands for it. */
export const isHidden = (schema: JsonObject): boolean =>
  schema['x-global-disable'] === true || schema['x-local-disable'] === true
