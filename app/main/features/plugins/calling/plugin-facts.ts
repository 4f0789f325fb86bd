import { AppError } from '../../../../shared/errors.ts'
import type { PluginAuth, ReadPlugin, Tool } from '../packages/package-types.ts'
import type { LoadedPlugin } from './call-types.ts'
import type { AuthMode } from './compile-tool.ts'

/** What signs a request, ready to be sent. */
export interface Signature {
  readonly place: 'header' | 'query'
  readonly name: string
  readonly value: string
}
/** Where tools are called, without a slash at its end. */
export interface Base {
  readonly text: string
  readonly origin: string
  readonly path: string
  /** What a server brings of a query itself, without its question mark. */
  readonly query: string
}
/** What can be worked out of a plugin and its configuration once, whichever of its tools is called. */
interface Facts {
  readonly missing: readonly string[]
  /** The same of fields that only a sign-in needs. */
  readonly missingToSign: readonly string[]
  readonly signature: Signature | null
  readonly bases: Map<string, Base | null>
}

const isSet = (value: string | undefined | null): value is string =>
  value !== undefined && value !== null && value !== ''
const known = new WeakMap<LoadedPlugin, Facts>()
const signInFields = new Set(
  'service_token client_id client_secret client_url authorization_url scope authorization_content_type'.split(' '),
)

function factsOf(plugin: LoadedPlugin): Facts {
  let facts = known.get(plugin)
  if (!facts) {
    const { auth, configuration } = plugin.definition
    // An address to ask people at is of no use to a flow without people; a scope may be empty.
    const optional = new Set(
      auth.kind === 'oauth' && auth.flow === 'clientCredentials' ? ['client_url', 'scope'] : ['scope'],
    )
    const missing = configuration.filter(
      ({ name, required }) => required && !optional.has(name) && !isSet(configured(plugin, name)),
    )
    const labels = (toSign: boolean) =>
      missing.filter(({ name }) => signInFields.has(name) === toSign).map(({ label }) => label)
    facts = {
      ...{ missing: labels(false), missingToSign: labels(true), bases: new Map() },
      signature: signatureOf(plugin),
    }
    known.set(plugin, facts)
  }
  return facts
}

/** What is used where a field of the configuration has no value: what the package itself brings. */
function packaged(auth: PluginAuth, name: string): string {
  if (auth.kind === 'serviceToken') return name === 'service_token' ? auth.token : ''
  if (auth.kind === 'none') return ''
  // Upstream calls the address to sign in at "client_url", and the address of tokens "authorization_url".
  const own: Readonly<Record<string, string>> = {
    ...{ client_id: auth.clientId, client_secret: auth.clientSecret, client_url: auth.authorizationUrl },
    ...{ authorization_url: auth.tokenUrl, scope: auth.scope, authorization_content_type: auth.contentType },
  }
  return Object.hasOwn(own, name) ? own[name]! : ''
}

/** The value of a configuration field: the operator's, else its default, else the package's own; empty without one. */
export function configured({ configuration, definition }: LoadedPlugin, name: string): string {
  const value = Object.hasOwn(configuration, name) ? configuration[name] : undefined
  if (isSet(value)) return value
  const field = definition.configuration.find((one) => one.name === name)
  return field?.default ?? packaged(definition.auth, name)
}

/** Fails with PLUGIN_NOT_CONFIGURED, naming the required fields without a value, and with KEY_VAULT_LOCKED. */
export function assertConfigured(plugin: LoadedPlugin, mode: AuthMode): void {
  if (plugin.locked) throw new AppError('KEY_VAULT_LOCKED')
  const { missing, missingToSign } = factsOf(plugin)
  const fields = mode === 'required' ? [...missing, ...missingToSign] : missing
  if (fields.length > 0) throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: fields.join(', ') })
}

/** Whether everything is filled in that a sign-in needs. */
export const isComplete = (plugin: LoadedPlugin): boolean => factsOf(plugin).missingToSign.length === 0

/** Where a tool is called; fails with PLUGIN_NOT_CONFIGURED where nobody gave an address. */
export function baseOf(plugin: LoadedPlugin, tool: Tool): Base {
  const { bases } = factsOf(plugin)
  const text = tool.server ?? (plugin.configuration['server'] || plugin.definition.server)
  let base = bases.get(text)
  if (base === undefined) {
    const url = URL.parse(text)
    base = url && {
      text: text.replace(/\/+$/, ''),
      origin: `${url.protocol}//${url.host}`,
      path: url.pathname.replace(/\/+$/, ''),
      query: url.search.slice(1),
    }
    bases.set(text, base)
  }
  if (base === null) throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'server' })
  return base
}

/** The service token as a request carries it; null for a plugin that has none, or signs in otherwise. */
export const signatureFor = (plugin: LoadedPlugin, mode: AuthMode): Signature | null =>
  mode === 'disabled' ? null : factsOf(plugin).signature

function signatureOf(plugin: LoadedPlugin): Signature | null {
  const { auth } = plugin.definition
  if (auth.kind !== 'serviceToken') return null
  // A line break that came along when it was pasted is no part of it.
  const token = configured(plugin, 'service_token').trim()
  // A collection whose variable was empty leaves the word alone.
  if (token === '' || /^(Bearer|Basic)$/i.test(token)) return null
  const { name, place } = auth
  const word = schemeOf(plugin.definition)
  if (word === null || /^[A-Za-z][\w-]*\s+\S/.test(token)) return { place, name, value: token }
  const value = word === 'Basic' && token.includes(':') ? Buffer.from(token).toString('base64') : token
  return { place, name, value: `${word} ${value}` }
}

/**
 * The word that is put before a bare service token; null where the token is set as it is, which is Coze's rule. OpenAPI
 * knows schemes, and people paste the token alone.
 */
export function schemeOf({ auth, kind, configuration }: ReadPlugin): 'Bearer' | 'Basic' | null {
  if (kind === 'coze' || auth.kind !== 'serviceToken') return null
  if (auth.place !== 'header' || auth.name.toLowerCase() !== 'authorization') return null
  const label = configuration.find(({ name }) => name === 'service_token')?.label ?? ''
  const told = /\b(Bearer|Basic)\b/i.exec(label)?.[1] ?? /^(\S+)\s/.exec(auth.token)?.[1]
  if (told !== undefined) return /^bearer$/i.test(told) ? 'Bearer' : /^basic$/i.test(told) ? 'Basic' : null
  // A key that is declared as this header's whole value.
  return label === auth.name || auth.token !== '' ? null : 'Bearer'
}
