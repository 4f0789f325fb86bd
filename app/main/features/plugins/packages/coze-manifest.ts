import { fromJson } from '../../../lib/json.ts'
import { below, type Report, type Spot } from './findings.ts'
import { isNode, listOf, type Node, nodeOf, textOf } from './openapi-nodes.ts'
import { versionOf } from './openapi-read.ts'
import type { ConfigurationField, PluginAuth, ReadPlugin } from './package-types.ts'

const word = (value: unknown) => (value === undefined ? 'nothing' : (JSON.stringify(value) ?? '').slice(0, 60))

/** The value of a whole number of 64 bits as text; null, with a finding, for anything else. */
export function readId(report: Report, node: Node, key: string, spot: Spot): string | null {
  const id = textOf(node[key])
  if (/^[1-9]\d{0,18}$/.test(id) && BigInt(id) < 2n ** 63n) return id
  if (node[key] === undefined) report.add('error', 'FIELD_MISSING', spot, { name: key })
  else report.add('error', 'FIELD_WRONG', below(spot, key), { name: key, expected: 'a whole number above 0' })
  return null
}

/** A text that must be there. */
function required(report: Report, node: Node, key: string, spot: Spot, name = key): string {
  const text = textOf(node[key])
  if (text !== '') return text
  if (node[key] === undefined || node[key] === '' || node[key] === null)
    report.add('error', 'FIELD_MISSING', spot, { name })
  else report.add('error', 'FIELD_WRONG', below(spot, key), { name, expected: 'text' })
  return ''
}

function expected(report: Report, node: Node, key: string, value: string | number, spot: Spot, name: string): void {
  if (node[key] === undefined) report.upstream('FIELD_MISSING', spot, { name })
  else if (textOf(node[key]) !== String(value)) {
    const severity = report.strict ? 'error' : 'warning'
    report.add(severity, 'FIELD_WRONG', below(spot, key), { name, expected: String(value) })
  }
}

/** What an entry of plugin_meta.yaml says besides its tools. */
export function readManifest(report: Report, entry: Node, spot: Spot) {
  const manifest = nodeOf(entry['manifest'])
  const at = below(spot, 'manifest')
  if (!isNode(entry['manifest'])) {
    const code = entry['manifest'] === undefined ? 'FIELD_MISSING' : 'FIELD_WRONG'
    report.add('error', code, code === 'FIELD_MISSING' ? spot : at, { name: 'manifest', expected: 'an object' })
  } else {
    expected(report, manifest, 'schema_version', 'v1', at, 'manifest.schema_version')
    expected(report, nodeOf(manifest['api']), 'type', 'openapi', below(at, 'api'), 'manifest.api.type')
  }
  expected(report, entry, 'plugin_type', 1, spot, 'plugin_type')
  const text = (key: string) =>
    isNode(entry['manifest']) ? required(report, manifest, key, at, `manifest.${key}`) : ''
  const [nameForModel, name, , description] = [
    text('name_for_model'),
    text('name_for_human'),
    text('description_for_model'),
    text('description_for_human'),
  ]
  return {
    ...{ nameForModel, name: name || nameForModel, description, logo: textOf(manifest['logo_url']) },
    version: readVersion(report, entry, spot),
    commonParameters: readCommon(report, manifest, below(at, 'common_params')),
    ...readAuth(report, manifest, at),
  }
}

function readVersion(report: Report, entry: Node, spot: Spot): string {
  const version = required(report, entry, 'version', spot)
  if (version === '' || /^v\d{1,9}\.\d{1,9}\.\d{1,9}(-[\w.-]+)?(\+[\w.-]+)?$/.test(version)) return version || 'v0.0.0'
  const mended = versionOf(version)
  report.mend('VERSION_NOT_SEMANTIC', below(spot, 'version'), version, mended, { version })
  return mended
}

function readCommon(report: Report, manifest: Node, spot: Spot): ReadPlugin['commonParameters'] {
  const given = manifest['common_params']
  if (given !== undefined && given !== null && !isNode(given))
    report.add('error', 'FIELD_WRONG', spot, { name: 'manifest.common_params', expected: 'an object' })
  const list = (place: string) => {
    const items = nodeOf(given)[place]
    if (items !== undefined && items !== null && !Array.isArray(items))
      report.add('error', 'FIELD_WRONG', below(spot, place), { name: `common_params.${place}`, expected: 'a list' })
    return listOf(items).flatMap((item, i) => {
      const name = textOf(nodeOf(item)['name'])
      const value = nodeOf(item)['value']
      if (name !== '' && value !== undefined)
        return [{ name, value: textOf(value) || (value === null ? '' : String(value)) }]
      report.add('error', 'FIELD_WRONG', below(spot, place, i), {
        name: `common_params.${place}`,
        expected: '{name, value}',
      })
      return []
    })
  }
  return { body: list('body'), header: list('header'), query: list('query'), path: list('path') }
}

