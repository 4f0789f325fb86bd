import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { Document } from './document.ts'
import { fileFinding } from './findings.ts'
import type { PackageFiles, ReadPlugin } from './package-types.ts'
import { readDocumentFile } from './read-file.ts'

/** One file of a package as a document; null, with findings, where nothing of it can be used. */
export async function documentOfFile(files: PackageFiles, path: string, findings: Finding[]): Promise<Document | null> {
  const document = await readDocumentFile(files, path)
  findings.push(...document.findings)
  return document.value === undefined ? null : document
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

/** What a plugin without tools has. */
export const noTools = {
  ...{ logo: '', server: '', auth: { kind: 'none' }, tools: [], document: null, repairs: [] },
  commonParameters: { body: [], header: [], query: [], path: [] },
} as const satisfies Partial<ReadPlugin>
