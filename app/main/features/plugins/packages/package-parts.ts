import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { AppError } from '../../../../shared/errors.ts'
import { type Document, readDocument } from './document.ts'
import { decode } from './encoding.ts'
import { fileFinding } from './findings.ts'
import { limits, type PackageFiles, type ReadPlugin } from './package-types.ts'

/** One file of a package as a document, in whatever encoding it is written. Null, with findings, where it cannot be had. */
export async function documentOfFile(files: PackageFiles, path: string, findings: Finding[]): Promise<Document | null> {
  const size = files.files.find((file) => file.path === path)?.size ?? 0
  if (size > limits.documentBytes) {
    findings.push(fileFinding('error', 'DOCUMENT_TOO_LARGE', path, { most: limits.documentBytes / 1024 / 1024 }))
    return null
  }
  try {
    const { text, facts } = decode(await files.read(path))
    for (const fact of facts) {
      findings.push({
        ...fact,
        details: { ...fact.details },
        file: path,
        column: fact.line === null ? null : 1,
        path: '',
      })
    }
    if (facts.some(({ severity }) => severity === 'error')) return null
    const document = readDocument(path, text)
    findings.push(...document.findings)
    return document.value === undefined ? null : document
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    findings.push(
      fileFinding('error', 'FILE_UNREADABLE', path, { reason: String(error.details['reason'] ?? error.code) }),
    )
    return null
  }
}

const mostTold = 20
/** Programs are told, and nothing else happens to them. */
export function codeFindings(files: PackageFiles, base: string): Finding[] {
  return files.files
    .filter(
      ({ path }) =>
        path.startsWith(base) && /\.(so|wasm|py|pyc|dll|dylib|exe|js|mjs|sh|bat|cmd|ps1|jar|node)$/i.test(path),
    )
    .slice(0, mostTold)
    .map(({ path }) => fileFinding('info', 'CODE_IGNORED', path))
}

/** The version with a leading `v`; null where it is not semantic. */
export function semanticVersion(version: string | null): string | null {
  return version !== null && /^v?\d{1,9}\.\d{1,9}\.\d{1,9}(-[\w.-]+)?(\+[\w.-]+)?$/.test(version)
    ? `v${version.replace(/^v/, '')}`
    : null
}

/** Letters, digits, `_` and `-` of any name. */
export function slugOf(name: string): string {
  return (
    name
      .replace(/[^\w-]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 64) || 'plugin'
  )
}

/** What a plugin without tools has. */
export const noTools = {
  ...{ logo: '', server: '', auth: { kind: 'none' }, tools: [], document: null, repairs: [] },
  commonParameters: { body: [], header: [], query: [], path: [] },
} as const satisfies Partial<ReadPlugin>
