import type { FindingCode } from '../../../../shared/contracts/plugin-finding-texts.ts'
import { below, rootSpot } from './findings.ts'
import { eachOwnedReference, methods, type Node, nodeOf, own, type Reading } from './openapi-nodes.ts'
import { limits } from './package-types.ts'
import { createResolver, type Referred, type Resolved } from './references.ts'

/** A node that is called or referred to: what stands in it, down to the next of these, is what it needs. */
type Part = object
interface Broken {
  readonly node: { $ref?: string }
  readonly ref: string
  readonly code: FindingCode
  readonly file: string
  /** Empty where there are more than are told. */
  readonly keys: readonly string[]
  readonly part: Part | null
}

/**
 * Reports each reference that leads nowhere and takes it out of the copy. Answers, for an operation, the code of one that its
 * request needs, at whatever distance.
 */
export function checkReferences(
  { documents, references }: Referred,
  { file: mainFile, report, emptied }: Reading,
): (method: string, path: string) => FindingCode | null {
  const resolve = createResolver(documents)
  const targets = new Set<Part>()
  for (const { file, ref } of references) {
    const target = resolve(file, ref)
    if (target.kind === 'found' && isPart(target.value)) targets.add(target.value)
  }
  const root = nodeOf(documents.get(mainFile)?.value)
  const calls = callsOf(root, mainFile, resolve)
  /** Whatever stands in a call and refers to one of these would be put into itself. */
  const around = new Set<unknown>([root, root['paths'], ...calls.parts.keys()])
  function resolved(file: string, node: { $ref: string }, keys: readonly string[]): Resolved {
    const target = resolve(file, node.$ref)
    const returns = target.kind === 'found' && around.has(target.value) && !calls.parts.has(node)
    return returns && !isPathElsewhere(keys) ? { kind: 'broken', code: 'REFERENCE_CYCLIC' } : target
  }
  const usedBy = new Map<Part, Set<Part>>()
  function use(user: Part | null, used: Part): void {
    if (user === null || user === used) return
    const users = usedBy.get(used)
    if (users) users.add(user)
    else usedBy.set(used, new Set([user]))
  }
  function partOf(part: Part | null, parent: object, key: string, child: object): Part | null {
    if (calls.parts.has(child)) return child
    const outer = notOfRequests.has(key) && calls.parts.get(parent) === 'operation' ? null : part
    if (!targets.has(child)) return outer
    use(outer, child)
    return child
  }
  const broken: Broken[] = []
  for (const { file, value } of documents.values()) {
    const start = isPart(value) && (targets.has(value) || calls.parts.has(value)) ? value : null
    eachOwnedReference(value, start, partOf, (node, keys, part) => {
      const target = resolved(file, node, keys)
      if (target.kind === 'broken') {
        const told = broken.length <= limits.findings * 10
        broken.push({ node, ref: node.$ref, code: target.code, file, keys: told ? [...keys] : [], part })
      } else if (isPart(target.value)) use(part, target.value)
    })
  }
  const tainted = new Map<Part, FindingCode>()
  for (const { node, ref, code, file, keys, part } of broken) {
    const spot = below(rootSpot(file), ...keys)
    report.add('error', code, below(spot, '$ref'), { ref: ref === '' ? "''" : ref })
    report.changed(code, spot, { $ref: ref }, {})
    delete node.$ref
    emptied.add(node)
    if (part !== null && !tainted.has(part)) tainted.set(part, code)
  }
  for (const [part, code] of tainted)
    for (const user of usedBy.get(part) ?? []) if (!tainted.has(user)) tainted.set(user, code)
  const disabled = new Map<string, FindingCode>()
  for (const { name, operation, path } of calls.operations) {
    const code = tainted.get(operation) ?? tainted.get(path)
    if (code !== undefined) disabled.set(name, code)
  }
  return (method, path) => disabled.get(`${method} ${path}`) ?? null
}

/** An answer of unknown shape can still be had. */
const notOfRequests = new Set(['responses', 'callbacks'])
/** Whether a path stands there that is none of the document's own: it may well be the same as one of those. */
const isPathElsewhere = (keys: readonly string[]) =>
  ['pathItems', 'webhooks'].includes(keys.at(-2) ?? '') || keys.at(-3) === 'callbacks'
const isPart = (value: unknown): value is Part => value !== null && typeof value === 'object'

/** The paths of a document and their operations, wherever references have put them. */
function callsOf(root: Node, mainFile: string, resolve: ReturnType<typeof createResolver>) {
  const parts = new Map<Part, 'path' | 'operation'>()
  const operations: { name: string; operation: Part; path: Part }[] = []
  const paths = nodeOf(root['paths'])
  for (const path in paths) {
    const first = paths[path]
    followed(mainFile, first, (file, item) => {
      parts.set(item, 'path')
      for (const method of methods) {
        const operation = own(item, method)
        if (!isPart(operation)) continue
        operations.push({ name: `${method} ${path}`, operation, path: first as Part })
        followed(file, operation, (_, part) => parts.set(part, 'operation'))
      }
    })
  }
  return { parts, operations }

  /** A node, and what it refers to from one to the next. */
  function followed(fromFile: string, first: unknown, visit: (file: string, part: Part) => void): void {
    let file = fromFile
    let part = first
    for (let hops = 0; hops < 100 && isPart(part); hops++) {
      visit(file, part)
      const ref = own(part, '$ref')
      const next = typeof ref === 'string' ? resolve(file, ref) : null
      if (next?.kind !== 'found') return
      file = next.file
      part = next.value
    }
  }
}
