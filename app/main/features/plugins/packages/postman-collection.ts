import { fromJson } from '../../../lib/json.ts'
import type { Json, JsonObject, PluginAuth } from './package-types.ts'
import {
  basicToken,
  isAuthHeader,
  isMethod,
  isOwnHeader,
  splitUrl,
  type WrittenBody,
  type WrittenRequest,
  type WrittenValue,
} from './request-document.ts'

/** What was noticed, with the pointer of where it stands in the collection. */
export interface CollectionNote {
  readonly severity: 'error' | 'warning' | 'info'
  readonly code:
    | 'POSTMAN_REQUEST_UNREADABLE'
    | 'POSTMAN_VARIABLE_UNSET'
    | 'POSTMAN_AUTH_UNSUPPORTED'
    | 'POSTMAN_BODY_UNSUPPORTED'
    | 'POSTMAN_SCRIPT_IGNORED'
    | 'POSTMAN_TOO_MANY_REQUESTS'
  readonly details: Readonly<Record<string, string | number>>
  readonly pointer: string
}
export interface ReadCollection {
  readonly name: string
  readonly description: string
  readonly requests: readonly WrittenRequest[]
  readonly notes: readonly CollectionNote[]
}

const mostRequests = 5000
const deepestFolder = 32
/** Characters that the variables of one text may unfold to. */
const mostFilled = 100_000

/** Whether a document is a Postman collection of v2.0 or v2.1. */
export function isCollection(value: Json | undefined): value is JsonObject {
  const info = objectOf(objectOf(value)['info'])
  return (
    Array.isArray(objectOf(value)['item']) &&
    typeof (info['schema'] ?? info['_postman_id'] ?? info['name']) === 'string'
  )
}

/** The calls of a collection, with its variables filled in; a variable without a value becomes a parameter of its place. */
export function readCollection(collection: JsonObject): ReadCollection {
  const info = objectOf(collection['info'])
  const notes: CollectionNote[] = []
  const requests: WrittenRequest[] = []
  const unset = new Set<string>()
  const note = (
    severity: CollectionNote['severity'],
    code: CollectionNote['code'],
    pointer: string,
    details: CollectionNote['details'] = {},
  ) => {
    if (notes.length < 1000) notes.push({ severity, code, details, pointer })
  }

  function visit(items: Json | undefined, pointer: string, above: Above, depth: number): void {
    for (const [at, item] of listOf(items).entries()) {
      const here = `${pointer}/${at}`
      const node = objectOf(item)
      const inside: Above = {
        auth: node['auth'] ?? above.auth,
        variables: variablesOf(node['variable'], above.variables),
        folder: above.folder,
      }
      if (listOf(node['event']).length > 0) note('info', 'POSTMAN_SCRIPT_IGNORED', `${here}/event`)
      if (node['item'] !== undefined && depth < deepestFolder) {
        const folder = [above.folder, textOf(node['name'])].filter(Boolean).join(' / ')
        visit(node['item'], `${here}/item`, { ...inside, folder }, depth + 1)
      } else if (requests.length >= mostRequests) {
        note('warning', 'POSTMAN_TOO_MANY_REQUESTS', here, { most: mostRequests })
        return
      } else readRequest(node, here, inside)
    }
  }

  function readRequest(node: JsonObject, here: string, above: Above): void {
    const written = typeof node['request'] === 'string' ? { url: node['request'] } : objectOf(node['request'])
    const fill = filler(above.variables)
    const address = addressOf(written['url'], fill)
    const url = address && splitUrl(address.text)
    const method = (textOf(written['method']) || 'GET').toUpperCase()
    if (!url || !isMethod(method)) {
      note('warning', 'POSTMAN_REQUEST_UNREADABLE', here, { name: textOf(node['name']) })
      return
    }
    const open = /\{+([^{}]*)\}+/.exec(decodeURIComponent(url.server.replace(/%(?![\da-f]{2})/gi, '')))?.[1]
    if (open !== undefined && !unset.has(open)) {
      unset.add(open)
      note('warning', 'POSTMAN_VARIABLE_UNSET', `${here}/request/url`, { name: open })
    }
    const body = bodyOf(written['body'], fill)
    if (body === 'unsupported') note('warning', 'POSTMAN_BODY_UNSUPPORTED', `${here}/request/body`)
    const auth = authOf(written['auth'] ?? above.auth, fill)
    if (auth === null) note('warning', 'POSTMAN_AUTH_UNSUPPORTED', `${here}/request/auth`)
    const headers = pairsOf(written['header'], 'header', fill)
    const token = headers.find(({ name }) => isAuthHeader(name))
    requests.push({
      name: textOf(node['name']) || `${method} ${url.path}`,
      description: descriptionOf(written['description'] ?? node['description']),
      folder: above.folder,
      ...{ method, server: url.server, path: pathOf(url.path) },
      parameters: [
        ...pairsOf(address.query, 'query', fill),
        ...url.query.map(([name, value]) => writtenValue('query', name, value)),
        ...pairsOf(address.variables, 'path', fill),
        ...headers.filter(({ name }) => !isOwnHeader(name) && !isAuthHeader(name)),
      ],
      body: body === 'unsupported' ? null : body,
      auth: auth?.kind === 'none' && token?.value ? serviceToken(token.name, token.value) : (auth ?? { kind: 'none' }),
    })
  }

  const top = { auth: collection['auth'], variables: variablesOf(collection['variable'], new Map()), folder: '' }
  if (listOf(collection['event']).length > 0) note('info', 'POSTMAN_SCRIPT_IGNORED', '/event')
  visit(collection['item'], '/item', top, 0)
  return { name: textOf(info['name']), description: descriptionOf(info['description']), requests, notes }
}

