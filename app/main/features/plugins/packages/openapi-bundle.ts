import { posix } from 'node:path'
import type { Document } from './document.ts'
import { below, pointerKeys, rootSpot, type Spot } from './findings.ts'
import { isNode, type Node, nodeOf, type Reading } from './openapi-nodes.ts'
import { limits } from './package-types.ts'
import { createResolver, referenceTo } from './references.ts'

/** How many nodes a document may grow to when everything it refers to is brought in. */
const mostNodes = 1_000_000
/** The same in characters, numbers and the like counted as eight. */
const mostCharacters = 5 * limits.documentBytes
const schemaKeys = new Set(['schema', 'items', 'not', 'additionalProperties'])
const schemaMaps = new Set(['properties', 'patternProperties', 'allOf', 'anyOf', 'oneOf', 'schemas', 'definitions'])

/**
 * Brings what stands in other files of the package into the main document: schemas become components, because they may
 * refer to themselves; all else is put in place. False where that would grow without bounds.
 */
export function bundle(reading: Reading, documents: ReadonlyMap<string, Document>): boolean {
  const { root, file: mainFile, origins, emptied } = reading
  const resolve = createResolver(documents)
  const home = 'swagger' in root ? ['definitions'] : ['components', 'schemas']
  const schemas = home.reduce<Node>((node, key) => {
    if (!isNode(node[key])) node[key] = {}
    return node[key] as Node
  }, root)
  const names = new Map<string, string>()
  const brought = new Set<string>()
  /** The last number that was appended to a name. */
  const taken = new Map<string, number>()
  let nodes = 0
  let characters = 0
  let whole = true

  function copy(value: unknown, file: string, keys: readonly string[], open: readonly string[]): unknown {
    characters += typeof value === 'string' ? value.length : 8
    if (value === null || typeof value !== 'object') return value
    if (++nodes > mostNodes || characters > mostCharacters || open.length > 100) {
      whole = false
      return {}
    }
    if (Array.isArray(value)) return value.map((item, i) => copy(item, file, [...keys.slice(-1), String(i)], open))
    const node = value as Node
    if (typeof node['$ref'] === 'string') {
      const target = resolve(file, node['$ref'])
      if (target.kind === 'found' && (file !== mainFile || target.file !== mainFile)) {
        if (target.file === mainFile) return { ...node, $ref: referenceTo(pointerKeys(target.pointer)) }
        const key = `${target.file}#${target.pointer}`
        const isSchema = schemaKeys.has(keys.at(-1) ?? '') || schemaMaps.has(keys.at(-2) ?? '')
        if (isSchema) return { ...node, $ref: referenceTo([...home, hoisted(key, target, open)]) }
        if (open.includes(key)) {
          whole = false
          return {}
        }
        return place(target, keys, [...open, key])
      }
    }
    const made: Node = {}
    for (const key of Object.keys(node)) made[key] = copy(node[key], file, [...keys.slice(-1), key], open)
    if (origins.has(value)) origins.set(made, origins.get(value)!)
    if (emptied.has(value)) emptied.add(made)
    return made
  }
  interface Target {
    readonly file: string
    readonly pointer: string
    readonly value: unknown
  }
  function place(target: Target, keys: readonly string[], open: readonly string[]): unknown {
    const made = copy(target.value, target.file, keys, open)
    if (isNode(made) && !origins.has(made)) origins.set(made, spotOf(target))
    return made
  }
  function hoisted(key: string, target: Target, open: readonly string[]): string {
    const known = names.get(key)
    if (known !== undefined) return known
    const wish =
      (pointerKeys(target.pointer).at(-1) ?? posix.parse(target.file).name).replace(/[^\w.-]/g, '_') || 'Schema'
    let name = wish
    let i = taken.get(wish) ?? 1
    while (Object.hasOwn(schemas, name)) name = `${wish}_${++i}`
    taken.set(wish, i)
    names.set(key, name)
    brought.add(name)
    schemas[name] = {}
    schemas[name] = place(target, ['schemas', name], [...open, key])
    return name
  }
  for (const key of Object.keys(root)) {
    if (key === home[0]) continue
    root[key] = copy(root[key], mainFile, [key], [])
  }
  const components = nodeOf(root[home[0]!])
  for (const key of Object.keys(components)) components[key] = keep(components[key], key)
  function keep(value: unknown, key: string): unknown {
    // The map of schemas grows while it is walked: only what stood there at first is copied.
    if (value !== schemas) return copy(value, mainFile, [home[0]!, key], [])
    for (const name of Object.keys(schemas))
      if (!brought.has(name)) schemas[name] = copy(schemas[name], mainFile, ['schemas', name], [])
    return schemas
  }
  return whole
}

const spotOf = ({ file, pointer }: { file: string; pointer: string }): Spot =>
  below(rootSpot(file), ...pointerKeys(pointer))
