import type { Json, JsonObject, ParameterPlace, PluginAuth } from './package-types.ts'

/** A call as somebody wrote it down, with the values they used; it becomes one operation of a document. */
export interface WrittenRequest {
  readonly name: string
  readonly description: string
  readonly folder: string
  /** Upper case. */
  readonly method: string
  /** Scheme, host and port. */
  readonly server: string
  /** A template: `/users/{id}`. */
  readonly path: string
  readonly parameters: readonly WrittenValue[]
  readonly body: WrittenBody | null
  readonly auth: PluginAuth
}
export interface WrittenValue {
  readonly name: string
  readonly place: Exclude<ParameterPlace, 'cookie'>
  /** Null where the caller has to give it. */
  readonly value: string | null
  readonly description: string
}
export type WrittenBody =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'form' | 'multipart'; readonly fields: readonly WrittenField[] }
  | { readonly kind: 'text'; readonly mediaType: string; readonly value: string }
export interface WrittenField {
  readonly name: string
  readonly value: string | null
  readonly file: boolean
  readonly description: string
}

const methods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'])
export const isMethod = (method: string) => methods.has(method)

/**
 * An OpenAPI document of calls to one server. The values that were used become defaults, so that calling a tool without
 * arguments repeats what was written. Two calls of one method and path become one operation; `merged` names the later ones.
 */
export function documentOf(title: string, description: string, requests: readonly WrittenRequest[]) {
  const paths: Record<string, Record<string, Json>> = Object.create(null)
  const merged: string[] = []
  const ids = new Set<string>()
  for (const request of requests) {
    paths[request.path] ??= Object.create(null) as Record<string, Json>
    const operations = paths[request.path]!
    const method = request.method.toLowerCase()
    if (operations[method]) merged.push(request.name)
    else operations[method] = operationOf(request, freeId(request, ids))
  }
  const document: JsonObject = {
    openapi: '3.0.3',
    info: { title, description: description || title, version: 'v1.0.0' },
    servers: [{ url: requests[0]?.server ?? '' }],
    paths: Object.fromEntries(Object.entries(paths).map(([path, operations]) => [path, { ...operations }])),
  }
  return { document, merged }
}

/** Letters, digits and `_`: what every caller of tools accepts as a name; a Chinese name falls back to method and path. */
function freeId(request: WrittenRequest, taken: Set<string>): string {
  const plain = (text: string) =>
    text
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 56)
  const named = /^[\x20-\x7e]*$/.test(request.name) ? plain(request.name) : ''
  const base = named || plain(`${request.method.toLowerCase()}_${request.path}`)
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}_${n}`
  taken.add(id)
  return id
}

function operationOf(request: WrittenRequest, operationId: string): Json {
  const parameters = uniqueValues(request).map(({ name, place, value, description }) => ({
    name,
    in: place,
    required: place === 'path' || value === null,
    ...(description === '' ? {} : { description }),
    schema: value === null || value === '' ? { type: 'string' } : { type: 'string', default: value },
  }))
  return {
    operationId,
    summary: request.name,
    description: request.description || request.name,
    ...(request.folder === '' ? {} : { tags: [request.folder] }),
    parameters,
    ...(request.body === null ? {} : { requestBody: bodyOf(request.body) }),
    responses: {
      200: { description: 'OK', content: { 'application/json': { schema: { type: 'object', properties: {} } } } },
    },
  }
}

/** Of a name that is written twice the first counts; a path variable that nobody listed is one all the same. */
function uniqueValues({ path, parameters }: WrittenRequest): WrittenValue[] {
  const byKey = new Map<string, WrittenValue>()
  const inPath = [...path.matchAll(/\{([^{}/]+)\}/g)].map((match) => match[1]!)
  const unlisted = inPath.map((name) => ({ name, place: 'path', value: null, description: '' }) as const)
  for (const one of [...parameters, ...unlisted]) {
    const key = `${one.place}:${one.place === 'header' ? one.name.toLowerCase() : one.name}`
    if (!byKey.has(key) && (one.place !== 'path' || inPath.includes(one.name))) byKey.set(key, one)
  }
  return [...byKey.values()]
}

function bodyOf(body: WrittenBody): Json {
  switch (body.kind) {
    case 'json':
      return { content: { 'application/json': { schema: schemaOf(body.value, 0) } } }
    case 'text':
      return { content: { [body.mediaType]: { schema: { type: 'string', default: body.value } } } }
    default: {
      const mediaType = body.kind === 'form' ? 'application/x-www-form-urlencoded' : 'multipart/form-data'
      const properties = Object.fromEntries(body.fields.map((field) => [field.name, fieldSchema(field)]))
      const required = body.fields.filter(({ value }) => value === null).map(({ name }) => name)
      const schema = {
        type: 'object',
        properties,
        ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
      }
      return { content: { [mediaType]: { schema } } }
    }
  }
}
function fieldSchema({ value, file, description }: WrittenField): Json {
  return {
    type: 'string',
    ...(file ? { format: 'binary' } : {}),
    ...(value === null ? {} : { default: value }),
    ...(description === '' ? {} : { description }),
  }
}

/** The schema that an example fits, with the example as its default. */
function schemaOf(value: Json, depth: number): Json {
  if (value === null) return { type: 'string', nullable: true }
  if (Array.isArray(value)) {
    const first: Json | undefined = value[0]
    const items = first === undefined || depth > 16 ? { type: 'string' } : withoutDefaults(schemaOf(first, depth + 1))
    return { type: 'array', items, default: value }
  }
  if (typeof value === 'object') {
    if (depth > 16) return { type: 'object', default: value }
    const properties = Object.entries(value).map(([name, inner]) => [name, schemaOf(inner, depth + 1)] as const)
    return { type: 'object', properties: Object.fromEntries(properties) }
  }
  const type = typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
  return { type, default: value }
}
/** The element of an array is an example of its kind, not what an empty one should become. */
function withoutDefaults(schema: Json): Json {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return schema
  const { default: _, ...rest } = schema as JsonObject
  const { properties } = rest
  if (!properties || typeof properties !== 'object') return rest
  const inner = Object.entries(properties).map(([name, one]) => [name, withoutDefaults(one)] as const)
  return { ...rest, properties: Object.fromEntries(inner) }
}

/** Headers that the caller of a tool does not choose: they follow from the body, the server and the connection. */
const ownHeaders = new Set(['content-type', 'content-length', 'host', 'accept', 'accept-encoding', 'connection'])
export const isOwnHeader = (name: string) => ownHeaders.has(name.toLowerCase())

/** A call with a token in a header of this name is authorised by it: it belongs to the configuration, not to each call. */
export const isAuthHeader = (name: string) => /^(authorization|proxy-authorization|x-api-key|api-key)$/i.test(name)

export const basicToken = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** Scheme and host, path template and query of an address as people write it; null where it is none. */
export function splitUrl(
  written: string,
): { readonly server: string; readonly path: string; readonly query: readonly (readonly [string, string])[] } | null {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `http://${written}`
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') return null
  // Braces are what marks a variable; everything else stays as it has to be sent.
  const path = url.pathname.replace(/%7B/gi, '{').replace(/%7D/gi, '}')
  return { server: url.origin, path, query: [...url.searchParams] }
}
