import { AppError } from '../../../../shared/errors.ts'
import type { Json, JsonObject } from '../packages/package-types.ts'
import { objectParts } from './object-parts.ts'
import { isHidden, isObject, resolve } from './schema-nodes.ts'

/** Levels of an argument that are looked into; what is deeper is the other end's to refuse. */
const DEPTH = 20

/**
 * An argument as its schema wants it: text that reads as the number or boolean that is asked for becomes one. Fails with
 * ARGUMENT_INVALID for another type, a value that is not in the list, or an object that lacks something. Bounds, patterns
 * and variants are left to the other end, which knows them best.
 */
export function checkValue(document: JsonObject | null, raw: JsonObject, value: Json, name: string, depth = 0): Json {
  const schema = resolve(document, raw)
  if (value === null) return value
  const fail = (reason: string) => new AppError('ARGUMENT_INVALID', { name, reason })
  const coerced = coerce(schema['type'], value)
  if (coerced === undefined) throw fail(`it must be ${spoken(schema['type'])}`)
  const list = schema['enum']
  if (Array.isArray(list) && !list.some((one) => same(one, coerced))) {
    throw fail(
      `it must be one of ${list
        .slice(0, 20)
        .map((one) => JSON.stringify(one))
        .join(', ')}`,
    )
  }
  if (depth >= DEPTH) return coerced
  if (Array.isArray(coerced)) {
    const items = schema['items']
    return isObject(items)
      ? coerced.map((one, i) => checkValue(document, items, one, `${name}[${i}]`, depth + 1))
      : coerced
  }
  return isObject(coerced) ? checkObject(document, schema, coerced, name, depth) : coerced
}

function checkObject(
  document: JsonObject | null,
  schema: JsonObject,
  value: JsonObject,
  name: string,
  depth: number,
): Json {
  const { properties, required } = objectParts(document, schema)
  if (properties.size === 0 && required.size === 0) return value
  const isKept = (own: JsonObject | undefined) => !own || !isHiddenHere(document, own)
  const missing = [...required].filter((one) => {
    const own = properties.get(one)
    return !Object.hasOwn(value, one) && isKept(own) && defaultOf(document, own) === undefined
  })
  if (missing.length > 0)
    throw new AppError('ARGUMENT_MISSING', { names: missing.map((one) => `${name}.${one}`).join(', ') })
  const checked: [string, Json][] = []
  for (const [key, inner] of Object.entries(value)) {
    const own = properties.get(key)
    if (isKept(own)) checked.push([key, own ? checkValue(document, own, inner, `${name}.${key}`, depth + 1) : inner])
  }
  for (const [key, own] of properties) {
    const fallback = Object.hasOwn(value, key) && isKept(own) ? undefined : defaultOf(document, own)
    if (fallback !== undefined) checked.push([key, fallback])
  }
  return Object.fromEntries(checked)
}

const isHiddenHere = (document: JsonObject | null, raw: JsonObject) => isHidden(raw) || isHidden(resolve(document, raw))

const defaultOf = (document: JsonObject | null, raw: JsonObject | undefined): Json | undefined =>
  raw && (raw['default'] ?? resolve(document, raw)['default'])

/** Undefined where the value is of another type and does not read as this one. */
function coerce(type: Json | undefined, value: Json): Json | undefined {
  if (Array.isArray(type)) {
    const fits = type.map((one) => coerce(one, value)).find((one) => one !== undefined)
    return fits
  }
  switch (type) {
    case 'string':
      if (typeof value === 'number' || typeof value === 'boolean') return String(value)
      // A file is given as an object; its form of a body knows what to do with it.
      return typeof value === 'string' || isFile(value) ? value : undefined
    case 'integer':
      return typeof value === 'number' ? (Number.isInteger(value) ? value : undefined) : wholeOf(value)
    case 'number':
      return typeof value === 'number' ? value : numberOf(value, /^[+-]?\d{1,300}(\.\d{1,300})?(e[+-]?\d{1,3})?$/i)
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
    case 'array':
      return Array.isArray(value) ? value : undefined
    case 'object':
      return isObject(value) ? value : undefined
    case 'null':
      return undefined
    default:
      return value
  }
}
const numberOf = (value: Json, pattern: RegExp): number | undefined =>
  typeof value === 'string' && pattern.test(value) ? Number(value) : undefined
/** Text of more digits than a number holds exactly stays text: an id of 64 bits must arrive as it was given. */
function wholeOf(value: Json): number | string | undefined {
  const number = numberOf(value, /^[+-]?\d{1,30}$/)
  return number === undefined || Number.isSafeInteger(number) ? number : (value as string)
}
const spoken = (type: Json | undefined): string =>
  typeof type === 'string'
    ? ({ array: 'a list', object: 'an object', integer: 'a whole number' }[type] ?? `a ${type}`)
    : 'of another type'
const same = (a: Json, b: Json) =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

export interface FileValue {
  readonly filename: string
  readonly mediaType: string
  readonly base64: string
}
/** A file among the arguments: its bytes as base64, with the name and type that the other end is told. */
export function isFile(value: Json | undefined): value is Json & FileValue {
  return (
    isObject(value) &&
    typeof value['base64'] === 'string' &&
    (value['filename'] === undefined || typeof value['filename'] === 'string')
  )
}
