import { AppError } from '../../../../shared/errors.ts'
import type { Json, JsonObject, PluginAuth, Tool } from '../packages/package-types.ts'
import type { CallArguments, LoadedPlugin } from './call-types.ts'
import { checkValue } from './check-value.ts'
import { type CompiledTool, compileTool, findTool, type Slot } from './compile-tool.ts'
import { cookieValue, headerValue, isOwnHeader, pathPart, plainText, queryPairs } from './place-values.ts'
import { type WrittenBody, writeBody } from './write-body.ts'

/** A request as it is sent, but for the token that a sign-in hands out. */
export interface BuiltRequest {
  readonly method: string
  /** Without a fragment; `secretUrl` where the query holds the service token. */
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Record<string, string>
  readonly body: WrittenBody | null
  readonly dropped: readonly string[]
  readonly tool: CompiledTool
}

const isSet = (value: string | undefined | null): value is string =>
  value !== undefined && value !== null && value !== ''

/** The tool of that name, ready to be called; fails with TOOL_NOT_FOUND or TOOL_DISABLED. */
export function callableTool(plugin: LoadedPlugin, operation: string): CompiledTool {
  const tool = findTool(plugin.definition, operation)
  if (tool === null) throw new AppError('TOOL_NOT_FOUND', { plugin: plugin.name, tool: operation.slice(0, 200) })
  if (tool.disabled !== null) throw new AppError('TOOL_DISABLED', { tool: tool.operationId, reason: tool.disabled })
  return compileTool(plugin.definition, tool)
}

/** What is used where a field of the configuration has no value: what the package itself brings. */
function packaged(auth: PluginAuth, name: string): string {
  if (auth.kind === 'serviceToken') return name === 'service_token' ? auth.token : ''
  if (auth.kind === 'none') return ''
  const own: Readonly<Record<string, string>> = {
    ...{ client_id: auth.clientId, client_secret: auth.clientSecret, client_url: auth.authorizationUrl },
    ...{ authorization_url: auth.tokenUrl, scope: auth.scope, authorization_content_type: auth.contentType },
  }
  return own[name] ?? ''
}

/** The value of a configuration field: the operator's, else its default, else the package's own; empty without one. */
export function configured({ configuration, definition }: LoadedPlugin, name: string): string {
  const value = configuration[name]
  if (isSet(value)) return value
  const field = definition.configuration.find((one) => one.name === name)
  return field?.default ?? packaged(definition.auth, name)
}

/** Fails with PLUGIN_NOT_CONFIGURED, naming the required fields without a value. */
export function assertConfigured(plugin: LoadedPlugin): void {
  const { definition, name } = plugin
  const missing = definition.configuration.filter((field) => field.required && !isSet(configured(plugin, field.name)))
  // An address to ask people at is of no use to a flow without people; a scope may be empty.
  const optional = new Set(
    definition.auth.kind === 'oauth' && definition.auth.flow === 'clientCredentials'
      ? ['client_url', 'scope']
      : ['scope'],
  )
  const fields = missing.filter((field) => !optional.has(field.name)).map(({ label }) => label)
  if (fields.length > 0) throw new AppError('PLUGIN_NOT_CONFIGURED', { name, fields: fields.join(', ') })
}

/** Where a tool is called; fails with PLUGIN_NOT_CONFIGURED where nobody gave an address. */
export function serverOf(plugin: LoadedPlugin, tool: Tool): string {
  const server = tool.server ?? (plugin.configuration['server'] || plugin.definition.server)
  if (!URL.canParse(server)) throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'server' })
  return server.replace(/\/+$/, '')
}

