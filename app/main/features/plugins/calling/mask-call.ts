import { MASK, maskText } from '../../../lib/secrets.ts'
import type { Json, JsonObject } from '../packages/package-types.ts'
import type { BuiltRequest } from './build-request.ts'
import type { Exchange, LoadedPlugin } from './call-types.ts'
import { encode } from './place-values.ts'
import { configured, signatureFor } from './plugin-facts.ts'
import { isObject } from './schema-nodes.ts'
import type { Incoming } from './send.ts'

/** Characters of a body that are shown. */
const SHOWN = 64 * 1024
/** What is cut off was masked before: no secret is longer. */
const MARGIN = 16 * 1024
/** A configured value this short says nothing, and would blot out half of what is shown. */
const LEAST = 6
/** In an answer only what can hardly be there by chance is masked: a program goes on with it. */
const LEAST_IN_DATA = 12

/** Whether what goes by this name, in a header or a query, lets somebody in. */
export const opens = (name: string): boolean =>
  /auth|cookie|token|key|secret|session|signature|credential|passw/i.test(name)

interface Known {
  readonly token: string | null
  readonly secrets: readonly string[]
}
const lists = new WeakMap<LoadedPlugin, Known>()

/** Every secret that a plugin is called with: configured ones and tokens. Longest first, so that none is cut by another. */
export function secretsOf(plugin: LoadedPlugin, token: string | null): readonly string[] {
  const known = lists.get(plugin)
  if (known && known.token === token) return known.secrets
  const { configuration, definition, tokens } = plugin
  const fields = definition.configuration
    .filter(({ kind }) => kind === 'secret')
    .map(({ name }) => configuration[name] ?? '')
  const packaged =
    definition.auth.kind === 'none' ? [] : ['service_token', 'client_secret'].map((name) => configured(plugin, name))
  const signed = signatureFor(plugin, 'required')?.value.replace(/^(Bearer|Basic) /, '') ?? ''
  const all = [...fields, ...packaged, signed, tokens?.accessToken ?? '', tokens?.refreshToken ?? '', token ?? '']
  const secrets = [...new Set(all.map((one) => one.trim()))].filter((one) => one.length >= LEAST)
  secrets.sort((a, b) => b.length - a.length)
  lists.set(plugin, { token, secrets })
  return secrets
}

const written = new WeakMap<readonly string[], readonly string[]>()
/** Secrets as they are, as URLs and forms write them, and as JSON does. */
function formsOf(secrets: readonly string[]): readonly string[] {
  let forms = written.get(secrets)
  if (!forms) {
    const all = secrets.flatMap((one) => [
      ...[one, encode(one), encodeURIComponent(one.toWellFormed()), encode(one).replaceAll('%20', '+')],
      JSON.stringify(one).slice(1, -1),
    ])
    forms = [...new Set(all)].sort((a, b) => b.length - a.length)
    written.set(secrets, forms)
  }
  return forms
}
function withoutSecrets(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const form of formsOf(secrets)) if (masked.includes(form)) masked = masked.replaceAll(form, MASK)
  return masked
}

/** A text without these secrets, however they are written, and without what looks like one. */
export const maskCall = (text: string, secrets: readonly string[]): string => maskText(withoutSecrets(text, secrets))

/** An answer in which the plugin's own secrets came back, without them. What merely looks like one is left: it is data. */
export function maskData(data: Json, body: Buffer, secrets: readonly string[]): Json {
  const long = secrets.filter((one) => one.length >= LEAST_IN_DATA)
  if (data === null || !long.some((one) => body.includes(coreOf(one)))) return data
  const mask = (value: Json): Json => {
    if (typeof value === 'string') return withoutSecrets(value, long)
    if (Array.isArray(value)) return value.map(mask)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [withoutSecrets(name, long), mask(one)]))
  }
  return mask(data)
}
/** The longest part of a secret that is written alike everywhere. */
const coreOf = (secret: string): string =>
  (secret.match(/[A-Za-z0-9]+/g) ?? ['']).reduce((longest, one) => (one.length > longest.length ? one : longest))

const harmlessHeader = new Set(
  'accept accept-encoding accept-language accept-ranges age allow cache-control connection content-disposition content-encoding content-language content-length content-type date etag expires keep-alive last-modified location retry-after server transfer-encoding user-agent vary via'.split(
    ' ',
  ),
)

function headersShown(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  own: string,
  secrets: readonly string[],
) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
      const hidden = name === own || (!harmlessHeader.has(name) && opens(name))
      return [name, hidden ? MASK : maskCall(text, secrets)]
    }),
  )
}

const shownUrls = new WeakMap<LoadedPlugin, Map<string, string>>()
const MOST_URLS = 200

/** The address as people may see it. */
export function urlShown(plugin: LoadedPlugin, { url }: BuiltRequest, secrets: readonly string[]): string {
  const { href } = url
  let known = shownUrls.get(plugin)
  if (!known) {
    known = new Map()
    shownUrls.set(plugin, known)
  }
  let shown = known.get(href)
  if (shown === undefined) {
    shown = maskCall(withoutToken(plugin, url), secrets)
    if (known.size >= MOST_URLS) known.clear()
    if (href.length < 1000) known.set(href, shown)
  }
  return shown
}
function withoutToken({ definition: { auth } }: LoadedPlugin, url: URL): string {
  if (auth.kind !== 'serviceToken' || auth.place !== 'query' || !url.searchParams.has(auth.name)) return url.href
  const shown = new URL(url)
  shown.searchParams.set(auth.name, MASK)
  return shown.href
}

/** What went out and came back, secrets masked, bodies cut. */
export function exchangeOf(
  plugin: LoadedPlugin,
  request: BuiltRequest,
  token: string | null,
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
  const headers: JsonObject = token === null ? request.headers : { ...request.headers, authorization: MASK }
  return {
    method: request.method,
    url: urlShown(plugin, request, secrets),
    requestHeaders: headersShown(headers as Record<string, string>, own, secrets),
    requestBody: text === null ? null : maskCall(text.slice(0, SHOWN + MARGIN), secrets).slice(0, SHOWN),
    status: answer?.status ?? null,
    responseHeaders: headersShown(answer?.headers ?? {}, '', secrets),
    responseBytes: answer?.bytes ?? 0,
  }
}
