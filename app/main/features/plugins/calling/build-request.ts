import { AppError } from '../../../../shared/errors.ts'
import type { Json, JsonObject, Tool } from '../packages/package-types.ts'
import type { CallArguments, LoadedPlugin } from './call-types.ts'
import { checkValue } from './check-value.ts'
import { type CompiledTool, compileTool, findTool, type Slot } from './compile-tool.ts'
import { cookieValue, encode, headerValue, isOwnHeader, pathPart, plainText, queryPairs } from './place-values.ts'
import { type Base, baseOf, type Signature, signatureFor } from './plugin-facts.ts'
import { type WrittenBody, writeBody } from './write-body.ts'

export { configured } from './plugin-facts.ts'

/** A request as it is sent, but for the token that a sign-in hands out. */
export interface BuiltRequest {
  readonly method: string
  /** Without a fragment; its query may hold the service token. */
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Record<string, string>
  readonly body: WrittenBody | null
  readonly dropped: readonly string[]
  readonly tool: CompiledTool
}

/** The tool of that name, ready to be called; fails with TOOL_NOT_FOUND or TOOL_DISABLED. */
export function callableTool(plugin: LoadedPlugin, operation: string): CompiledTool {
  const tool = findTool(plugin.definition, operation)
  if (tool === null) throw new AppError('TOOL_NOT_FOUND', { plugin: plugin.name, tool: operation.slice(0, 200) })
  if (tool.disabled !== null) throw new AppError('TOOL_DISABLED', { tool: tool.operationId, reason: tool.disabled })
  return compileTool(plugin.definition, tool)
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
    else if (place === 'cookie') cookies.push(`${encode(name)}=${cookieValue(value)}`)
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

  const written =
    tool.body && (tool.body.required || Object.keys(sent).length > 0)
      ? writeBody(tool.body, sent, compiled.files)
      : null
  if (written) headers['content-type'] = written.contentType
  headers['accept'] ??= 'application/json, */*;q=0.8'
  headers['user-agent'] ??= 'Pilothouse'
  sign(signatureFor(plugin, compiled.authMode), headers, query)
  return {
    method: tool.method,
    url: address(baseOf(plugin, tool), path, query, tool),
    headers,
    body: written,
    dropped,
    tool: compiled,
  }
}

function sign(signature: Signature | null, headers: Record<string, string>, query: string[]): void {
  if (signature === null) return
  const { place, name, value } = signature
  if (place === 'query') query.push(...queryPairs(name, value, {}))
  else headers[name.toLowerCase()] = headerValue(name, value, {})
}

function address(base: Base, path: string, query: readonly string[], tool: Tool): URL {
  const at = path.indexOf('?')
  const bare = at < 0 ? path : path.slice(0, at)
  // Dots that a value brought into a part of its own would climb out of their folder.
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(bare))
    throw new AppError('ARGUMENT_INVALID', { name: tool.path, reason: 'a part of the path would be "." or ".."' })
  const all = [base.query, at < 0 ? '' : path.slice(at + 1), ...query].filter((one) => one !== '').join('&')
  const text = `${base.origin}${base.path}${bare.startsWith('/') ? '' : '/'}${bare}${all === '' ? '' : `?${all}`}`
  const url = URL.parse(text)
  if (url === null)
    throw new AppError('TOOL_DISABLED', { tool: tool.operationId, reason: `${plainText(base.text)} is no address` })
  url.hash = ''
  return url
}
