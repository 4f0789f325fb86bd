import { below, rootSpot, type Spot } from './findings.ts'
import {
  at,
  eachReference,
  follow,
  isNode,
  listOf,
  methods,
  type Node,
  nodeOf,
  type Reading,
  textOf,
} from './openapi-nodes.ts'
import { withoutSlashes } from './openapi-server.ts'

const moved: readonly [from: string, to: string][] = [
  ['#/definitions/', '#/components/schemas/'],
  ['#/parameters/', '#/components/parameters/'],
  ['#/responses/', '#/components/responses/'],
]
/** What says how a value looks; in Swagger 2 it stands in the parameter itself. */
const schemaFields =
  'type format items enum default minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems uniqueItems pattern multipleOf'.split(
    ' ',
  )

/** Turns a Swagger 2.0 document into OpenAPI 3.0 in place; `origins` remembers where each moved part stood. */
export function convertSwagger2(reading: Reading): void {
  const { root, origins } = reading
  const top = rootSpot(reading.file)
  const consumes = mediaTypes(root['consumes'], ['application/json'])
  const produces = mediaTypes(root['produces'], ['application/json'])
  const parameters = nodeOf(root['parameters'])
  const pathsSpot = below(top, 'paths')
  for (const [path, item] of Object.entries(nodeOf(root['paths']))) {
    if (!isNode(item)) continue
    const itemSpot = at(reading, pathsSpot, path, item)
    const shared = listOf(item['parameters'])
    const sharedBodies = new Set(shared.filter((one) => isBody(follow(reading, one, itemSpot).value)))
    if (shared.length > 0)
      item['parameters'] = shared
        .filter((one) => !sharedBodies.has(one))
        .map((one, i) => parameter(reading, one, below(itemSpot, 'parameters', i)))
    for (const method of methods) {
      const operation = item[method]
      if (!isNode(operation)) continue
      const spot = at(reading, itemSpot, method, operation)
      const own = listOf(operation['parameters']).map((one, i) => ({ one, spot: below(spot, 'parameters', i) }))
      const all = [...own, ...[...sharedBodies].map((one) => ({ one, spot: below(itemSpot, 'parameters') }))]
      const bodies = all.filter(({ one, spot }) => isBody(follow(reading, one, spot).value))
      const taken = new Set(bodies.map(({ one }) => one))
      const body = requestBody(reading, bodies, mediaTypes(operation['consumes'], consumes))
      if (body) operation['requestBody'] = body
      if (own.length > 0)
        operation['parameters'] = own
          .filter(({ one }) => !taken.has(one))
          .map(({ one, spot }) => parameter(reading, one, spot))
      const answers = nodeOf(operation['responses'])
      for (const [status, answer] of Object.entries(answers))
        answers[status] = response(
          reading,
          answer,
          at(reading, below(spot, 'responses'), status, answer),
          mediaTypes(operation['produces'], produces),
        )
      delete operation['consumes']
      delete operation['produces']
      delete operation['schemes']
    }
  }
  const components: Node = { schemas: nodeOf(root['definitions']), parameters: {}, responses: {}, securitySchemes: {} }
  origins.set(components['schemas'] as object, below(top, 'definitions'))
  for (const [name, one] of Object.entries(parameters))
    if (!isBody(one)) (components['parameters'] as Node)[name] = parameter(reading, one, below(top, 'parameters', name))
  for (const [name, one] of Object.entries(nodeOf(root['responses'])))
    (components['responses'] as Node)[name] = response(reading, one, below(top, 'responses', name), produces)
  for (const [name, one] of Object.entries(nodeOf(root['securityDefinitions'])))
    (components['securitySchemes'] as Node)[name] = securityScheme(nodeOf(one))
  const servers = serversOf(root)
  for (const key of [
    'swagger',
    'host',
    'basePath',
    'schemes',
    'consumes',
    'produces',
    'definitions',
    'parameters',
    'responses',
    'securityDefinitions',
  ])
    delete root[key]
  Object.assign(root, { openapi: '3.0.3', servers, components })
  origins.set(servers, below(top, 'host'))
  eachReference(root, (node) => {
    const move = moved.find(([from]) => node.$ref.startsWith(from))
    if (move) node.$ref = move[1] + node.$ref.slice(move[0].length)
  })
}

const mediaTypes = (value: unknown, otherwise: readonly string[]): readonly string[] => {
  const types = listOf(value).filter((one) => typeof one === 'string')
  return types.length > 0 ? types : otherwise
}
const isBody = (value: unknown) => isNode(value) && (value['in'] === 'body' || value['in'] === 'formData')

