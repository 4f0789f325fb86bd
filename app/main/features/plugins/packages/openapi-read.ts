import { posix } from 'node:path'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { checkReferences } from './broken-references.ts'
import type { Document } from './document.ts'
import { below, createReport, rootSpot } from './findings.ts'
import { readSecurity, serverField } from './openapi-auth.ts'
import { bundle } from './openapi-bundle.ts'
import { isNode, type Node, nodeOf, type Reading, textOf } from './openapi-nodes.ts'
import { checkRecursion } from './openapi-recursion.ts'
import { checkSchemas } from './openapi-schemas.ts'
import { chooseServer } from './openapi-server.ts'
import { convertSwagger2 } from './openapi-swagger2.ts'
import { readTools } from './openapi-tools.ts'
import type { JsonObject, ReadOptions, ReadPlugin } from './package-types.ts'
import { loadReferred, mostFiles } from './references.ts'

export interface ReadOpenApi {
  /** Null for a document that is no OpenAPI document or cannot be read at all. */
  readonly plugin: ReadPlugin | null
  readonly findings: readonly Finding[]
  /** The files that it is made of. */
  readonly files: readonly string[]
}

/** Checks and repairs one OpenAPI or Swagger document, with what it refers to inside its package. Changes the values of the documents it is given. */
export async function readOpenApi(
  main: Document,
  read: (file: string) => Promise<Document | null>,
  { strict }: ReadOptions,
): Promise<ReadOpenApi> {
  const referred = await loadReferred(main, read)
  const { documents } = referred
  const report = createReport(documents, strict)
  const files = [...documents.keys()]
  const done = (plugin: ReadPlugin | null): ReadOpenApi => ({
    plugin,
    findings: [...[...documents.values()].flatMap((document) => document.findings), ...report.findings],
    files,
  })
  const top = rootSpot(main.file)
  // The value was made for this reading alone: from here on it is the copy that is mended.
  const root: unknown = main.value
  if (root === undefined) return done(null)
  if (referred.cut) report.add('error', 'REFERENCE_TOO_MANY', top, { most: mostFiles })
  if (!isNode(root)) {
    report.add('error', 'FIELD_WRONG', top, { name: 'the document', expected: 'an object' })
    return done(null)
  }
  const reading: Reading = {
    ...{ file: main.file, root, report, origins: new WeakMap(), emptied: new WeakSet() },
    spent: { schemas: 0, copied: 0 },
  }
  const version = readVersion(reading)
  if (version === null) return done(null)
  if (!isNode(root['paths']) && (root['paths'] !== undefined || version !== '3.1')) {
    const code = root['paths'] === undefined ? 'FIELD_MISSING' : 'FIELD_WRONG'
    report.add('error', code, root['paths'] === undefined ? top : below(top, 'paths'), {
      name: 'paths',
      expected: 'an object',
    })
  }
  const brokenReference = checkReferences(referred, reading)
  if (documents.size > 1 && !bundle(reading, documents)) {
    report.add('error', 'BUNDLE_TOO_LARGE', top)
    return done(null)
  }
  if (version === '2.0') convertSwagger2(reading)
  if (root['webhooks'] !== undefined) {
    report.mend('WEBHOOKS_DROPPED', below(top, 'webhooks'), Object.keys(nodeOf(root['webhooks'])), undefined)
    delete root['webhooks']
  }
  checkSchemas(reading)
  checkRecursion(reading)
  const info = readInfo(reading)
  const server = chooseServer(reading)
  const tools = readTools(reading, brokenReference)
  if (tools.length === 0) report.add('warning', 'NO_OPERATIONS', isNode(root['paths']) ? below(top, 'paths') : top)
  const { auth, configuration } = readSecurity(reading)
  delete root['jsonSchemaDialect']
  root['openapi'] = '3.0.3'
  const slug = slugOf(info.title) || slugOf(posix.parse(main.file).name) || 'plugin'
  return done({
    ...{ kind: 'openapi', id: slug, name: info.title, nameForModel: slug, version: info.version },
    ...{ description: info.description, author: info.author, license: info.license, provider: '', logo: info.logo },
    ...{ server, auth, commonParameters: { body: [], header: [], query: [], path: [] }, tools, models: [] },
    configuration: server === '' ? [serverField, ...configuration] : configuration,
    document: root as JsonObject,
    repairs: report.repairs,
    signature: 'none',
  })
}

function readVersion({ root, report, file }: Reading): '2.0' | '3.0' | '3.1' | null {
  const top = rootSpot(file)
  const key = root['openapi'] !== undefined ? 'openapi' : 'swagger'
  const version = textOf(root[key])
  if (root[key] === undefined) {
    report.add('error', 'FIELD_MISSING', top, { name: 'openapi' })
    return null
  }
  const spot = below(top, key)
  if (key === 'openapi' && /^3\.0(\.\d+)?$/.test(version)) return '3.0'
  // 2.0 may be written as a number, which reads as 2.
  const known =
    key === 'openapi' ? (/^3\.1(\.\d+)?$/.test(version) ? '3.1' : null) : /^2(\.0)?$/.test(version) ? '2.0' : null
  if (known === null) report.add('error', 'OPENAPI_VERSION', spot, { version })
  else report.mend('OPENAPI_LOWERED', spot, root[key], '3.0.3', { version: known })
  return known
}

function readInfo({ root, report, file }: Reading) {
  const spot = below(rootSpot(file), 'info')
  const info: Node = nodeOf(root['info'])
  root['info'] = info
  const where = (key: string) =>
    info[key] === undefined ? (Object.keys(info).length > 0 ? spot : rootSpot(file)) : below(spot, key)
  const given = textOf(info['title']).trim()
  const title = given || posix.parse(file).name
  if (given === '') report.mend('INFO_MISSING', where('title'), info['title'], title, { name: 'title' })
  const described = textOf(info['description']).trim()
  const description = described || textOf(info['summary']).trim() || title
  if (described === '')
    report.mend('INFO_MISSING', where('description'), info['description'], description, { name: 'description' })
  Object.assign(info, { title, description, version: textOf(info['version']) || '0.0.0' })
  delete info['summary']
  const logo = info['x-logo']
  return {
    ...{ title, description, version: versionOf(textOf(info['version'])) },
    author: textOf(nodeOf(info['contact'])['name']),
    license: textOf(nodeOf(info['license'])['name']),
    logo: isNode(logo) ? textOf(logo['url']) : textOf(logo),
  }
}

/** `2022-04-12` → `v2022.4.12`, `v1` → `v1.0.0`. */
export function versionOf(text: string): string {
  const [, major, minor = '0', patch = '0', suffix = ''] =
    /^\D*(\d+)(?:[.-](\d+))?(?:[.-](\d+))?(-[0-9A-Za-z.-]+)?/.exec(text.slice(0, 100)) ?? []
  return major === undefined ? 'v0.0.0' : `v${Number(major)}.${Number(minor)}.${Number(patch)}${suffix}`
}

/** Letters, digits, `_` and `-`. */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, 1000)
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
