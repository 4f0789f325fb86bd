import type { Json, JsonObject, ReadPlugin, Tool } from '../packages/package-types.ts'
import type { CallArguments } from './call-types.ts'
import { isFile } from './check-value.ts'
import { compileTool, type Slot } from './compile-tool.ts'
import { exampleArguments } from './example.ts'
import { plainText, queryPairs } from './place-values.ts'
import { schemeOf } from './plugin-facts.ts'
import { isSecretName, placeholderName } from './prepare-call.ts'

type Entry = {
  readonly key: string
  readonly value: string
  readonly description?: string
  readonly disabled?: boolean
}

/** A plugin as a Postman collection v2.1: a request per callable tool, with example arguments. It holds no secret. */
export function postmanCollection(definition: ReadPlugin): JsonObject {
  const { name, description, server, tools } = definition
  const asked = new Set<string>()
  const item = tools.filter(({ disabled }) => disabled === null).map((tool) => itemOf(definition, tool, asked))
  const signIn = authOf(definition, asked)
  return {
    info: {
      ...{ name, description, version: definition.version },
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item,
    ...(signIn ? { auth: signIn } : {}),
    variable: [
      { key: 'base_url', value: server.replace(/\/+$/, ''), type: 'string' },
      ...[...asked].map((key) => ({ key, value: '', type: 'string' })),
    ],
  }
}

const pairs = (entries: Readonly<Record<string, string>>): Json =>
  Object.entries(entries).map(([key, value]) => ({ key, value, type: 'string' }))

/** Secrets are variables that whoever uses the collection fills in; `asked` takes their names. */
function authOf(definition: ReadPlugin, asked: Set<string>): JsonObject | null {
  const { auth } = definition
  switch (auth.kind) {
    case 'none':
      return null
    case 'serviceToken': {
      asked.add('service_token')
      const { name, place } = auth
      const value = '{{service_token}}'
      // As a call signs: the word is put before a token that has none.
      return schemeOf(definition) === 'Bearer'
        ? { type: 'bearer', bearer: pairs({ token: value }) }
        : { type: 'apikey', apikey: pairs({ key: name, value, in: place }) }
    }
    case 'oauth': {
      for (const one of ['client_id', 'client_secret']) asked.add(one)
      const { flow, authorizationUrl, tokenUrl, scope } = auth
      const grant = flow === 'clientCredentials' ? 'client_credentials' : 'authorization_code'
      const settings = {
        ...{ grant_type: grant, authUrl: authorizationUrl, accessTokenUrl: tokenUrl, scope, addTokenTo: 'header' },
        ...{ clientId: '{{client_id}}', clientSecret: '{{client_secret}}' },
      }
      return { type: 'oauth2', oauth2: pairs(settings) }
    }
  }
}

function itemOf(definition: ReadPlugin, tool: Tool, asked: Set<string>): JsonObject {
  const { slots, extra } = compileTool(definition, tool)
  const example = exampleArguments(definition, tool)
  const query: Entry[] = []
  const header: Entry[] = []
  const cookies: string[] = []
  const variable: Entry[] = []
  const fields: [string, Json][] = extra.body.map(({ name, value }) => [name, value])
  for (const slot of slots) {
    const { name, place, parameter } = slot
    const value = valueFor(slot, example)
    if (place === 'body') {
      if (value !== undefined) fields.push([name, value])
      continue
    }
    const described = parameter?.description ? { description: parameter.description } : {}
    if (value === undefined) {
      // What may be given as well is there to be switched on.
      const offered = place === 'query' ? query : place === 'header' ? header : null
      if (!slot.hidden) offered?.push({ key: name, value: '', disabled: true, ...described })
    } else if (place === 'query')
      query.push(...queryPairs(name, value, parameter ?? {}).map((pair) => ({ ...decodedPair(pair), ...described })))
    else if (place === 'path') variable.push({ key: name, value: joined(value), ...described })
    else if (place === 'cookie') cookies.push(`${name}=${joined(value)}`)
    else header.push({ key: name, value: withoutSecret(name, joined(value), slot, asked), ...described })
  }
  for (const { name, value } of extra.query) query.push({ key: name, value: withoutSecret(name, value, null, asked) })
  for (const { name, value } of extra.header) header.push({ key: name, value: withoutSecret(name, value, null, asked) })
  if (cookies.length > 0) header.push({ key: 'Cookie', value: cookies.join('; ') })
  const body = tool.body && (tool.body.required || fields.length > 0) ? bodyOf(tool.body, fields) : null
  // Of a form, Postman makes up the boundary that the type has to name.
  const typed = header.some(({ key, disabled }) => key.toLowerCase() === 'content-type' && !disabled)
  if (body && body['mode'] !== 'formdata' && !typed) header.push({ key: 'Content-Type', value: tool.body!.mediaType })
  return {
    name: tool.operationId,
    request: {
      method: tool.method,
      description: [...new Set([tool.summary, tool.description])].filter(Boolean).join('\n\n'),
      header,
      url: urlOf(tool, query, variable),
      ...(body ? { body } : {}),
    },
  }
}

function valueFor({ name, hidden, fallback, place }: Slot, example: CallArguments): Json | undefined {
  const value = !hidden && Object.hasOwn(example, name) ? example[name] : fallback
  return value === null && place !== 'body' ? undefined : value
}

/** What a package sends by itself to be let in is its secret: whoever uses the collection gives their own. */
function withoutSecret(name: string, value: string, slot: Slot | null, asked: Set<string>): string {
  const ownValue = slot === null || slot.hidden
  if (!ownValue || !isSecretName(name)) return value
  const variable = placeholderName(name)
  asked.add(variable)
  return `{{${variable}}}`
}

const joined = (value: Json): string => (Array.isArray(value) ? value.map(plainText).join(',') : plainText(value))
function decodedPair(pair: string): Entry {
  const at = pair.indexOf('=')
  return { key: decodeURIComponent(pair.slice(0, at)), value: decodeURIComponent(pair.slice(at + 1)) }
}

function urlOf(tool: Tool, query: readonly Entry[], variable: readonly Entry[]): JsonObject {
  const [bare = '', own = ''] = tool.path.split('?', 2)
  const all = [...[...new URLSearchParams(own)].map(([key, value]): Entry => ({ key, value })), ...query]
  const host = tool.server === undefined ? '{{base_url}}' : tool.server.replace(/\/+$/, '')
  const path = bare
    .replace(/^\/+/, '')
    .split('/')
    // Postman knows a variable as a whole part; elsewhere it is one of its own kind.
    .map((part) => part.replace(/^\{([\w.-]+)\}$/, ':$1').replace(/\{([^{}]+)\}/g, '{{$1}}'))
  const sent = all.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${encodeURIComponent(value)}`)
  return {
    raw: `${host}/${path.join('/')}${sent.length > 0 ? `?${sent.join('&')}` : ''}`,
    host: [host],
    path,
    ...(all.length > 0 ? { query: all } : {}),
    ...(variable.length > 0 ? { variable } : {}),
  }
}

function bodyOf({ mediaType, wrapped }: NonNullable<Tool['body']>, fields: readonly [string, Json][]): JsonObject {
  const type = mediaType.toLowerCase().split(';')[0]!.trim()
  const given: JsonObject = Object.fromEntries(fields)
  const whole: Json = wrapped === undefined ? given : (given[wrapped] ?? null)
  const each = (entry: (key: string, value: Json) => JsonObject) =>
    Object.entries<Json>(given).flatMap(([key, value]) =>
      Array.isArray(value) ? value.map((one: Json) => entry(key, one)) : [entry(key, value)],
    )
  const text = (key: string, value: Json): JsonObject => ({ key, value: plainText(value), type: 'text' })
  if (type === 'application/x-www-form-urlencoded') return { mode: 'urlencoded', urlencoded: each(text) }
  if (type === 'multipart/form-data') {
    const entry = (key: string, value: Json) => (isFile(value) ? { key, type: 'file', src: [] } : text(key, value))
    return { mode: 'formdata', formdata: each(entry) }
  }
  const raw = (content: string, language: string) => ({ mode: 'raw', raw: content, options: { raw: { language } } })
  if (/^application\/([^;]*\+)?json$/.test(type) || type.startsWith('*/') || type === 'application/*')
    return raw(JSON.stringify(whole, null, 2), 'json')
  if (/[/+]xml$/.test(type)) return raw(plainText(whole), 'xml')
  return type.startsWith('text/') ? raw(plainText(whole), 'text') : { mode: 'file', file: { src: '' } }
}
