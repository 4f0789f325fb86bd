import { createHash } from 'node:crypto'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { masked } from '../masks.ts'
import { textOf } from '../packages/openapi-nodes.ts'
import type { HashedFiles, PluginAuth, ReadPackage, ReadPlugin } from '../packages/package-types.ts'
import { readDocumentFile } from '../packages/read-file.ts'
import type { VersionFacts } from '../version-facts.ts'
import type { TakenPlugin } from './package-asks.ts'

/** A finding with the numbers of the plugins that it is about; null for the package as a whole. */
export type OwnedFinding = Finding & { readonly plugins: readonly number[] | null }

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** What main keeps of a plugin; the rest is in its definition. */
export function summaryOf(plugin: ReadPlugin, number: number, findings: readonly OwnedFinding[]): TakenPlugin {
  const { configuration, models, tools } = plugin
  const own = findings.filter(({ plugins }) => plugins?.includes(number) ?? false)
  const count = (severity: Finding['severity']) => own.filter((one) => one.severity === severity).length
  const facts: VersionFacts = {
    kind: plugin.kind,
    name: cut(plugin.name || plugin.id, 200),
    nameForModel: plugin.nameForModel,
    version: plugin.version,
    description: cut(plugin.description, 2000),
    author: cut(plugin.author, 200),
    license: cut(plugin.license, 200),
    provider: cut(plugin.provider, 200),
    server: plugin.server,
    signature: plugin.signature,
    auth: authOf(plugin.auth),
    models: models.map((model) => ({ ...model })),
    configuration: configuration.map((field) => ({ ...field, options: field.options.map((one) => ({ ...one })) })),
    provided: providedBy(plugin),
    toolCount: tools.length,
    callableCount: tools.filter(({ disabled }) => disabled === null).length,
    repairCount: plugin.repairs.length,
    errorCount: count('error'),
    warningCount: count('warning'),
  }
  const rows = tools.map(({ id, operationId, summary, method, path, disabled }) => ({
    ...{ id, operationId, summary: cut(summary, 300), method, path, disabled },
  }))
  return { id: plugin.id, number, contentHash: contentHash(plugin), facts, tools: rows }
}

function authOf(auth: PluginAuth): VersionFacts['auth'] {
  return auth.kind === 'oauth' ? auth.flow : auth.kind
}

/** Secrets that stand in the package: they need not be filled in, and are shown as little as any other. */
function providedBy({ auth, configuration }: ReadPlugin): Record<string, string> {
  const brought: Record<string, string> =
    auth.kind === 'serviceToken'
      ? { service_token: auth.token }
      : auth.kind === 'oauth'
        ? { client_secret: auth.clientSecret }
        : {}
  return Object.fromEntries(
    Object.entries(brought)
      .filter(([name, value]) => value !== '' && configuration.some((field) => field.name === name))
      .map(([name, value]) => [name, masked(value)]),
  )
}

/** Without what moves when something else in the same file is edited. */
function contentHash(plugin: ReadPlugin): string {
  const still = { ...plugin, repairs: [], tools: plugin.tools.map((tool) => ({ ...tool, line: null })) }
  return createHash('sha256').update(JSON.stringify(still)).digest('hex')
}

/** Which finding is about which plugin, so that a broken one of a Coze folder does not count against the other seventeen. */
export async function ownedFindings(files: HashedFiles, read: ReadPackage): Promise<OwnedFinding[]> {
  const all = read.plugins.map((_, number) => number)
  if (read.plugins.length <= 1 || read.kind !== 'coze')
    return read.findings.map((finding) => ({ ...finding, plugins: ownerByRepairs(read, finding, all) }))
  const entries = await cozeEntries(files, read.plugins)
  return read.findings.map((finding) => ({ ...finding, plugins: entries(finding) }))
}

/** Several documents, each a plugin: a document that one plugin alone had mended is that plugin's. */
function ownerByRepairs(read: ReadPackage, finding: Finding, all: number[]): number[] | null {
  if (all.length <= 1) return all
  const owners = all.filter((number) => read.plugins[number]!.repairs.some(({ file }) => file === finding.file))
  return owners.length > 0 ? owners : null
}

/** By the entry of plugin_meta.yaml that a finding stands in, and by the document that the entry names. */
async function cozeEntries(files: HashedFiles, plugins: readonly ReadPlugin[]) {
  const numbers = new Map(plugins.map(({ id }, number) => [id, number]))
  /** "file" or "file /3" → numbers. */
  const owners = new Map<string, number[]>()
  for (const { path } of files.files) {
    if (!/(^|\/)plugin_meta\.ya?ml$/.test(path)) continue
    const { value } = await readDocumentFile(files, path, { longNumbersAsText: true })
    for (const [i, entry] of (Array.isArray(value) ? value : []).entries()) {
      const number = numbers.get(textOf(entry?.['plugin_id']))
      if (number === undefined) continue
      owners.set(`${path} /${i}`, [number])
      const document = path.replace(/[^/]*$/, textOf(entry['openapi_doc_file']))
      owners.set(document, [...(owners.get(document) ?? []), number])
    }
  }
  return ({ file, path }: Finding): number[] | null =>
    owners.get(`${file} ${/^\/\d+/.exec(path)?.[0] ?? ''}`) ?? owners.get(file) ?? null
}
