// From a collection to calls: walking the folders, and reading addresses and their parameters. What a single request
// holds besides (body, sign-in, variables) is in postman-parts.ts.
import type { Json, JsonObject } from './package-types.ts'
import {
  authOf,
  bodyOf,
  descriptionOf,
  type Fill,
  filler,
  isOpen,
  listOf,
  objectOf,
  serviceToken,
  textOf,
} from './postman-parts.ts'
import {
  isAuthHeader,
  isMethod,
  isOwnHeader,
  splitUrl,
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
