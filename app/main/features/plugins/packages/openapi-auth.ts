import { below, rootSpot } from './findings.ts'
import { isNode, listOf, nodeOf, type Reading, textOf } from './openapi-nodes.ts'
import type { ConfigurationField, PluginAuth } from './package-types.ts'

const field = (name: string, label: string, kind: ConfigurationField['kind'], required = true): ConfigurationField => ({
  ...{ name, label, kind, required },
  ...{ default: null, options: [], maxLength: null },
})
export const serverField = field('server', 'Server', 'url')

/** How a document wants its callers to sign in: the first scheme that can be done, of what it requires first. */
export function readSecurity(reading: Reading): {
  readonly auth: PluginAuth
  readonly configuration: readonly ConfigurationField[]
} {
  const { root, report, file } = reading
  const schemes = nodeOf(nodeOf(root['components'])['securitySchemes'])
  const wanted = listOf(root['security']).flatMap((one) => (isNode(one) ? Object.keys(one) : []))
  const names = [...new Set([...wanted, ...Object.keys(schemes)])].filter((name) => isNode(schemes[name]))
  for (const name of names) {
    const found = schemeAuth(nodeOf(schemes[name]))
    if (found) return found
  }
  for (const name of names) {
    const spot = below(rootSpot(file), 'components', 'securitySchemes', name)
    report.add('info', 'SECURITY_UNSUPPORTED', spot, { name, type: textOf(nodeOf(schemes[name])['type']) })
  }
  return { auth: { kind: 'none' }, configuration: [] }
}

function schemeAuth(scheme: ReturnType<typeof nodeOf>) {
  const type = textOf(scheme['type'])
  const place = scheme['in']
  if (type === 'apiKey' && (place === 'header' || place === 'query'))
    return serviceToken(textOf(scheme['name']), place, textOf(scheme['name']))
  if (type === 'http') {
    const way = textOf(scheme['scheme']).toLowerCase()
    return serviceToken(
      'Authorization',
      'header',
      way === 'basic' ? 'Authorization: Basic …' : 'Authorization: Bearer …',
    )
  }
  if (type !== 'oauth2') return null
  const flows = nodeOf(scheme['flows'])
  const kind = isNode(flows['authorizationCode']) ? 'authorizationCode' : 'clientCredentials'
  if (!isNode(flows[kind])) return null
  const flow = nodeOf(flows[kind])
  const auth: PluginAuth = {
    kind: 'oauth',
    flow: kind,
    clientId: '',
    clientSecret: '',
    authorizationUrl: textOf(flow['authorizationUrl']),
    tokenUrl: textOf(flow['tokenUrl']),
    scope: Object.keys(nodeOf(flow['scopes'])).join(' '),
    contentType: 'application/x-www-form-urlencoded',
  }
  return {
    auth,
    configuration: [field('client_id', 'Client ID', 'text'), field('client_secret', 'Client secret', 'secret')],
  }
}

function serviceToken(name: string, place: 'header' | 'query', label: string) {
  const auth: PluginAuth = { kind: 'serviceToken', name, token: '', place }
  return { auth, configuration: [field('service_token', label, 'secret', false)] }
}
