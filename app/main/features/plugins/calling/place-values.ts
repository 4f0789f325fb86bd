import { AppError } from '../../../../shared/errors.ts'
import type { Json, Parameter } from '../packages/package-types.ts'
import { isObject } from './schema-nodes.ts'

type Style = Pick<Parameter, 'style' | 'explode'>
const text = (value: Json): string =>
  typeof value === 'string'
    ? value
    : value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
const invalid = (name: string, reason: string) => new AppError('ARGUMENT_INVALID', { name, reason })

/** Everything but unreserved characters is encoded, so that a value can neither end its part of the path nor begin another. */
export const encode = (value: string): string =>
  encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** A value as a part of the path. A value that would climb out of its folder is refused. */
export function pathPart(name: string, value: Json, { style = 'simple', explode = false }: Style): string {
  const parts = (separator: string, pairs: string) =>
    Array.isArray(value)
      ? value.map((one) => encode(text(one))).join(separator)
      : isObject(value)
        ? Object.entries(value)
            .map(([key, one]) => `${encode(key)}${pairs}${encode(text(one))}`)
            .join(separator)
        : encode(text(value))
  const matrix = () => {
    if (explode && Array.isArray(value)) return value.map((one) => `;${encode(name)}=${encode(text(one))}`).join('')
    return explode && isObject(value) ? `;${parts(';', '=')}` : `;${encode(name)}=${parts(',', ',')}`
  }
  const pairs = explode ? '=' : ','
  const made =
    style === 'matrix' ? matrix() : style === 'label' ? `.${parts(explode ? '.' : ',', pairs)}` : parts(',', pairs)
  if (made === '' || made === '.' || made === '..')
    throw invalid(name, `"${text(value).slice(0, 20)}" cannot be a part of a path`)
  return made
}

/** A value as pairs of the query, encoded. Lists repeat unless the document says otherwise. */
export function queryPairs(name: string, value: Json, { style = 'form', explode = style === 'form' }: Style): string[] {
  const pair = (key: string, one: string) => `${encode(key)}=${one}`
  if (Array.isArray(value)) {
    const items = value.map((one) => encode(text(one)))
    if (style === 'deepObject' || (style === 'form' && explode)) return items.map((one) => pair(name, one))
    return [pair(name, items.join({ spaceDelimited: '%20', pipeDelimited: '%7C' }[style] ?? ','))]
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
    if (style === 'deepObject')
      return entries.flatMap(([key, one]) =>
        isObject(one) ? queryPairs(`${name}[${key}]`, one, { style }) : queryPairs(`${name}[${key}]`, one, {}),
      )
    if (style === 'form' && explode) return entries.map(([key, one]) => pair(key, encode(text(one))))
    return [pair(name, entries.flatMap(([key, one]) => [encode(key), encode(text(one))]).join(','))]
  }
  return [pair(name, encode(text(value)))]
}

// What HTTP itself needs, or what would make one request two.
const ownHeaders = new Set(
  'connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
)

/** A value as a header. Line breaks and what no header can hold are refused; other characters go out as UTF-8. */
export function headerValue(name: string, value: Json, { explode = false }: Style): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/.test(name)) throw invalid(name, 'it is no name of a header')
  if (ownHeaders.has(name.toLowerCase())) throw invalid(name, 'this header is set by HTTP itself')
  const written = Array.isArray(value)
    ? value.map(text).join(',')
    : isObject(value)
      ? Object.entries(value)
          .map(([key, one]) => `${key}${explode ? '=' : ','}${text(one)}`)
          .join(',')
      : text(value)
  if (/\p{Cc}/u.test(written.replaceAll('\t', ' ')))
    throw invalid(name, 'a header holds no line breaks or control characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is not one byte
  return /[^\u0000-\u00ff]/.test(written) ? Buffer.from(written.toWellFormed(), 'utf8').toString('latin1') : written
}

/** Whether a caller may set a header of this name. */
export const isOwnHeader = (name: string): boolean => ownHeaders.has(name.toLowerCase())

/** A value as a cookie's. */
export const cookieValue = (value: Json): string =>
  Array.isArray(value) ? value.map((one) => encode(text(one))).join(',') : encode(text(value))

/** Fields as a form; a list repeats, an object is written as JSON. */
export function formBody(fields: Iterable<readonly [string, Json]>): string {
  const pairs: string[] = []
  for (const [name, value] of fields) {
    for (const one of Array.isArray(value) ? value : [value])
      pairs.push(`${encode(name)}=${encode(text(one)).replace(/%20/g, '+')}`)
  }
  return pairs.join('&')
}
export { text as plainText }