/** Puts arguments in their places. Fails with ARGUMENT_MISSING, naming all that are, or ARGUMENT_INVALID. */
export function buildRequest(plugin: LoadedPlugin, compiled: CompiledTool, given: CallArguments): BuiltRequest {
  const { tool } = compiled
  const values = new Map<Slot, Json>()
  const missing: string[] = []
  for (const slot of compiled.slots) {
    const own = slot.hidden || !Object.hasOwn(given, slot.name) ? undefined : given[slot.name]
    const value = own === undefined ? slot.fallback : checkValue(compiled.document, slot.schema, own, slot.name)
    if (value === undefined || (value === null && slot.place !== 'body')) {
      if (slot.required) missing.push(slot.name)
    } else values.set(slot, value)
  }
  if (missing.length > 0) throw new AppError('ARGUMENT_MISSING', { names: missing.join(', ') })

  const headers: Record<string, string> = {}
  const query: string[] = []
  const cookies: string[] = []
  const fields: [string, Json][] = []
  let path = tool.path
  for (const [{ name, place, parameter }, value] of values) {
    const style = parameter ?? {}
    if (place === 'body') fields.push([name, value])
    else if (place === 'query') query.push(...queryPairs(name, value, style))
    else if (place === 'cookie') cookies.push(`${encodeURIComponent(name)}=${cookieValue(value)}`)
    else if (place === 'path') path = path.replaceAll(`{${name}}`, () => pathPart(name, value, style))
    // One that HTTP sets itself is refused from a caller; a document's own default of it changes nothing.
    else if (!isOwnHeader(name) || Object.hasOwn(given, name))
      headers[name.toLowerCase()] = headerValue(name, value, style)
  }
  const dropped: string[] = []
  for (const name of Object.keys(given)) {
    const slot = compiled.byName.get(name)
    if (slot && !slot.hidden) continue
    if (!slot && compiled.openBody && tool.body?.wrapped === undefined) fields.push([name, given[name]!])
    else dropped.push(name)
  }
  const { extra } = compiled
  for (const { name, value } of extra.header)
    if (!isOwnHeader(name)) headers[name.toLowerCase()] ??= headerValue(name, value, {})
  for (const { name, value } of extra.query) query.push(...queryPairs(name, value, {}))
  const sent: JsonObject = Object.fromEntries([
    ...extra.body.map(({ name, value }) => [name, value] as const),
    ...fields,
  ])
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ')

  const written = tool.body && (tool.body.required || Object.keys(sent).length > 0) ? writeBody(tool.body, sent) : null
  if (written) headers['content-type'] = written.contentType
  headers['accept'] ??= 'application/json, */*;q=0.8'
  headers['user-agent'] ??= 'Pilothouse'
  signWithToken(plugin, headers, query)
  return {
    method: tool.method,
    url: address(serverOf(plugin, tool), path, query, tool),
    headers,
    body: written,
    dropped,
    tool: compiled,
  }
}

/** A service token is set as it is; a bare one of an OpenAPI bearer scheme gets the word that the scheme wants. */
function signWithToken(plugin: LoadedPlugin, headers: Record<string, string>, query: string[]): void {
  const { auth, kind } = plugin.definition
  if (auth.kind !== 'serviceToken') return
  const token = configured(plugin, 'service_token')
  if (!isSet(token)) return
  const bearer = kind !== 'coze' && auth.name.toLowerCase() === 'authorization' && !/\s/.test(token)
  if (auth.place === 'query') query.push(...queryPairs(auth.name, token, {}))
  else headers[auth.name.toLowerCase()] = headerValue(auth.name, bearer ? `Bearer ${token}` : token, {})
}

function address(server: string, path: string, query: readonly string[], tool: Tool): URL {
  const [bare = '', own] = path.split('?', 2)
  // Dots that a value brought into a part of its own would climb out of their folder.
  if (bare.split('/').some((part) => /^\.{1,2}$/.test(part)))
    throw new AppError('ARGUMENT_INVALID', { name: tool.path, reason: 'a part of the path would be "." or ".."' })
  const all = own === undefined ? query : [own, ...query]
  const text = `${server}${bare.startsWith('/') ? '' : '/'}${bare}${all.length > 0 ? `?${all.join('&')}` : ''}`
  if (!URL.canParse(text))
    throw new AppError('TOOL_DISABLED', { tool: tool.operationId, reason: `${plainText(server)} is no address` })
  const url = new URL(text)
  url.hash = ''
  return url
}
