import { below, pointerKeys, type Report, rootSpot, type Spot } from './findings.ts'

/** A node of the imported copy: unlike `Json` it may be changed. */
export type Node = { [key: string]: unknown }
export const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
export const nodeOf = (value: unknown): Node => (isNode(value) ? value : {})
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
export const own = (node: unknown, key: string): unknown =>
  node !== null && typeof node === 'object' && Object.hasOwn(node, key) ? (node as Node)[key] : undefined

export const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']

/** One document while it is checked and repaired in place. */
export interface Reading {
  readonly file: string
  readonly root: Node
  readonly report: Report
  /** Where a node that was moved or brought in stands in its original. */
  readonly origins: WeakMap<object, Spot>
  /** Nodes that held a broken reference, which was told and taken out. */
  readonly emptied: WeakSet<object>
  /** What a hostile document would have done without end is counted here, and bounded where it is done. */
  readonly spent: { schemas: number; copied: number }
}

/** The spot of a child. */
export function at({ origins }: Reading, up: Spot, key: string | number, child: unknown): Spot {
  const moved = child !== null && typeof child === 'object' ? origins.get(child) : undefined
  return moved ?? below(up, key)
}

/** Follows references to what they stand for; undefined where they lead nowhere. */
export function follow(reading: Reading, value: unknown, spot: Spot): { readonly value: unknown; readonly spot: Spot } {
  let found = { value, spot }
  for (let hops = 0; isNode(found.value) && typeof found.value['$ref'] === 'string'; hops++) {
    const ref = found.value['$ref']
    if (hops === 100 || !ref.startsWith('#')) return { value: undefined, spot }
    found = step(reading, pointerKeys(decoded(ref.slice(1))))
  }
  return found
}

function step(reading: Reading, keys: readonly string[]): { readonly value: unknown; readonly spot: Spot } {
  let value: unknown = reading.root
  let spot = rootSpot(reading.file)
  for (const key of keys) {
    value = own(value, key)
    spot = at(reading, spot, key, value)
  }
  return { value, spot }
}

/** How much may be written out where it is referred to, in nodes as `weightOf` counts them: 200 MB at most. */
const mostCopied = 2_000_000

/** The same for what is then written out in place of the reference; undefined, too, where that would grow without end. */
export function followToCopy(reading: Reading, value: unknown, spot: Spot): ReturnType<typeof follow> {
  const found = follow(reading, value, spot)
  if (found.value === value) return found
  const { spent, report } = reading
  const told = spent.copied > mostCopied
  spent.copied += weightOf(found.value)
  if (spent.copied <= mostCopied) return found
  if (!told) report.add('error', 'BUNDLE_TOO_LARGE', spot)
  return { value: undefined, spot }
}

export function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Keys under which names stand that a person chose: "default" or "example" below them is a name too. */
const nameMaps = new Set(
  'properties patternProperties $defs definitions schemas parameters responses headers requestBodies paths securitySchemes callbacks links pathItems content'.split(
    ' ',
  ),
)
const dataKeys = new Set(['example', 'examples', 'default', 'enum', 'const'])

type Reference = Node & { $ref: string }
/** Visits every reference, with the keys that lead to it; examples and extensions are data and left alone. */
export function eachReference(root: unknown, visit: (node: Reference, keys: readonly string[]) => void): void {
  eachOwnedReference(root, null, () => null, visit)
}

/** The same with an owner, which `ownerOf` passes on or changes on the way down. */
export function eachOwnedReference<Owner>(
  root: unknown,
  owner: Owner,
  ownerOf: (owner: Owner, parent: object, key: string, child: object) => Owner,
  visit: (node: Reference, keys: readonly string[], owner: Owner) => void,
): void {
  const keys: string[] = []
  function walk(value: object, names: boolean, owner: Owner): void {
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i]
        if (item === null || typeof item !== 'object') continue
        const key = String(i)
        keys.push(key)
        walk(item, false, ownerOf(owner, value, key, item))
        keys.pop()
      }
      return
    }
    const node = value as Node
    if (typeof node['$ref'] === 'string') visit(node as Reference, keys, owner)
    for (const key in node) {
      const child = node[key]
      if (child === null || typeof child !== 'object') continue
      if (!names && (dataKeys.has(key) || key.startsWith('x-'))) continue
      keys.push(key)
      walk(child, !names && nameMaps.has(key) && !Array.isArray(child), ownerOf(owner, node, key, child))
      keys.pop()
    }
  }
  if (root !== null && typeof root === 'object') walk(root, false, owner)
}

const weights = new WeakMap<object, number>()
/** How much a value is, in nodes: of long texts every hundred characters count as one. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / 100)
  if (value === null || typeof value !== 'object') return 1
  let weight = weights.get(value)
  if (weight === undefined) {
    weight = 1
    for (const [key, one] of Object.entries(value)) weight += weightOf(one) + Math.floor(key.length / 100)
    weights.set(value, weight)
  }
  return weight
}
