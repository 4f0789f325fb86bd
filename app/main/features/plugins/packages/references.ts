import { posix } from 'node:path'
import type { FindingCode } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { Document } from './document.ts'
import { below, escapeKey, pointerKeys, type Report, rootSpot } from './findings.ts'
import { decoded, eachReference, methods, own } from './openapi-nodes.ts'

/** How many files one document may be spread over. */
export const mostFiles = 1000

export type Resolved =
  | { readonly kind: 'found'; readonly file: string; readonly pointer: string; readonly value: unknown }
  | { readonly kind: 'broken'; readonly code: FindingCode }

const broken = (code: FindingCode): Resolved => ({ kind: 'broken', code })

/** The file and pointer that a reference in `file` names; null where it leads out of the package or is none. */
export function parseReference(file: string, ref: string): { file: string; pointer: string } | FindingCode {
  if (ref.trim() === '') return 'REFERENCE_WRONG'
  if (/^([a-z][a-z0-9+.-]*:|\/|\\)/i.test(ref)) return 'REFERENCE_EXTERNAL'
  const hash = ref.indexOf('#')
  const path = decoded(hash === -1 ? ref : ref.slice(0, hash))
  const pointer = hash === -1 ? '' : decoded(ref.slice(hash + 1))
  if (pointer !== '' && !pointer.startsWith('/')) return 'REFERENCE_MISSING'
  if (path === '') return { file, pointer }
  const target = posix.join(posix.dirname(file), path.replaceAll('\\', '/'))
  return target === '..' || target.startsWith('../') || posix.isAbsolute(target)
    ? 'REFERENCE_EXTERNAL'
    : { file: target, pointer }
}

/** Loads the document and every file of the package that it refers to, however far; what cannot be read is not in the answer. */
export async function loadReferred(
  first: Document,
  read: (file: string) => Promise<Document | null>,
): Promise<{ documents: Map<string, Document>; cut: boolean }> {
  const documents = new Map([[first.file, first]])
  const waiting = [first]
  const asked = new Set([first.file])
  for (let document = waiting.pop(); document !== undefined; document = waiting.pop()) {
    const wanted = new Set<string>()
    const { file, value } = document
    eachReference(value, ({ $ref }) => {
      if ($ref.startsWith('#')) return
      const target = parseReference(file, $ref)
      if (typeof target === 'object') wanted.add(target.file)
    })
    for (const name of wanted) {
      if (asked.has(name)) continue
      if (asked.size === mostFiles) return { documents, cut: true }
      asked.add(name)
      const next = await read(name)
      if (next === null) continue
      documents.set(name, next)
      waiting.push(next)
    }
  }
  return { documents, cut: false }
}

/** Resolves references over all documents, each through chains of further ones. */
export function createResolver(documents: ReadonlyMap<string, Document>): (file: string, ref: string) => Resolved {
  const known = new Map<string, Resolved>()
  function resolve(file: string, ref: string): Resolved {
    const key = `${file}\n${ref}`
    let result = known.get(key)
    if (result === undefined) {
      result = find(file, ref)
      known.set(key, result)
    }
    return result
  }
  function find(fromFile: string, fromRef: string): Resolved {
    const seen = new Set<string>()
    let first: { file: string; pointer: string; value: unknown } | null = null
    for (let file = fromFile, ref = fromRef; ; ) {
      const target = parseReference(file, ref)
      if (typeof target === 'string') return broken(target)
      const key = `${target.file}#${target.pointer}`
      if (seen.has(key)) return broken('REFERENCE_CYCLIC')
      seen.add(key)
      let value: unknown = documents.get(target.file)?.value
      for (const part of pointerKeys(target.pointer)) value = own(value, part)
      if (value === undefined) return broken('REFERENCE_MISSING')
      first ??= { ...target, value }
      const next = own(value, '$ref')
      if (typeof next !== 'string') return { kind: 'found', ...first }
      file = target.file
      ref = next
    }
  }
  return resolve
}

/** What goes down with a broken reference: a component, a path, an operation, a file; null for what a request does not need. */
function ownerOf(main: boolean, file: string, [first, second, third, fourth]: readonly string[]): string | null {
  if (!main) return `file ${file}`
  if (first === 'paths') {
    if (third === undefined || third === 'parameters') return `path ${second}`
    if (!methods.includes(third)) return null
    // An answer of unknown shape can still be had.
    return fourth === 'responses' || fourth === 'callbacks' ? null : `operation ${third} ${second}`
  }
  if (first === 'components') return `component ${second}/${third}`
  return second === undefined ? null : `component ${first}/${second}`
}

/**
 * Reports each reference that leads nowhere and takes it out of the copy. Answers, for an operation, the code of the broken
 * reference that it needs, at whatever distance.
 */
export function checkReferences(
  documents: ReadonlyMap<string, Document>,
  mainFile: string,
  report: Report,
): (method: string, path: string) => FindingCode | null {
  const resolve = createResolver(documents)
  const tainted = new Map<string, FindingCode>()
  const usedBy = new Map<string, Set<string>>()
  for (const { file, value } of documents.values()) {
    const main = file === mainFile
    const doomed: { $ref?: string }[] = []
    eachReference(value, (node, keys) => {
      const owner = ownerOf(main, file, keys)
      const target = resolve(file, node.$ref)
      if (target.kind === 'broken') {
        const spot = below(rootSpot(file), ...keys, '$ref')
        report.add('error', target.code, spot, { ref: node.$ref === '' ? "''" : node.$ref })
        report.changed(target.code, below(rootSpot(file), ...keys), { $ref: node.$ref }, {})
        doomed.push(node)
        if (owner !== null && !tainted.has(owner)) tainted.set(owner, target.code)
      } else if (owner !== null) {
        const used = ownerOf(target.file === mainFile, target.file, pointerKeys(target.pointer))
        if (used === null || used === owner) return
        const users = usedBy.get(used)
        if (users) users.add(owner)
        else usedBy.set(used, new Set([owner]))
      }
    })
    // Only now: what another one refers to must still be seen as it stood.
    for (const node of doomed) delete node.$ref
  }
  const spreading = [...tainted.keys()]
  for (let owner = spreading.pop(); owner !== undefined; owner = spreading.pop()) {
    for (const user of usedBy.get(owner) ?? []) {
      if (tainted.has(user)) continue
      tainted.set(user, tainted.get(owner)!)
      spreading.push(user)
    }
  }
  return (method, path) => tainted.get(`operation ${method} ${path}`) ?? tainted.get(`path ${path}`) ?? null
}

export const referenceTo = (keys: readonly string[]) => `#/${keys.map(escapeKey).join('/')}`