const field = (name: string, label: string, kind: 'text' | 'secret' | 'url', value: string): ConfigurationField => ({
  ...{ name, label, kind, required: true, options: [], maxLength: null },
  default: kind === 'secret' || value === '' ? null : value,
})
type Signing = Pick<ReadPlugin, 'auth' | 'configuration'>
const unsigned: Signing = { auth: { kind: 'none' }, configuration: [] }

function readAuth(report: Report, manifest: Node, spot: Spot): Signing {
  const at = below(spot, 'auth')
  const auth = nodeOf(manifest['auth'])
  const type = textOf(auth['type'])
  if (manifest['auth'] === undefined) {
    report.upstream('FIELD_MISSING', spot, { name: 'manifest.auth' })
    return unsigned
  }
  if (type === 'none' || type === '') {
    if (type === '') report.add('error', 'AUTH_UNKNOWN', at, { type: word(auth['type']) })
    return unsigned
  }
  const subType = textOf(auth['sub_type'])
  const known = { service_http: ['token/api_key'], oauth: ['authorization_code', 'client_credentials'] }[type]
  if (!known?.includes(subType)) {
    report.add('error', 'AUTH_UNKNOWN', below(at, known ? 'sub_type' : 'type'), {
      type: subType ? `${type}/${subType}` : type,
    })
    return unsigned
  }
  const payloadSpot = below(at, 'payload')
  const payload = typeof auth['payload'] === 'string' ? fromJson(auth['payload']) : undefined
  if (!isNode(payload)) {
    const reason =
      typeof auth['payload'] === 'string' ? 'the text is not a JSON object' : `it is ${word(auth['payload'])}`
    report.add('error', 'AUTH_PAYLOAD', auth['payload'] === undefined ? at : payloadSpot, { reason })
    return unsigned
  }
  const wrong = (name: string, what: string) => report.add('error', 'AUTH_FIELD', payloadSpot, { name, expected: what })
  const text = (name: string) => {
    const value = payload[name]
    if (value !== undefined && typeof value !== 'string') wrong(name, 'text')
    return typeof value === 'string' ? value : ''
  }
  return type === 'service_http' ? serviceToken(text, wrong) : oauth(subType, text, wrong)
}

type Text = (name: string) => string
type Wrong = (name: string, expected: string) => void

function serviceToken(text: Text, wrong: Wrong): Signing {
  const name = text('key')
  if (name === '') wrong('key', 'the name of a header or query parameter')
  const location = text('location').toLowerCase()
  if (location !== 'header' && location !== 'query') wrong('location', 'Header or Query')
  const token = text('service_token')
  const auth: PluginAuth = { kind: 'serviceToken', name, token, place: location === 'query' ? 'query' : 'header' }
  return { auth, configuration: [field('service_token', name, 'secret', token)] }
}

function oauth(flow: string, text: Text, wrong: Wrong): Signing {
  const [authorizationUrl, tokenUrl] = [text('client_url'), text('authorization_url')]
  for (const [name, url] of [
    ['client_url', authorizationUrl],
    ['authorization_url', tokenUrl],
  ] as const)
    if (!(URL.canParse(url) || (name === 'client_url' && flow === 'client_credentials'))) wrong(name, 'an address')
  const auth: PluginAuth = {
    kind: 'oauth',
    flow: flow === 'client_credentials' ? 'clientCredentials' : 'authorizationCode',
    ...{ clientId: text('client_id'), clientSecret: text('client_secret'), authorizationUrl, tokenUrl },
    ...{ scope: text('scope'), contentType: text('authorization_content_type') || 'application/json' },
  }
  return {
    auth,
    configuration: [
      field('client_id', 'client_id', 'text', auth.clientId),
      field('client_secret', 'client_secret', 'secret', auth.clientSecret),
      field('client_url', 'client_url', 'url', authorizationUrl),
      field('scope', 'scope', 'text', auth.scope),
      field('authorization_url', 'authorization_url', 'url', tokenUrl),
      field('authorization_content_type', 'authorization_content_type', 'text', auth.contentType),
    ],
  }
}
