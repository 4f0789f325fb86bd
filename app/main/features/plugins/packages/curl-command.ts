import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { ErrorDetails } from '../../../../shared/errors.ts'
import { fromJson } from '../../../lib/json.ts'
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

/** What was noticed in a command or a collection; whoever knows the file makes a finding of it. */
export interface Note {
  readonly severity: Finding['severity']
  readonly code:
    | 'CURL_UNREADABLE'
    | 'CURL_REST_IGNORED'
    | 'CURL_OPTION_IGNORED'
    | 'CURL_FILE_NOT_READ'
    | 'CURL_JSON_ASSUMED'
  readonly details: ErrorDetails
}

/** Options of curl by their long name, and which take a value; the rest changes how curl works, not what it sends. */
const shortNames: Record<string, string> = {
  ...{ X: 'request', H: 'header', d: 'data', F: 'form', u: 'user', G: 'get', I: 'head', A: 'user-agent', e: 'referer' },
  ...{ b: 'cookie', T: 'upload-file', o: 'output', m: 'max-time', x: 'proxy', c: 'cookie-jar', w: 'write-out' },
  ...{
    E: 'cert',
    U: 'proxy-user',
    r: 'range',
    K: 'config',
    D: 'dump-header',
    y: 'speed-time',
    Y: 'speed-limit',
    z: 'time-cond',
  },
}
const withValue = new Set([
  ...'request header data data-raw data-ascii data-binary data-urlencode json form form-string user url url-query'.split(
    ' ',
  ),
  ...'user-agent referer cookie upload-file output max-time connect-timeout proxy cookie-jar write-out cert key'.split(
    ' ',
  ),
  ...'cacert capath proxy-user range retry retry-delay retry-max-time limit-rate resolve connect-to interface'.split(
    ' ',
  ),
  ...'config dump-header speed-time speed-limit time-cond oauth2-bearer max-redirs ciphers noproxy max-filesize'.split(
    ' ',
  ),
])
/** These say what to send and are not understood here. */
const telling = new Set(['config', 'cert', 'key', 'proxy', 'range', 'next'])

interface Gathered {
  readonly headers: (readonly [name: string, value: string])[]
  readonly urls: string[]
  readonly data: { readonly value: string; readonly encoded: boolean }[]
  readonly fields: WrittenField[]
  readonly query: string[]
  method: string | null
  json: boolean
  get: boolean
  head: boolean
  user: string | null
  upload: boolean
}

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

function gather(
  words: readonly string[],
  note: (severity: Note['severity'], code: Note['code'], details?: ErrorDetails) => void,
) {
  const got: Gathered = {
    ...{ headers: [], urls: [], data: [], fields: [], query: [] },
    ...{ method: null, json: false, get: false, head: false, user: null, upload: false },
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (!word.startsWith('-') || word === '-') {
      got.urls.push(word)
      continue
    }
    for (const { name, value } of optionsOf(word)) {
      const needed = withValue.has(name)
      const given = needed ? (value ?? words[++at] ?? '') : ''
      if (!apply(got, name, given)) {
        if (telling.has(name) || (!needed && name.length < 2))
          note('info', 'CURL_OPTION_IGNORED', { name: word.slice(0, 40) })
      }
      if (/^(data|data-binary|data-ascii|json|upload-file)$/.test(name) && /^@/.test(given))
        note('warning', 'CURL_FILE_NOT_READ')
    }
  }
  return got
}

/** `-sSXPOST` is three options; the last may have its value with it. */
function* optionsOf(word: string): Generator<{ name: string; value: string | null }> {
  if (word.startsWith('--')) {
    yield { name: word.slice(2), value: null }
    return
  }
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!
    const name = Object.hasOwn(shortNames, letter) ? shortNames[letter]! : letter
    if (withValue.has(name)) {
      yield { name, value: at + 1 < word.length ? word.slice(at + 1) : null }
      return
    }
    // Known and without a word to say: silent, location, insecure, include, verbose and their like.
    yield { name: 'sSkLivfgN0#46'.includes(letter) ? 'silent' : name, value: null }
  }
}

/** Whether the option says something about the request. */
function apply(got: Gathered, name: string, value: string): boolean {
  switch (name) {
    case 'request':
      got.method = value.toUpperCase()
      return true
    case 'header': {
      const [, header, content] = /^([^:;]+)[:;]\s*(.*)$/s.exec(value) ?? []
      if (header) got.headers.push([header.trim(), content!.trim()])
      return true
    }
    case 'json':
      got.json = true
      got.data.push({ value, encoded: false })
      return true
    case 'data':
    case 'data-ascii':
    case 'data-raw':
    case 'data-binary':
      got.data.push({ value, encoded: false })
      return true
    case 'data-urlencode':
      got.data.push({ value, encoded: true })
      return true
    case 'form':
    case 'form-string': {
      const [, field, content] = /^([^=]+)=(.*)$/s.exec(value) ?? []
      const file = name === 'form' && /^[@<]/.test(content ?? '')
      const plain = name === 'form' ? content?.replace(/;type=[^;]*$/, '') : content
      if (field) got.fields.push({ name: field, value: file ? null : plain!, file, description: '' })
      return true
    }
    case 'user':
      got.user = value
      return true
    case 'oauth2-bearer':
      got.headers.push(['Authorization', `Bearer ${value}`])
      return true
    case 'user-agent':
    case 'referer':
    case 'cookie':
      got.headers.push([name === 'user-agent' ? 'User-Agent' : name === 'referer' ? 'Referer' : 'Cookie', value])
      return true
    case 'url':
      got.urls.push(value)
      return true
    case 'url-query':
      got.query.push(value)
      return true
    case 'get':
      got.get = true
      return true
    case 'head':
      got.head = true
      return true
    case 'upload-file':
      got.upload = true
      return true
    default:
      return false
  }
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
