import { below, rootSpot, type Spot } from './findings.ts'
import { lowerSchema } from './openapi-lower.ts'
import { at, isNode, listOf, methods, type Node, nodeOf, type Reading } from './openapi-nodes.ts'

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object'])
/** What people write for a type, and what they mean. */
const meant: Readonly<Record<string, Node>> = {
  int: { type: 'integer' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  long: { type: 'integer', format: 'int64' },
  short: { type: 'integer' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  decimal: { type: 'number' },
  str: { type: 'string' },
  text: { type: 'string' },
  char: { type: 'string' },
  uuid: { type: 'string', format: 'uuid' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  'date-time': { type: 'string', format: 'date-time' },
  timestamp: { type: 'string', format: 'date-time' },
  file: { type: 'string', format: 'binary' },
  binary: { type: 'string', format: 'binary' },
  bool: { type: 'boolean' },
  list: { type: 'array' },
  set: { type: 'array' },
  tuple: { type: 'array' },
  dict: { type: 'object' },
  map: { type: 'object' },
  json: { type: 'object' },
  any: {},
}
/** Formats that belong to one type; others are anybody's own. */
const formats: Readonly<Record<string, readonly string[]>> = {
  int32: ['integer', 'number'],
  int64: ['integer', 'number', 'string'],
  float: ['number'],
  double: ['number'],
  date: ['string'],
  'date-time': ['string'],
  uuid: ['string'],
  email: ['string'],
  binary: ['string'],
}
const bounds: readonly [string, string][] = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
]

/** Checks, mends and lowers every schema of the document: those of its components and those of its operations. */
export function checkSchemas(reading: Reading): void {
  const walk = createSchemaWalk(reading)
  const { root } = reading
  const top = rootSpot(reading.file)
  const components = nodeOf(root['components'])
  const spot = below(top, 'components')
  const schemas = nodeOf(components['schemas'])
  const schemasSpot = at(reading, spot, 'schemas', schemas)
  for (const [name, schema] of Object.entries(schemas))
    walk(schemas, name, schema, at(reading, schemasSpot, name, schema))
  for (const group of ['parameters', 'headers', 'requestBodies', 'responses'])
    for (const [name, one] of Object.entries(nodeOf(components[group])))
      holder(one, at(reading, below(spot, group), name, one))
  for (const [path, item] of [
    ...Object.entries(nodeOf(root['paths'])),
    ...Object.entries(nodeOf(components['pathItems'])),
  ]) {
    const itemSpot = at(reading, below(top, 'paths'), path, item)
    list(own(item, 'parameters'), below(itemSpot, 'parameters'))
    for (const method of methods) {
      const operation = own(item, method)
      if (!isNode(operation)) continue
      const operationSpot = at(reading, itemSpot, method, operation)
      list(operation['parameters'], below(operationSpot, 'parameters'))
      const body = operation['requestBody']
      if (body !== undefined) holder(body, at(reading, operationSpot, 'requestBody', body))
      for (const [status, answer] of Object.entries(nodeOf(operation['responses'])))
        holder(answer, at(reading, below(operationSpot, 'responses'), status, answer))
    }
  }
  function list(value: unknown, spot: Spot) {
    listOf(value).forEach((one, i) => {
      holder(one, at(reading, spot, i, one))
    })
  }
  /** Whatever has a schema, or content with one each, or headers. */
  function holder(value: unknown, spot: Spot) {
    if (!isNode(value)) return
    if (Object.hasOwn(value, 'schema'))
      walk(value, 'schema', value['schema'], at(reading, spot, 'schema', value['schema']))
    for (const [type, media] of Object.entries(nodeOf(value['content'])))
      holder(media, at(reading, below(spot, 'content'), type, media))
    for (const [name, header] of Object.entries(nodeOf(value['headers'])))
      holder(header, at(reading, below(spot, 'headers'), name, header))
  }
}

const own = (value: unknown, key: string) => nodeOf(value)[key]

function createSchemaWalk(reading: Reading) {
  const { report } = reading
  const seen = new WeakSet<object>()

  function walk(parent: Node | unknown[], key: string | number, value: unknown, spot: Spot): void {
    if (!isNode(value)) {
      // 3.1 allows true and false; 3.0 says the same with an empty schema and with its negation.
      const after = value === false ? { not: {} } : {}
      ;(parent as Node)[key] = after
      if (typeof value === 'boolean') report.changed('OPENAPI_LOWERED', spot, value, after)
      else report.add('error', 'SCHEMA_WRONG', spot, { reason: JSON.stringify(value) ?? 'nothing' })
      return
    }
    if (seen.has(value)) return
    seen.add(value)
    if (typeof value['$ref'] === 'string') return
    const lowered = lowerSchema(value)
    if (lowered) report.changed('OPENAPI_LOWERED', spot, lowered.before, lowered.after)
    check(value, spot)
    for (const word of ['properties', '$defs', 'definitions'])
      if (isNode(value[word])) {
        const inner = value[word]
        const innerSpot = below(spot, word)
        for (const name of Object.keys(inner)) walk(inner, name, inner[name], at(reading, innerSpot, name, inner[name]))
      }
    for (const word of ['allOf', 'anyOf', 'oneOf'])
      if (Array.isArray(value[word])) {
        const inner = value[word]
        const innerSpot = below(spot, word)
        inner.forEach((one, i) => {
          walk(inner, i, one, at(reading, innerSpot, i, one))
        })
      }
    for (const word of ['items', 'not', 'additionalProperties'])
      if (Object.hasOwn(value, word) && (word !== 'additionalProperties' || typeof value[word] !== 'boolean'))
        walk(value, word, value[word], at(reading, spot, word, value[word]))
  }

  function check(schema: Node, spot: Spot): void {
    const { type, required, format, pattern } = schema
    if (type !== undefined && !types.has(type as string)) {
      const name = typeof type === 'string' ? type : (JSON.stringify(type) ?? '')
      const known =
        meant[name.trim().toLowerCase()] ??
        (types.has(name.trim().toLowerCase()) ? { type: name.trim().toLowerCase() } : null)
      if (known) {
        const details = { type: name, instead: (known['type'] as string | undefined) ?? 'any' }
        report.mend('SCHEMA_TYPE', below(spot, 'type'), type, known['type'], details)
        delete schema['type']
        Object.assign(schema, { ...known, ...(format === undefined ? {} : { format }) })
      } else {
        report.mend('SCHEMA_TYPE', below(spot, 'type'), type, undefined, { type: name, instead: 'any' })
        delete schema['type']
      }
    }
    if (required !== undefined && !Array.isArray(required)) {
      report.mend('SCHEMA_REQUIRED', below(spot, 'required'), required, undefined)
      delete schema['required']
    }
    if (schema['enum'] !== undefined && !(Array.isArray(schema['enum']) && schema['enum'].length > 0)) {
      report.mend('SCHEMA_ENUM', below(spot, 'enum'), schema['enum'], undefined)
      delete schema['enum']
    }
    if (schema['type'] === 'array' && schema['items'] === undefined) {
      report.mend('SCHEMA_ITEMS', spot, undefined, {})
      schema['items'] = {}
    }
    if (
      typeof format === 'string' &&
      typeof type === 'string' &&
      Object.hasOwn(formats, format) &&
      types.has(type) &&
      !formats[format]!.includes(type)
    )
      report.add('info', 'SCHEMA_FORMAT', below(spot, 'format'), { format, type })
    if (typeof pattern === 'string') checkPattern(pattern, spot)
    for (const [least, most] of bounds) {
      const low = schema[least]
      const high = schema[most]
      if (typeof low === 'number' && typeof high === 'number' && low > high)
        report.add('warning', 'SCHEMA_BOUNDS', below(spot, least), { least, most })
    }
  }
  function checkPattern(pattern: string, spot: Spot): void {
    try {
      new RegExp(pattern, 'u')
    } catch (error) {
      // Without the u flag more is allowed, as most other languages do.
      try {
        new RegExp(pattern)
      } catch {
        report.add('warning', 'SCHEMA_PATTERN', below(spot, 'pattern'), { reason: (error as Error).message })
      }
    }
  }
  return walk
}
