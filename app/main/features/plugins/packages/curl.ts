import { parseCurl } from './curl-command.ts'
import { fileFinding } from './findings.ts'
import type { PackageFiles, ReadOptions, ReadPackage } from './package-types.ts'
import { readText } from './read-file.ts'
import { pluginsOfRequests } from './written-plugins.ts'

/** A command line of more than this is no command line. */
const longest = 1024 * 1024

/** Whether a text is a curl command, with the prompt that people copy along. */
export const isCurl = (text: string) => /^\s*(\$\s+)?([^\s'"]*[\\/])?curl(\.exe)?\s/.test(text.slice(0, 1000))

/** Null where the package is no single curl command. */
export async function readCurlPackage(files: PackageFiles, options: ReadOptions): Promise<ReadPackage | null> {
  const [only, ...more] = files.files
  if (!only || more.length > 0 || only.size > longest) return null
  const { text, findings } = await readText(files, only.path)
  if (text === null || !isCurl(text)) return null
  const read = await readCurl(only.path, text, options)
  return { ...read, findings: [...findings, ...read.findings] }
}

/** The call of one curl command as a plugin with one tool. */
export async function readCurl(file: string, text: string, options: ReadOptions): Promise<ReadPackage> {
  if (text.length > longest) {
    return {
      kind: 'curl',
      plugins: [],
      findings: [fileFinding('error', 'DOCUMENT_TOO_LARGE', file, { most: longest / 1024 / 1024 })],
    }
  }
  const { request, notes } = parseCurl(text)
  const findings = notes.map(({ severity, code, details }) => fileFinding(severity, code, file, details))
  const made = await pluginsOfRequests('curl', file, '', '', request ? [request] : [], options)
  return { kind: 'curl', plugins: made.plugins, findings: [...findings, ...made.findings] }
}
