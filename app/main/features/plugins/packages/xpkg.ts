import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { asText, fieldsOfSchema, isObject } from './configuration-schema.ts'
import type { Document } from './document.ts'
import { below, createReport, type Report, rootSpot, type Spot } from './findings.ts'
import { slugOf } from './openapi-read.ts'
import { codeFindings, documentOfFile, noTools, semanticVersion } from './package-parts.ts'
import type {
  ConfigurationField,
  HashedFiles,
  JsonObject,
  ModelKind,
  PluginModel,
  ReadOptions,
  ReadPackage,
  ReadPlugin,
} from './package-types.ts'
import { readDocumentFile } from './read-file.ts'
import { checkSignature } from './xpkg-signature.ts'

const kinds = new Set(['embedding', 'rerank', 'chat', 'tts', 'stt', 'image'])
const isKind = (type: string | null): type is ModelKind => type !== null && kinds.has(type)

/** The folder of the manifest of an `.xpkg`, with a slash at its end or empty; null where there is none. */
export function xpkgBase(paths: readonly string[]): string | null {
  const manifests = paths.filter((path) => /^([^/]+\/)?manifest\.json$/.test(path))
  const nearest = manifests.includes('manifest.json') ? 'manifest.json' : manifests[0]
  return nearest === undefined ? null : nearest.slice(0, -'manifest.json'.length)
}

/** Null where the manifest is one of something else, of which there are many of that name. */
export async function readXpkgPackage(files: HashedFiles, options: ReadOptions): Promise<ReadPackage | null> {
  const base = xpkgBase(files.files.map(({ path }) => path))
  if (base === null) return null
  const { value } = await readDocumentFile(files, `${base}manifest.json`)
  const foreign = isObject(value) && value['capabilities'] === undefined && value['provider'] === undefined
  return foreign ? null : readXpkg(files, options)
}

/** The plugin of an `.xpkg`: what its manifest declares. Its programs are told and left alone. */
export async function readXpkg(files: HashedFiles, options: ReadOptions): Promise<ReadPackage> {
  const base = xpkgBase(files.files.map(({ path }) => path)) ?? ''
  const findings: Finding[] = codeFindings(files, base)
  const document = await documentOfFile(files, `${base}manifest.json`, findings)
  const manifest = document?.value
  if (!document || !isObject(manifest))
    return { kind: 'xpkg', plugins: [], findings: wrongManifest(document, findings) }
  const documents = new Map<string, Document>([[document.file, document]])
  const report = createReport(documents, options.strict)
  const spot = rootSpot(document.file)

  const text = (name: string, severity: Finding['severity']) => {
    const value = manifest[name]
    if (typeof value === 'string' && value.trim() !== '') return value
    if (value === undefined || value === '') {
      report.add(severity, severity === 'error' ? 'FIELD_MISSING' : 'XPKG_FIELD_ADVISED', spot, { name })
    } else report.add('error', 'FIELD_WRONG', below(spot, name), { name, expected: 'text' })
    return ''
  }
  const advised = options.strict ? 'error' : 'warning'
  const id = text('id', 'error')
  const name = text('name', 'error')
  const written = text('version', 'error')
  const version = semanticVersion(written)
  if (written !== '' && version === null)
    report.add('error', 'VERSION_NOT_SEMANTIC', below(spot, 'version'), { version: written })
  if (id !== '' && !/^[A-Za-z0-9][\w.-]{0,127}$/.test(id)) {
    report.add('error', 'FIELD_WRONG', below(spot, 'id'), { name: 'id', expected: 'letters, digits, "_", "-", "."' })
  }
  checkRest(manifest, spot, report)
  const models = modelsOf(manifest, spot, report)
  const configuration = await configurationOf(files, base, manifest, spot, report, documents, findings)
  const signature = await signatureOf(files, base, manifest, spot, report)
  await checkChecksum(files, base, manifest, spot, report)
  const plugin: ReadPlugin = {
    ...noTools,
    kind: 'xpkg',
    ...{ id, name, nameForModel: slugOf(id), version: version ?? '' },
    description: text('description', advised),
    author: text('author', advised),
    license: text('license', advised),
    provider: text('provider', 'error'),
    ...{ models, configuration, signature },
  }
  // Without an id, a name and a version there is nothing to install.
  const usable = id !== '' && name !== '' && version !== null
  return { kind: 'xpkg', plugins: usable ? [plugin] : [], findings: [...findings, ...report.findings] }
}

function wrongManifest(document: Document | null, findings: Finding[]): Finding[] {
  if (!document) return findings
  const report = createReport(new Map([[document.file, document]]), false)
  report.add('error', 'FIELD_WRONG', rootSpot(document.file), { name: 'manifest.json', expected: '{…}' })
  return [...findings, ...report.findings]
}

