import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { AppError } from '../../../../shared/errors.ts'
import { type Document, type ParseOptions, readDocument } from './document.ts'
import { decode } from './encoding.ts'
import { fileFinding } from './findings.ts'
import { limits, type PackageFiles } from './package-types.ts'

/** Bytes of documents that were read of each package. One document may be needed by thousands of others. */
const readSoFar = new WeakMap<PackageFiles, number>()

/** The text of one file of a package, in whatever encoding; null, with a finding that says why, where it cannot be had. */
export async function readText(
  files: PackageFiles,
  path: string,
): Promise<{ readonly text: string | null; readonly findings: readonly Finding[] }> {
  const size = files.files.find((file) => file.path === path)?.size ?? 0
  if (size > limits.documentBytes) {
    const details = { most: limits.documentBytes / 1024 / 1024 }
    return { text: null, findings: [fileFinding('error', 'DOCUMENT_TOO_LARGE', path, details)] }
  }
  const before = readSoFar.get(files) ?? 0
  readSoFar.set(files, before + size)
  if (before + size > limits.readBytes) {
    const reason = `more than ${limits.readBytes / 1024 / 1024} MB of documents were read before it`
    return { text: null, findings: [fileFinding('error', 'FILE_UNREADABLE', path, { reason })] }
  }
  try {
    const { text, facts } = decode(await files.read(path))
    const findings = facts.map((fact) => ({
      ...fact,
      ...{ details: { ...fact.details }, file: path, column: fact.line === null ? null : 1, path: '' },
    }))
    return { text: facts.some(({ severity }) => severity === 'error') ? null : text, findings }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const reason = String(error.details['reason'] ?? error.code)
    return { text: null, findings: [fileFinding('error', 'FILE_UNREADABLE', path, { reason })] }
  }
}

/** One file of a package as a document; what is wrong with its encoding is among its findings. */
export async function readDocumentFile(files: PackageFiles, path: string, options?: ParseOptions): Promise<Document> {
  const { text, findings } = await readText(files, path)
  if (text === null) return { file: path, value: undefined, locate: () => null, findings }
  const document = readDocument(path, text, options)
  return { ...document, findings: [...findings, ...document.findings] }
}