/** What a request has from its folders. */
interface Above {
  readonly auth: Json | undefined
  readonly variables: ReadonlyMap<string, string>
  readonly folder: string
}

function variablesOf(list: Json | undefined, above: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const own = listOf(list).map(objectOf)
  if (own.length === 0) return above
  const variables = new Map(above)
  for (const one of own) {
    const name = textOf(one['key']) || textOf(one['id'])
    if (name && one['disabled'] !== true && textOf(one['value']) !== '') variables.set(name, textOf(one['value']))
  }
  return variables
}

type Fill = (text: string) => string
/** Variables may name others; five rounds are deeper than people go, and no circle outlasts them. */
function filler(variables: ReadonlyMap<string, string>): Fill {
  return (text) => {
    let filled = text
    let room = mostFilled
    for (let round = 0; round < 5 && filled.includes('{{'); round++) {
      filled = filled.replace(/\{\{([^{}]+)\}\}/g, (whole, name: string) => {
        const value = variables.get(name.trim()) ?? whole
        room -= value.length
        return room < 0 ? whole : value
      })
    }
    return filled
  }
}
/** The only thing in it is a variable that has no value: the caller gives one. */
const isOpen = (value: string) => /^\{\{[^{}]*\}\}$/.test(value)

function addressOf(url: Json | undefined, fill: Fill) {
  if (typeof url === 'string') return { text: plainVariables(fill(url)), query: undefined, variables: undefined }
  const parts = objectOf(url)
  const join = (value: Json | undefined, by: string) =>
    typeof value === 'string'
      ? value
      : listOf(value)
          .map((one) => textOf(typeof one === 'string' ? one : objectOf(one)['value']))
          .join(by)
  const host = join(parts['host'], '.')
  const port = textOf(parts['port'])
  const path = join(parts['path'], '/').replace(/^\/+/, '')
  const protocol = textOf(parts['protocol'])
  const made = host
    ? `${protocol ? `${protocol}://` : ''}${host}${port ? `:${port}` : ''}/${path}`
    : textOf(parts['raw'])
  if (made === '') return null
  // The query of the parts is read with its descriptions; the one in the text would say it twice.
  const filled = fill(made)
  const query = parts['query']
  return {
    text: plainVariables(query === undefined ? filled : filled.split('?', 1)[0]!),
    query,
    variables: parts['variable'],
  }
}
/** `{{id}}` becomes `{id}`, as a path template has it. */
const plainVariables = (text: string) =>
  text.replace(/\{\{([^{}]*)\}\}/g, (_, name: string) => `{${name.trim().replace(/[^\w.-]/g, '_')}}`)
/** `:id` becomes `{id}`. */
const pathOf = (path: string) => path.replace(/\/:([^/{}]+)/g, '/{$1}')

