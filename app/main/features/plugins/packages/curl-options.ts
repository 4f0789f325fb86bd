import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { ErrorDetails } from '../../../../shared/errors.ts'
import type { WrittenField } from './request-document.ts'

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

export interface Gathered {
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

/** What the words after `curl` say about the request. */
export function gather(
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
