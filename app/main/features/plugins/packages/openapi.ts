import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { Document } from './document.ts'
import { isNode } from './openapi-nodes.ts'
import { readOpenApi } from './openapi-read.ts'
import type { PackageFiles, ReadOptions, ReadPackage, ReadPlugin } from './package-types.ts'
import { readDocumentFile } from './read-file.ts'

const mostDocuments = 1000
const isDocument = (path: string) => /\.(ya?ml|json)$/i.test(path)

/**
 * Every OpenAPI document of a package, each a plugin. A file that only serves others is part of them; one that cannot be
 * read is told. Null where nothing of it is an OpenAPI document.
 */
export async function readOpenApiPackage(files: PackageFiles, options: ReadOptions): Promise<ReadPackage | null> {
  const single = files.files.length === 1
  const candidates = files.files.filter(({ path }) => single || isDocument(path)).slice(0, mostDocuments)
  const has = new Set(files.files.map(({ path }) => path))
  // Each reading mends its own copy, so what several documents refer to is read anew for each.
  const read = async (path: string) => (has.has(path) ? readDocumentFile(files, path) : null)
  const plugins: ReadPlugin[] = []
  const findings: Finding[] = []
  const broken: Document[] = []
  const parts = new Set<string>()
  let found = false
  for (const { path } of candidates) {
    const document = await readDocumentFile(files, path)
    if (document.value === undefined) {
      broken.push(document)
      continue
    }
    if (!isNode(document.value) || !('openapi' in document.value || 'swagger' in document.value)) continue
    found = true
    const one = await readOpenApi(document, read, options)
    for (const part of one.files) parts.add(part)
    if (one.plugin) plugins.push({ ...one.plugin, id: freeId(one.plugin.id, plugins) })
    findings.push(...one.findings)
  }
  const unread = broken.filter(({ file }) => !parts.has(file))
  if (!found && unread.length === 0) return null
  return { kind: found ? 'openapi' : null, plugins, findings: [...findings, ...unread.flatMap((one) => one.findings)] }
}

function freeId(wish: string, plugins: readonly ReadPlugin[]): string {
  let id = wish
  for (let i = 2; plugins.some((plugin) => plugin.id === id); i++) id = `${wish}-${i}`
  return id
}
