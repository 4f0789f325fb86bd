import { posix } from 'node:path'
import type { FindingCode } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { Document } from './document.ts'
import { escapeKey, pointerKeys } from './findings.ts'
import { decoded, eachReference, own } from './openapi-nodes.ts'

/** How many files one document may be spread over. */
export const mostFiles = 1000

interface Found {
  readonly kind: 'found'
  readonly file: string
  readonly pointer: string
  readonly value: unknown
}
export type Resolved = Found | { readonly kind: 'broken'; readonly code: FindingCode }

const broken = (code: FindingCode): Resolved => ({ kind: 'broken', code })

/** The file and pointer that a reference in `file` names; null where it leads out of the package or is none. */
export function parseReference(file: string, ref: string): { file: string; pointer: string } | FindingCode {
  if (ref.startsWith('#/')) return { file, pointer: decoded(ref.slice(1)) }
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

/** The documents that an OpenAPI document is made of, and each reference in them. */
export interface Referred {
  readonly documents: Map<string, Document>
  readonly references: readonly { readonly file: string; readonly ref: string }[]
  readonly cut: boolean
}

/** Loads the document and every file of the package that it refers to, however far; what cannot be read is not in the answer. */
export async function loadReferred(
  first: Document,
  read: (file: string) => Promise<Document | null>,
): Promise<Referred> {
  const documents = new Map([[first.file, first]])
  const references: { file: string; ref: string }[] = []
  const waiting = [first]
  const asked = new Set([first.file])
  for (let document = waiting.pop(); document !== undefined; document = waiting.pop()) {
    const wanted = new Set<string>()
    const { file, value } = document
    eachReference(value, ({ $ref }) => {
      references.push({ file, ref: $ref })
      if ($ref.startsWith('#')) return
      const target = parseReference(file, $ref)
      if (typeof target === 'object') wanted.add(target.file)
    })
    for (const name of wanted) {
      if (asked.has(name)) continue
      if (asked.size === mostFiles) return { documents, references, cut: true }
      asked.add(name)
      const next = await read(name)
      if (next === null) continue
      documents.set(name, next)
      waiting.push(next)
    }
  }
  return { documents, references, cut: false }
}

/** Resolves references over all documents, each through chains of further ones. */
export function createResolver(documents: ReadonlyMap<string, Document>): (file: string, ref: string) => Resolved {
  const known = new Map<string, Map<string, Resolved>>()
  function step(file: string, ref: string): Resolved {
    const target = parseReference(file, ref)
    if (typeof target === 'string') return broken(target)
    let value: unknown = documents.get(target.file)?.value
    for (const part of pointerKeys(target.pointer)) value = own(value, part)
    return value === undefined ? broken('REFERENCE_MISSING') : { kind: 'found', ...target, value }
  }
  return (fromFile, fromRef) => {
    const links: { readonly inFile: Map<string, Resolved>; readonly ref: string; readonly link: Resolved }[] = []
    let end: Resolved | null = null
    for (let file = fromFile, ref = fromRef; ; ) {
      const inFile = known.get(file) ?? new Map<string, Resolved>()
      known.set(file, inFile)
      const link = inFile.get(ref) ?? step(file, ref)
      if (link.kind === 'broken') end = link
      if (inFile.has(ref)) break
      // Until it is known better: whoever comes back to it was led in a circle.
      inFile.set(ref, broken('REFERENCE_CYCLIC'))
      links.push({ inFile, ref, link })
      const next = link.kind === 'found' ? own(link.value, '$ref') : null
      if (link.kind === 'broken' || typeof next !== 'string') break
      file = link.file
      ref = next
    }
    // What breaks a chain breaks each of its links; remembered, so that a chain of thousands is walked but once.
    for (const { inFile, ref, link } of links) inFile.set(ref, end ?? link)
    return known.get(fromFile)!.get(fromRef)!
  }
}

export const referenceTo = (keys: readonly string[]) => `#/${keys.map(escapeKey).join('/')}`