function pairsOf(list: Json | undefined, place: WrittenValue['place'], fill: Fill): WrittenValue[] {
  // v2.0 may have its headers as text, a line each.
  const lines =
    typeof list === 'string'
      ? list
          .split('\n')
          .map((line) => ({ key: line.split(':', 1)[0]!.trim(), value: line.slice(line.indexOf(':') + 1).trim() }))
      : listOf(list)
  return lines.map(objectOf).flatMap((one) => {
    const name = textOf(one['key']) || textOf(one['id'])
    const value = fill(textOf(one['value']))
    if (name === '' || one['disabled'] === true) return []
    const open = isOpen(value) || (place === 'path' && value === '')
    return [{ name, place, value: open ? null : value, description: descriptionOf(one['description']) }]
  })
}
const writtenValue = (place: WrittenValue['place'], name: string, value: string): WrittenValue => ({
  name,
  place,
  value,
  description: '',
})

function bodyOf(written: Json | undefined, fill: Fill): WrittenBody | null | 'unsupported' {
  const body = objectOf(written)
  if (body['disabled'] === true) return null
  switch (body['mode']) {
    case undefined:
    case null:
    case 'none':
      return null
    case 'raw': {
      const text = fill(textOf(body['raw']))
      if (text.trim() === '') return null
      const language = textOf(objectOf(objectOf(body['options'])['raw'])['language'])
      // A variable that stands for a number has no quotes around it; as text it can be read.
      const json = fromJson(text) ?? fromJson(text.replace(/(:\s*)(\{\{[^{}"]*\}\})/g, '$1"$2"'))
      if (json !== undefined && (language === 'json' || language === '' || typeof json === 'object'))
        return { kind: 'json', value: json as Json }
      const types: Record<string, string> = {
        xml: 'application/xml',
        html: 'text/html',
        javascript: 'application/javascript',
      }
      return { kind: 'text', mediaType: Object.hasOwn(types, language) ? types[language]! : 'text/plain', value: text }
    }
    case 'urlencoded':
    case 'formdata': {
      const list = listOf(body[body['mode']]).map(objectOf)
      const fields = list.flatMap((one) => {
        const value = fill(textOf(one['value']))
        const file = one['type'] === 'file'
        if (one['disabled'] === true || textOf(one['key']) === '') return []
        return [
          {
            name: textOf(one['key']),
            value: file || isOpen(value) ? null : value,
            file,
            description: descriptionOf(one['description']),
          },
        ]
      })
      return { kind: body['mode'] === 'formdata' ? 'multipart' : 'form', fields }
    }
    case 'graphql': {
      const graphql = objectOf(body['graphql'])
      const variables = fromJson(fill(textOf(graphql['variables']))) as Json | undefined
      return { kind: 'json', value: { query: fill(textOf(graphql['query'])), variables: variables ?? {} } }
    }
    default:
      return 'unsupported'
  }
}

const serviceToken = (name: string, token: string, place: 'header' | 'query' = 'header'): PluginAuth => ({
  kind: 'serviceToken',
  name,
  token,
  place,
})
/** Null for a scheme that cannot be done here. */
function authOf(written: Json | undefined, fill: Fill): PluginAuth | null {
  const auth = objectOf(written)
  const type = textOf(auth['type'])
  // v2.1 has a list of {key, value}, v2.0 an object.
  const settings = auth[type]
  const listed = listOf(settings).map(objectOf)
  const setting = (name: string) =>
    fill(
      textOf(Array.isArray(settings) ? listed.find((one) => one['key'] === name)?.['value'] : objectOf(settings)[name]),
    )
  switch (type) {
    case '':
    case 'noauth':
      return { kind: 'none' }
    case 'bearer':
      return serviceToken('Authorization', `Bearer ${setting('token')}`)
    case 'basic':
      return serviceToken('Authorization', basicToken(setting('username'), setting('password')))
    case 'apikey':
      return serviceToken(
        setting('key') || 'X-API-Key',
        setting('value'),
        setting('in') === 'query' ? 'query' : 'header',
      )
    default:
      return null
  }
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}
}
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
const descriptionOf = (value: Json | undefined): string =>
  (textOf(value) || textOf(objectOf(value)['content'])).slice(0, 2000)
