import { MASK, maskText } from '../../../lib/secrets.ts'
import { type BuiltRequest, configured } from './build-request.ts'
import type { CallablePlugin, Exchange, LoadedPlugin } from './call-types.ts'
import type { Incoming } from './send.ts'

/** Characters of a body that are shown. */
const SHOWN = 64 * 1024
/** A configured value this short says nothing, and would blot out half of what is shown. */
const LEAST = 6

const secretLists = new WeakMap<CallablePlugin, readonly string[]>()

/** Every secret that a plugin is called with: configured ones and tokens. Longest first, so that none is cut by another. */
export function secretsOf(plugin: LoadedPlugin, token: string | null): readonly string[] {
  let known = secretLists.get(plugin)
  if (!known) {
    const { configuration, definition, tokens } = plugin
    const fields = definition.configuration
      .filter(({ kind }) => kind === 'secret')
      .map(({ name }) => configuration[name] ?? '')
    const { auth } = definition
    const packaged =
      auth.kind === 'none' ? [] : ['service_token', 'client_secret'].map((name) => configured(plugin, name))
    known = [...fields, ...packaged, tokens?.accessToken ?? '', tokens?.refreshToken ?? '']
    secretLists.set(plugin, known)
  }
  return [...known, token ?? ''].filter((one) => one.length >= LEAST).sort((a, b) => b.length - a.length)
}

/** A text without these secrets, as they are and as a URL writes them, and without what looks like one. */
export function maskCall(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const secret of secrets) {
    masked = masked.replaceAll(secret, MASK)
    const encoded = encodeURIComponent(secret)
    if (encoded !== secret) masked = masked.replaceAll(encoded, MASK)
  }
  return maskText(masked)
}

const harmlessHeader = new Set(
  'accept accept-encoding accept-language accept-ranges age allow cache-control connection content-disposition content-encoding content-language content-length content-type date etag expires keep-alive last-modified location retry-after server transfer-encoding user-agent vary via'.split(
    ' ',
  ),
)
const openingHeader = /auth|cookie|token|key|secret|session|signature|credential/i

function headersShown(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  own: string,
  secrets: readonly string[],
) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
      const hidden = name === own || (!harmlessHeader.has(name) && openingHeader.test(name))
      return [name, hidden ? MASK : maskCall(text, secrets)]
    }),
  )
}

/** The address as people may see it. */
export function urlShown(plugin: LoadedPlugin, { url }: BuiltRequest, secrets: readonly string[]): string {
  const { auth } = plugin.definition
  if (url.search === '' && secrets.length === 0) return maskText(url.href)
  if (auth.kind !== 'serviceToken' || auth.place !== 'query') return maskCall(url.href, secrets)
  const shown = new URL(url)
  if (shown.searchParams.has(auth.name)) shown.searchParams.set(auth.name, MASK)
  return maskCall(shown.href, secrets)
}

/** What went out and came back, secrets masked, bodies cut. */
export function exchangeOf(
  plugin: LoadedPlugin,
  request: BuiltRequest,
  answer: Incoming | null,
  secrets: readonly string[],
): Exchange {
  const { auth } = plugin.definition
  const own = auth.kind === 'serviceToken' && auth.place === 'header' ? auth.name.toLowerCase() : ''
  const { body } = request
  const text =
    body === null
      ? null
      : (body.shown ?? (typeof body.content === 'string' ? body.content : `(${body.content.length} bytes)`))
  return {
    method: request.method,
    url: urlShown(plugin, request, secrets),
    requestHeaders: headersShown(request.headers, own, secrets),
    requestBody: text === null ? null : maskCall(text.slice(0, SHOWN), secrets),
    status: answer?.status ?? null,
    responseHeaders: headersShown(answer?.headers ?? {}, '', secrets),
    responseBytes: answer?.bytes ?? 0,
  }
}
