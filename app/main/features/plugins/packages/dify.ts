import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { asText, isObject } from './configuration-schema.ts'
import { credentialFields, labelOf } from './dify-credentials.ts'
import { checkModel, kindsOfModel } from './dify-models.ts'
import type { Document } from './document.ts'
import { below, createReport, fileFinding, type Report, rootSpot } from './findings.ts'
import { slugOf } from './openapi-read.ts'
import { codeFindings, documentOfFile, noTools, semanticVersion } from './package-parts.ts'
import type { JsonObject, PackageFiles, PluginModel, ReadOptions, ReadPackage, ReadPlugin } from './package-types.ts'

/** The folder of the manifest of a Dify plugin, with a slash at its end or empty; null where there is none. */
export function difyBase(paths: readonly string[]): string | null {
  const manifests = paths.filter((path) => /^([^/]+\/)?manifest\.ya?ml$/.test(path))
  const nearest = manifests.find((path) => !path.includes('/')) ?? manifests[0]
  return nearest === undefined ? null : nearest.slice(0, nearest.lastIndexOf('/') + 1)
}

/** What one reading has at hand. */
interface Reading {
  readonly files: PackageFiles
  readonly base: string
  readonly paths: readonly string[]
  readonly report: Report
  /** A document below the base; it is known to the report from then on. */
  open(path: string): Promise<Document | null>
}

/** Null where there is no manifest of a Dify plugin. */
export async function readDifyPackage(files: PackageFiles, options: ReadOptions): Promise<ReadPackage | null> {
  return difyBase(files.files.map(({ path }) => path)) === null ? null : readDify(files, options)
}

/** The model providers of a Dify package: their models and what has to be configured. Its programs are left alone. */
export async function readDify(files: PackageFiles, options: ReadOptions): Promise<ReadPackage> {
  const paths = files.files.map(({ path }) => path)
  const base = difyBase(paths) ?? ''
  const findings: Finding[] = codeFindings(files, base)
  const documents = new Map<string, Document>()
  const report = createReport(documents, options.strict)
  const reading: Reading = {
    ...{ files, base, paths, report },
    async open(path) {
      const document = await documentOfFile(files, base + path, findings)
      if (document) documents.set(document.file, document)
      return document
    },
  }
  const manifestName = paths.includes(`${base}manifest.yml`) ? 'manifest.yml' : 'manifest.yaml'
  const document = await reading.open(manifestName)
  const plugins = document ? await pluginsOf(document, reading) : []
  return { kind: 'dify', plugins, findings: [...findings, ...report.findings] }
}

async function pluginsOf(document: Document, reading: Reading): Promise<ReadPlugin[]> {
  const { report } = reading
  const manifest = document.value
  const spot = rootSpot(document.file)
  if (!isObject(manifest)) {
    report.add('error', 'FIELD_WRONG', spot, { name: 'manifest.yaml', expected: '{…}' })
    return []
  }
  for (const name of ['name', 'author', 'version'] as const) {
    if (!asText(manifest[name])) report.add('error', 'FIELD_MISSING', spot, { name })
  }
  const written = asText(manifest['version'])
  const version = semanticVersion(written)
  if (written && !version) report.add('error', 'VERSION_NOT_SEMANTIC', below(spot, 'version'), { version: written })
  const parts = isObject(manifest['plugins']) ? manifest['plugins'] : {}
  const others = Object.keys(parts).filter((part) => part !== 'models')
  if (others.length > 0) report.add('info', 'DIFY_OTHER_PARTS', below(spot, 'plugins'), { name: others.join(', ') })
  const providers = (Array.isArray(parts['models']) ? parts['models'] : []).filter((one) => typeof one === 'string')
  if (providers.length === 0) report.add('error', 'DIFY_NO_MODELS', below(spot, 'plugins'))
  const plugins: ReadPlugin[] = []
  for (const [n, path] of providers.slice(0, mostProviders).entries()) {
    if (!reading.paths.includes(reading.base + path)) {
      report.add('error', 'DOCUMENT_MISSING', below(spot, 'plugins', 'models', n), { name: path })
      continue
    }
    const plugin = await pluginOf(manifest, version ?? 'v0.0.0', path, reading)
    if (plugin) plugins.push(plugin)
  }
  return plugins
}
const mostProviders = 50
/** There are eight; each is looked for among all files. */
const mostTypes = 50

