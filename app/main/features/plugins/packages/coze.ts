import { posix } from 'node:path'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { readId, readManifest } from './coze-manifest.ts'
import { checkOauthSchema } from './coze-oauth-schema.ts'
import { below, createReport, fileFinding, type Report, rootSpot, type Spot } from './findings.ts'
import { isNode, type Node, textOf } from './openapi-nodes.ts'
import { type ReadOpenApi, readOpenApi, slugOf } from './openapi-read.ts'
import type { PackageFiles, ReadOptions, ReadPackage, ReadPlugin, Tool } from './package-types.ts'
import { readDocumentFile } from './read-file.ts'

const isMeta = (path: string) => /(^|\/)plugin_meta\.ya?ml$/.test(path)
export const isCoze = (files: PackageFiles) => files.files.some(({ path }) => isMeta(path))

/** The plugins of a Coze folder: each entry of plugin_meta.yaml with the OpenAPI document beside it. A broken one spoils no other. */
export async function readCoze(files: PackageFiles, options: ReadOptions): Promise<ReadPackage> {
  const plugins: ReadPlugin[] = []
  const findings: Finding[] = []
  const used = new Set<string>()
  for (const { path } of files.files) {
    if (posix.basename(path) === 'oauth_schema.json') findings.push(...(await checkOauthSchema(files, path)))
    if (!isMeta(path)) continue
    const read = await readMeta(files, path, options, used)
    plugins.push(...read.plugins)
    findings.push(...read.findings)
    const folder = posix.dirname(path)
    for (const { path: other } of files.files)
      if (posix.dirname(other) === folder && /\.ya?ml$/.test(other) && !isMeta(other) && !used.has(other))
        findings.push(fileFinding('warning', 'FILE_UNREFERENCED', other))
  }
  // Upstream stands on both files; here the forms come from the way to sign in.
  const wantsOauth = plugins.some(({ auth }) => auth.kind === 'oauth')
  if (wantsOauth && !files.files.some(({ path }) => posix.basename(path) === 'oauth_schema.json'))
    findings.push(fileFinding(options.strict ? 'error' : 'info', 'DOCUMENT_MISSING', '', { name: 'oauth_schema.json' }))
  return { kind: 'coze', plugins, findings }
}

interface Taken {
  readonly plugins: Set<string>
  readonly tools: Set<string>
}

async function readMeta(files: PackageFiles, path: string, options: ReadOptions, used: Set<string>) {
  const document = await readDocumentFile(files, path, { longNumbersAsText: true })
  const report = createReport(new Map([[path, document]]), options.strict)
  const plugins: ReadPlugin[] = []
  const findings: Finding[] = [...document.findings]
  const top = rootSpot(path)
  const { value } = document
  if (value !== undefined && !Array.isArray(value)) report.add('error', 'META_NOT_A_LIST', top)
  else if (Array.isArray(value) && value.length === 0) report.add('warning', 'META_EMPTY', top)
  const taken: Taken = { plugins: new Set(), tools: new Set() }
  const paths = new Set(files.files.map((one) => one.path))
  for (const [i, entry] of (Array.isArray(value) ? value : []).entries()) {
    const spot = below(top, i)
    if (!isNode(entry)) {
      report.add('error', 'FIELD_WRONG', spot, { name: 'a plugin', expected: 'an object' })
      continue
    }
    const repairs = report.repairs.length
    const read = await readEntry(files, entry, spot, { paths, report, options, taken, used })
    findings.push(...(read.document?.findings ?? []))
    if (read.plugin)
      plugins.push({ ...read.plugin, repairs: [...report.repairs.slice(repairs), ...read.plugin.repairs] })
  }
  return { plugins, findings: [...findings, ...report.findings] }
}

interface Context {
  /** Of all files of the package. */
  readonly paths: ReadonlySet<string>
  readonly report: Report
  readonly options: ReadOptions
  readonly taken: Taken
  readonly used: Set<string>
}
interface ReadEntry {
  readonly plugin: ReadPlugin | null
  readonly document: ReadOpenApi | null
}

