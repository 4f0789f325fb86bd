import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { Document } from './document.ts'
import { fileFinding } from './findings.ts'
import { limits, type PackageFiles, type ReadOptions, type ReadPackage } from './package-types.ts'
import { isCollection, readCollection } from './postman-collection.ts'
import { readDocumentFile } from './read-file.ts'
import { pluginsOfRequests } from './written-plugins.ts'

/** Whether a document is a Postman collection. */
export const isPostman = (document: Document) => isCollection(document.value)

/** Null where the package is no single collection. Its bytes are looked at first: large documents are not parsed twice. */
export async function readPostmanPackage(files: PackageFiles, options: ReadOptions): Promise<ReadPackage | null> {
  const [only, ...more] = files.files
  if (!only || more.length > 0 || only.size > limits.documentBytes) return null
  const { buffer, byteOffset, length } = await files.read(only.path)
  const bytes = Buffer.from(buffer, byteOffset, length)
  if (!bytes.includes('"item"') || !(bytes.includes('getpostman.com') || bytes.includes('_postman_id'))) return null
  const document = await readDocumentFile(files, only.path)
  return isPostman(document) ? readPostman(document, options) : null
}

/** The requests of a Postman collection as tools; one plugin per server. */
export async function readPostman(document: Document, options: ReadOptions): Promise<ReadPackage> {
  const { file, value } = document
  if (!isCollection(value)) return { kind: 'postman', plugins: [], findings: document.findings }
  const { name, description, requests, notes } = readCollection(value)
  const made = await pluginsOfRequests('postman', file, name, description, requests, options)
  const findings: Finding[] = []
  for (const { severity, code, details, pointer } of notes) {
    const place = document.locate(pointer) ?? { line: null, column: null }
    findings.push({ severity, code, details, file, ...place, path: pointer, fixable: false })
  }
  for (const name of made.merged.slice(0, 100))
    findings.push(fileFinding('info', 'POSTMAN_REQUEST_MERGED', file, { name }))
  if (made.differing > 0) findings.push(fileFinding('warning', 'POSTMAN_AUTH_DIFFERS', file, { count: made.differing }))
  if (requests.length === 0) findings.push(fileFinding('error', 'NO_OPERATIONS', file))
  return { kind: 'postman', plugins: made.plugins, findings: [...document.findings, ...findings, ...made.findings] }
}