async function pluginOf(
  manifest: JsonObject,
  version: string,
  path: string,
  reading: Reading,
): Promise<ReadPlugin | null> {
  const { report } = reading
  const document = await reading.open(path)
  if (!document) return null
  const provider = document.value
  const spot = rootSpot(document.file)
  const name = isObject(provider) ? asText(provider['provider']) : null
  if (!isObject(provider) || !name) {
    report.add('error', 'FIELD_MISSING', spot, { name: 'provider' })
    return null
  }
  if (labelOf(provider['label']) === null) report.add('warning', 'FIELD_MISSING', spot, { name: 'label' })
  const types = Array.isArray(provider['supported_model_types'])
    ? provider['supported_model_types'].slice(0, mostTypes).map((one) => asText(one) ?? '')
    : []
  if (types.length === 0) report.add('error', 'FIELD_MISSING', spot, { name: 'supported_model_types' })
  for (const [n, type] of types.entries()) {
    if (!kindsOfModel.has(type))
      report.add('warning', 'DIFY_MODEL_TYPE', below(spot, 'supported_model_types', n), { type })
  }
  const methods = provider['configurate_methods']
  const knownMethods = ['predefined-model', 'customizable-model', 'fetch-from-remote']
  if (!Array.isArray(methods) || !methods.every((one) => knownMethods.includes(asText(one) ?? ''))) {
    report.add('error', 'FIELD_WRONG', below(spot, 'configurate_methods'), {
      name: 'configurate_methods',
      expected: knownMethods.join(' | '),
    })
  }
  const configuration = credentialFields(
    provider['provider_credential_schema'],
    below(spot, 'provider_credential_schema'),
    report,
  )
  // Checked, and asked for with each model of the user's own, not with the plugin.
  credentialFields(provider['model_credential_schema'], below(spot, 'model_credential_schema'), report)
  const own = asText(manifest['name']) ?? name
  const id = slugOf(own === name ? own : `${own}-${name}`) || 'dify'
  return {
    ...noTools,
    ...{ kind: 'dify', id, nameForModel: id, version, configuration, signature: 'none' },
    name: labelOf(provider['label'])?.en ?? name,
    description: labelOf(manifest['description'])?.en ?? '',
    author: asText(manifest['author']) ?? '',
    license: asText(manifest['license']) ?? '',
    provider: name,
    models: await modelsOf(provider, types, reading),
  }
}

/** The predefined models, in the order of `_position.yaml`. */
async function modelsOf(provider: JsonObject, types: readonly string[], reading: Reading): Promise<PluginModel[]> {
  const sections = isObject(provider['models']) ? provider['models'] : {}
  const models: PluginModel[] = []
  const seen = new Set<string>()
  for (const type of types) {
    const folder = `models/${type.replaceAll('-', '_')}`
    const section = sections[type.replaceAll('-', '_')] ?? sections[type]
    const patterns =
      isObject(section) && Array.isArray(section['predefined']) ? section['predefined'] : [`${folder}/*.yaml`]
    const position = (isObject(section) && asText(section['position'])) || `${folder}/_position.yaml`
    const matching = patterns.slice(0, mostTypes).map((pattern) => matcher(asText(pattern) ?? ''))
    const found: PluginModel[] = []
    for (const path of reading.paths) {
      const inside = path.startsWith(reading.base) ? path.slice(reading.base.length) : ''
      if (/(^|\/)_[^/]*$/.test(inside) || seen.has(inside) || !matching.some((matches) => matches(inside))) continue
      seen.add(inside)
      const document = await reading.open(inside)
      const model = document && checkModel(document, types, reading.report)
      if (model) found.push(model)
    }
    models.push(...(await inOrder(found, position, reading)))
  }
  return models
}

/** `models/llm/*.yaml`: stars stand for part of a file name. */
function matcher(pattern: string): (path: string) => boolean {
  const parts = pattern.replace(/^\.\//, '').split('*', 5)
  const expression = new RegExp(`^${parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('[^/]*')}$`)
  return (path) => path.length < 1024 && expression.test(path)
}

async function inOrder(models: PluginModel[], position: string, reading: Reading): Promise<PluginModel[]> {
  if (!reading.paths.includes(reading.base + position)) return models
  const document = await reading.open(position)
  const order = Array.isArray(document?.value) ? document.value.map((one) => asText(one) ?? '') : []
  const places = new Map(order.map((name, at) => [name.toLowerCase(), at]))
  const here = new Set(models.map(({ id }) => id.toLowerCase()))
  const absent = order.filter((name) => !here.has(name.toLowerCase()))
  if (document && absent.length > 0) {
    const name = absent.slice(0, 3).join(', ') + (absent.length > 3 ? ` (+${absent.length - 3})` : '')
    const { file } = document
    const place = document.locate(`/${order.indexOf(absent[0]!)}`)
    reading.report.findings.push({ ...fileFinding('info', 'DIFY_POSITION', file, { name }), ...place })
  }
  const placeOf = ({ id }: PluginModel) => places.get(id.toLowerCase()) ?? order.length
  return models.sort((a, b) => placeOf(a) - placeOf(b))
}