function checkRest(manifest: JsonObject, spot: Spot, report: Report): void {
  const versions = (['min_version', 'max_version'] as const).map((name) => {
    const written = manifest[name]
    if (written === undefined || written === '') return null
    const version = semanticVersion(asText(written))
    if (version === null)
      report.add('warning', 'VERSION_NOT_SEMANTIC', below(spot, name), { version: asText(written) ?? '' })
    return version
  })
  const [least, most] = versions
  if (least && most && compareVersions(least, most) > 0)
    report.add('error', 'XPKG_VERSION_RANGE', below(spot, 'min_version'), { least, most })
  const { dependencies } = manifest
  if (dependencies !== undefined && (dependencies === null || typeof dependencies !== 'object')) {
    report.add('warning', 'FIELD_WRONG', below(spot, 'dependencies'), { name: 'dependencies', expected: '[…]' })
  }
}
function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.slice(1).split(/[-+]/, 1)[0]!.split('.').map(Number)
  const [left, right] = [numbers(a), numbers(b)]
  return left.map((part, at) => part - right[at]!).find((difference) => difference !== 0) ?? 0
}

function modelsOf(manifest: JsonObject, spot: Spot, report: Report): PluginModel[] {
  const { capabilities } = manifest
  const at = below(spot, 'capabilities')
  if (!Array.isArray(capabilities) || capabilities.length === 0) {
    if (capabilities === undefined) report.add('error', 'FIELD_MISSING', spot, { name: 'capabilities' })
    else report.add('error', 'FIELD_WRONG', at, { name: 'capabilities', expected: '[{type, models}]' })
    return []
  }
  return capabilities.flatMap((capability, n) => {
    const here = below(at, n)
    const kind = isObject(capability) ? asText(capability['type']) : null
    if (!isObject(capability) || !isKind(kind)) {
      report.add('error', 'FIELD_WRONG', below(here, 'type'), { name: 'type', expected: [...kinds].join(' | ') })
      return []
    }
    const listed = Array.isArray(capability['models']) ? capability['models'] : []
    if (listed.length === 0) report.add('warning', 'XPKG_MODELS_EMPTY', below(here, 'models'))
    return listed.flatMap((model, m) => {
      const id = asText(model) ?? (isObject(model) ? (asText(model['id']) ?? asText(model['name'])) : null)
      if (id === null)
        report.add('error', 'FIELD_WRONG', below(here, 'models', m), { name: 'models', expected: 'text' })
      const label = isObject(model) ? asText(model['label']) : null
      return id === null ? [] : [{ id, kind, label: label ?? id, deprecated: false }]
    })
  })
}

async function configurationOf(
  files: HashedFiles,
  base: string,
  manifest: JsonObject,
  spot: Spot,
  report: Report,
  documents: Map<string, Document>,
  findings: Finding[],
): Promise<ConfigurationField[]> {
  const written = manifest['config_schema']
  if (isObject(written)) return fieldsOfSchema(written, below(spot, 'config_schema'), report)
  const path = `${base}${typeof written === 'string' && written !== '' ? written.replace(/^\.\//, '') : 'config.schema.json'}`
  if (!files.files.some((file) => file.path === path)) {
    if (written !== undefined)
      report.add('error', 'DOCUMENT_MISSING', below(spot, 'config_schema'), { name: asText(written) ?? '' })
    return []
  }
  const document = await documentOfFile(files, path, findings)
  if (document?.value === undefined) return []
  documents.set(path, document)
  return fieldsOfSchema(document.value, rootSpot(path), report)
}

async function signatureOf(files: HashedFiles, base: string, manifest: JsonObject, spot: Spot, report: Report) {
  const state = await checkSignature(manifest, files, base)
  const at = below(spot, 'signature')
  if (state.kind === 'valid') report.add('info', 'XPKG_SIGNED', at, { key: state.key })
  if (state.kind === 'unknown') report.add('warning', 'XPKG_SIGNATURE_UNKNOWN', at)
  if (state.kind === 'wrong') report.add('error', 'XPKG_SIGNATURE_WRONG', at, { reason: state.reason })
  return ({ valid: 'valid', wrong: 'invalid', none: 'none', unknown: 'none' } as const)[state.kind]
}

/** A checksum may name files; one of the whole archive would have to contain itself. */
async function checkChecksum(
  files: HashedFiles,
  base: string,
  manifest: JsonObject,
  spot: Spot,
  report: Report,
): Promise<void> {
  const { checksum } = manifest
  const at = below(spot, 'checksum')
  if (checksum === undefined || checksum === null || checksum === '') return
  const entries = isObject(checksum) ? Object.entries(isObject(checksum['files']) ? checksum['files'] : checksum) : []
  const known = entries.filter(([path]) => files.files.some((file) => file.path === base + path))
  if (known.length === 0) report.add('warning', 'XPKG_CHECKSUM_INSIDE', at)
  for (const [path, sum] of known) {
    const expected = (asText(sum) ?? '').replace(/^sha256[:-]/i, '').toLowerCase()
    if ((await files.hash(base + path)) !== expected) report.add('error', 'XPKG_CHECKSUM_WRONG', at, { name: path })
  }
}
