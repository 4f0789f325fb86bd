import { fromJson } from '../../../lib/json.ts'
import type { Json, JsonObject, PluginAuth } from './package-types.ts'
import { basicToken, type WrittenBody } from './request-document.ts'

/** Characters that the variables of one text may unfold to. */
const mostFilled = 100_000

export type Fill = (text: string) => string
/** Variables may name others; five rounds are deeper than people go, and no circle outlasts them. */
export function filler(variables: ReadonlyMap<string, string>): Fill {
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
export const isOpen = (value: string) => /^\{\{[^{}]*\}\}$/.test(value)

export function bodyOf(written: Json | undefined, fill: Fill): WrittenBody | null | 'unsupported' {
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

export const serviceToken = (name: string, token: string, place: 'header' | 'query' = 'header'): PluginAuth => ({
  kind: 'serviceToken',
  name,
  token,
  place,
})
/** Null for a scheme that cannot be done here. */
export function authOf(written: Json | undefined, fill: Fill): PluginAuth | null {
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

export function objectOf(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}
}
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
export const descriptionOf = (value: Json | undefined): string =>
  (textOf(value) || textOf(objectOf(value)['content'])).slice(0, 2000)
