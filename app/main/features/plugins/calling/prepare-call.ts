import type { Json } from '../packages/package-types.ts'
import { isAuthHeader } from '../packages/request-document.ts'
import { buildRequest } from './build-request.ts'
import type { CallArguments, LoadedPlugin } from './call-types.ts'
import type { CompiledTool, Named } from './compile-tool.ts'
import type { WrittenBody } from './write-body.ts'

/** A call before it is sent, for those who write it down; secrets are placeholders like `<service_token>`. */
export interface PreparedCall {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly bodyKind: WrittenBody['kind'] | null
  readonly files: WrittenBody['files']
  /** The texts of a multipart body. */
  readonly fields: WrittenBody['texts']
}

/** Whether what a package sends by this name, of itself, is what lets it in. */
export const isSecretName = (name: string): boolean =>
  isAuthHeader(name) || /token|secret|password|api[-_]?key|^cookie$/i.test(name)
export const placeholderName = (name: string): string => name.replace(/[^\w.-]/g, '_')

/** Fails as the call would before it is sent, but for what is not configured. */
export function prepareCall(plugin: LoadedPlugin, compiled: CompiledTool, given: CallArguments): PreparedCall {
  const { auth } = plugin.definition
  const { server = '' } = plugin.configuration
  const open: LoadedPlugin = {
    ...plugin,
    configuration: { ...(server && { server }), service_token: '<service_token>' },
  }
  const names = new Set(['service_token'])
  const { method, url, headers, body } = buildRequest(open, withPlaceholders(compiled, names), given)
  const shown: Record<string, string> = { ...headers }
  if (auth.kind === 'oauth' && compiled.authMode !== 'disabled') shown['authorization'] = 'Bearer <access_token>'
  if (body?.kind === 'multipart') delete shown['content-type']
  const readable = (text: string) =>
    [...names].reduce((all, name) => all.replaceAll(`%3C${name}%3E`, `<${name}>`), text)
  return {
    ...{ method, url: readable(url.href), headers: shown },
    body: body && (typeof body.content === 'string' ? body.content : body.kind === 'multipart' ? body.shown : null),
    ...{ bodyKind: body?.kind ?? null, files: body?.files ?? [], fields: body?.texts ?? [] },
  }
}

/** What the package sends of itself under the name of a secret is one; `names` takes the placeholders. */
function withPlaceholders(compiled: CompiledTool, names: Set<string>): CompiledTool {
  const placeholder = (name: string) => {
    names.add(placeholderName(name))
    return `<${placeholderName(name)}>`
  }
  const named = (one: Named) => (isSecretName(one.name) ? { ...one, value: placeholder(one.name) } : one)
  const { header, query, body } = compiled.extra
  const own = (fallback: Json | undefined, name: string) =>
    typeof fallback === 'string' && fallback !== '' && isSecretName(name) ? placeholder(name) : fallback
  return {
    ...compiled,
    slots: compiled.slots.map((slot) => ({ ...slot, fallback: own(slot.fallback, slot.name) })),
    extra: { header: header.map(named), query: query.map(named), body: body.map(named) },
  }
}