function serversOf(root: Node): Node[] {
  const host = textOf(root['host'])
  const base = withoutSlashes(textOf(root['basePath']))
  if (host === '') return base === '' ? [] : [{ url: base }]
  const schemes = listOf(root['schemes']).filter((one) => one === 'http' || one === 'https')
  const scheme = schemes.includes('https') || schemes.length === 0 ? 'https' : 'http'
  return [{ url: `${scheme}://${host}${base}` }]
}

function schemaOf(source: Node): Node {
  const schema: Node = {}
  for (const field of schemaFields) if (Object.hasOwn(source, field)) schema[field] = source[field]
  return asBinary(schema)
}
const asBinary = (schema: Node): Node =>
  schema['type'] === 'file' ? { ...schema, type: 'string', format: 'binary' } : schema

function parameter(reading: Reading, value: unknown, spot: Spot): unknown {
  if (!isNode(value) || typeof value['$ref'] === 'string') return value
  const made: Node = {}
  for (const [key, one] of Object.entries(value))
    if (!schemaFields.includes(key) && key !== 'collectionFormat') made[key] = one
  const schema = isNode(value['schema']) ? value['schema'] : schemaOf(value)
  made['schema'] = schema
  if (value['collectionFormat'] === 'multi') made['explode'] = true
  else if (schema['type'] === 'array' && value['in'] === 'query') made['explode'] = false
  reading.origins.set(made, spot)
  if (!isNode(value['schema'])) reading.origins.set(schema, spot)
  return made
}

function requestBody(
  reading: Reading,
  bodies: readonly { readonly one: unknown; readonly spot: Spot }[],
  types: readonly string[],
): Node | null {
  if (bodies.length === 0) return null
  const parts = bodies.map(({ one, spot }) => ({ part: nodeOf(follow(reading, one, spot).value), spot }))
  const { spot } = bodies[0]!
  const whole = parts.find(({ part }) => part['in'] === 'body')
  let schema: Node
  let contentTypes: readonly string[]
  if (whole) {
    schema = asBinary(nodeOf(whole.part['schema']))
    contentTypes = types
    reading.origins.set(schema, below(whole.spot, 'schema'))
  } else {
    const properties = Object.fromEntries(
      parts.map(({ part, spot }) => {
        const made: Node = { ...schemaOf(part), ...(part['description'] ? { description: part['description'] } : {}) }
        reading.origins.set(made, spot)
        return [textOf(part['name']), made]
      }),
    )
    const required = parts.filter(({ part }) => part['required'] === true).map(({ part }) => textOf(part['name']))
    schema = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
    const files = parts.some(({ part }) => part['type'] === 'file')
    contentTypes = [
      files || (types.includes('multipart/form-data') && !types.includes('application/x-www-form-urlencoded'))
        ? 'multipart/form-data'
        : 'application/x-www-form-urlencoded',
    ]
    reading.origins.set(schema, spot)
  }
  const made: Node = {
    required: whole ? whole.part['required'] === true : parts.some(({ part }) => part['required'] === true),
    content: Object.fromEntries(contentTypes.map((type) => [type, { schema }])),
  }
  if (whole?.part['description']) made['description'] = whole.part['description']
  reading.origins.set(made, spot)
  return made
}

function response(reading: Reading, value: unknown, spot: Spot, types: readonly string[]): unknown {
  if (!isNode(value) || typeof value['$ref'] === 'string' || !isNode(value['schema'])) return value
  const { schema, examples: _, headers: __, ...rest } = value
  const shape = asBinary(schema as Node)
  reading.origins.set(shape, below(spot, 'schema'))
  const made = { ...rest, content: Object.fromEntries(types.map((type) => [type, { schema: shape }])) }
  reading.origins.set(made, spot)
  return made
}

function securityScheme(scheme: Node): Node {
  if (scheme['type'] === 'basic') return { type: 'http', scheme: 'basic' }
  if (scheme['type'] !== 'oauth2') return scheme
  const flows: Record<string, string> = { accessCode: 'authorizationCode', application: 'clientCredentials' }
  const flow = textOf(scheme['flow'])
  const { authorizationUrl = '', tokenUrl = '', scopes = {} } = scheme
  return { type: 'oauth2', flows: { [flows[flow] ?? flow]: { authorizationUrl, tokenUrl, scopes } } }
}
