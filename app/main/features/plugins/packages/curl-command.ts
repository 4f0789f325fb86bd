import type { ErrorDetails } from '../../../../shared/errors.ts'
import { fromJson } from '../../../lib/json.ts'
import { type Gathered, gather, type Note } from './curl-options.ts'
import { splitWords } from './curl-words.ts'
import type { Json, PluginAuth } from './package-types.ts'
import {
  basicToken,
  isAuthHeader,
  isMethod,
  isOwnHeader,
  splitUrl,
  type WrittenBody,
  type WrittenField,
  type WrittenRequest,
  type WrittenValue,
} from './request-document.ts'

/** One curl command as the call that it makes; files that it names are not read. */
export function parseCurl(text: string): { readonly request: WrittenRequest | null; readonly notes: readonly Note[] } {
  const notes: Note[] = []
  const note = (severity: Note['severity'], code: Note['code'], details: ErrorDetails = {}) => {
    if (notes.length < 50) notes.push({ severity, code, details })
  }
  const { words, rest, open } = splitWords(text)
  if (rest) note('info', 'CURL_REST_IGNORED')
  const start = words.findIndex((word) => /(^|[\\/])curl(\.exe)?$/.test(word))
  if (open) note('error', 'CURL_UNREADABLE', { reason: 'quote' })
  else if (start === -1) note('error', 'CURL_UNREADABLE', { reason: 'curl' })
  if (open || start === -1) return { request: null, notes }
  const gathered = gather(words.slice(start + 1), note)
  const url = gathered.urls[0] === undefined ? null : splitUrl(gathered.urls[0])
  const method = methodOf(gathered)
  if (!url || !isMethod(method)) {
    note('error', 'CURL_UNREADABLE', { reason: url ? 'method' : 'url' })
    return { request: null, notes }
  }
  return { request: requestOf(gathered, url, method, note), notes }
}

function methodOf(got: Gathered): string {
  if (got.method !== null) return got.method
  if (got.get) return 'GET'
  if (got.head) return 'HEAD'
  if (got.upload) return 'PUT'
  return got.data.length + got.fields.length > 0 ? 'POST' : 'GET'
}

function requestOf(
  got: Gathered,
  url: NonNullable<ReturnType<typeof splitUrl>>,
  method: string,
  note: (severity: Note['severity'], code: Note['code'], details?: ErrorDetails) => void,
): WrittenRequest {
  const pairs = [...url.query, ...got.query.map(pairOf)]
  if (got.get)
    pairs.push(...got.data.flatMap((data) => fieldsOf([data])).map(({ name, value }) => [name, value ?? ''] as const))
  const values: WrittenValue[] = pairs.map(([name, value]) => ({ name, place: 'query', value, description: '' }))
  for (const [name, value] of got.headers) {
    if (!isOwnHeader(name) && !isAuthHeader(name)) values.push({ name, place: 'header', value, description: '' })
  }
  return {
    ...{ name: `${method} ${url.path}`, description: '', folder: '', method, server: url.server, path: url.path },
    parameters: values,
    body: got.get || method === 'HEAD' ? null : bodyOf(got, note),
    auth: authOf(got),
  }
}

function authOf(got: Gathered): PluginAuth {
  const header = got.headers.find(([name]) => isAuthHeader(name))
  if (header) return { kind: 'serviceToken', name: header[0], token: header[1], place: 'header' }
  if (got.user === null) return { kind: 'none' }
  const [user, ...password] = got.user.split(':')
  return { kind: 'serviceToken', name: 'Authorization', token: basicToken(user!, password.join(':')), place: 'header' }
}

function bodyOf(got: Gathered, note: (severity: Note['severity'], code: Note['code']) => void): WrittenBody | null {
  if (got.fields.length > 0) return { kind: 'multipart', fields: got.fields }
  if (got.upload) return { kind: 'text', mediaType: 'application/octet-stream', value: '' }
  if (got.data.length === 0) return null
  const header = got.headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? ''
  const declared = header.split(';', 1)[0]!.trim().toLowerCase()
  const whole = got.data.map(({ value }) => value).join(got.json ? '' : '&')
  const json = fromJson(whole) as Json | undefined
  const structured = json !== undefined && json !== null && typeof json === 'object'
  if (json !== undefined && (got.json || (declared ? /[/+]json$/.test(declared) : structured))) {
    if (!declared && !got.json) note('info', 'CURL_JSON_ASSUMED')
    return { kind: 'json', value: json }
  }
  if (!declared || declared === 'application/x-www-form-urlencoded') return { kind: 'form', fields: fieldsOf(got.data) }
  return { kind: 'text', mediaType: declared, value: whole }
}

/** The fields of `a=1&b=2`; of `--data-urlencode` only the name is taken as it stands. */
function fieldsOf(data: Gathered['data']): WrittenField[] {
  return data.flatMap(({ value, encoded }) => {
    const pairs = encoded ? [pairOf(value)] : [...new URLSearchParams(value)]
    return pairs.map(([name, value]) => ({ name, value, file: false, description: '' }))
  })
}
function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