async function readEntry(files: PackageFiles, entry: Node, spot: Spot, context: Context): Promise<ReadEntry> {
  const { report, options, taken, used } = context
  const nothing: ReadEntry = { plugin: null, document: null }
  const name = textOf(entry['openapi_doc_file'])
  const file = posix.join(posix.dirname(spot.file), name)
  // What a refused or deprecated entry names is still used by it.
  used.add(file)
  if (entry['deprecated'] === true) {
    report.add('info', 'PLUGIN_DEPRECATED', spot, { name: textOf(entry['plugin_id']) })
    return nothing
  }
  const id = readId(report, entry, 'plugin_id', spot)
  readId(report, entry, 'product_id', spot)
  const manifest = readManifest(report, entry, spot)
  if (!Array.isArray(entry['tools'])) {
    const code = entry['tools'] === undefined ? 'FIELD_MISSING' : 'FIELD_WRONG'
    report.add('error', code, code === 'FIELD_MISSING' ? spot : below(spot, 'tools'), {
      name: 'tools',
      expected: 'a list',
    })
  }
  if (name === '') {
    report.add('error', 'FIELD_MISSING', spot, { name: 'openapi_doc_file' })
    return nothing
  }
  const fileSpot = below(spot, 'openapi_doc_file')
  if (posix.basename(name) !== name || name.includes('\\')) {
    report.add('error', 'DOCUMENT_ELSEWHERE', fileSpot, { name })
    return nothing
  }
  const has = (path: string) => context.paths.has(path)
  if (!has(file)) {
    report.add('error', 'DOCUMENT_MISSING', fileSpot, { name })
    return nothing
  }
  if (id !== null && taken.plugins.has(id)) {
    report.add('error', 'ID_DUPLICATE', below(spot, 'plugin_id'), { name: 'plugin_id', id })
    return nothing
  }
  const document = await readOpenApi(
    await readDocumentFile(files, file),
    async (path) => (has(path) ? readDocumentFile(files, path) : null),
    options,
  )
  for (const part of document.files) used.add(part)
  if (id === null || document.plugin === null) return { plugin: null, document }
  taken.plugins.add(id)
  const { plugin } = document
  const nameForModel = manifest.nameForModel || slugOf(plugin.name) || `plugin_${id}`
  return {
    document,
    plugin: {
      ...plugin,
      ...manifest,
      ...{ kind: 'coze', id, nameForModel, name: manifest.name || plugin.name },
      description: manifest.description || plugin.description,
      configuration: [...plugin.configuration.filter(({ name }) => name === 'server'), ...manifest.configuration],
      tools: readTools(entry, spot, plugin.tools, context),
    },
  }
}

/** The tools that plugin_meta.yaml lists, each matched to its operation by method and path. */
function readTools(entry: Node, spot: Spot, operations: readonly Tool[], { report, taken }: Context): Tool[] {
  const tools: Tool[] = []
  const listed = new Set<Tool>()
  const byCall = new Map<string, Tool>()
  for (const one of operations)
    if (!byCall.has(`${one.method} ${one.path}`)) byCall.set(`${one.method} ${one.path}`, one)
  const list = Array.isArray(entry['tools']) ? entry['tools'] : []
  for (const [i, tool] of list.entries()) {
    const at = below(spot, 'tools', i)
    if (!isNode(tool)) {
      report.add('error', 'FIELD_WRONG', at, { name: 'a tool', expected: 'an object' })
      continue
    }
    const id = readId(report, tool, 'tool_id', at)
    const method = textOf(tool['method']).toUpperCase()
    const path = textOf(tool['sub_url'])
    for (const key of ['method', 'sub_url'])
      if (textOf(tool[key]) === '') report.add('error', 'FIELD_MISSING', at, { name: key })
    const operation = byCall.get(`${method} ${path}`)
    if (operation) listed.add(operation)
    if (tool['deprecated'] === true) {
      report.add('info', 'TOOL_DEPRECATED', at, { id: id ?? '' })
      continue
    }
    if (id === null || method === '' || path === '') continue
    if (taken.tools.has(id)) {
      report.add('error', 'ID_DUPLICATE', below(at, 'tool_id'), { name: 'tool_id', id })
      continue
    }
    taken.tools.add(id)
    if (operation) {
      tools.push({ ...operation, id })
      continue
    }
    report.add('error', 'TOOL_WITHOUT_OPERATION', below(at, 'sub_url'), { id, method, path })
    tools.push({
      ...{ id, operationId: id, summary: '', description: '', method, path, parameters: [], body: null },
      ...{ response: null, disabled: 'TOOL_WITHOUT_OPERATION', line: null },
    })
  }
  for (const { method, path } of operations.filter((one) => !listed.has(one)))
    report.add('info', 'OPERATION_NOT_LISTED', below(spot, 'tools'), { method, path })
  return tools
}
