import { below, type Spot } from './findings.ts'
import { at, follow, followToCopy, isNode, listOf, type Node, nodeOf, type Reading } from './openapi-nodes.ts'
import type { JsonObject, Tool } from './package-types.ts'

const isJson = (type: string) => /^application\/([^;]*\+)?json\b/i.test(type)
const preference = [
  isJson,
  (type: string) => type.startsWith('application/x-www-form-urlencoded'),
  (type: string) => type.startsWith('multipart/form-data'),
]

/** The media type that is used: JSON before forms before whatever is left. */
function chooseMedia(content: Node): string | null {
  const types = Object.keys(content)
  for (const fits of preference) {
    const found = types.find(fits)
    if (found !== undefined) return found
  }
  return types[0] ?? null
}

/** Schemas that may be looked through to tell what one is, or all: a few that name each other often unfold to billions. */
const mostSchemas = 1000
const mostSchemasInAll = 2_000_000

/** What a schema is when it is no object: a word for the finding; null for an object. */
function kindOf(reading: Reading, schema: unknown, spot: Spot, hops = 0, seen = { count: 0 }): string | null {
  if (++seen.count > mostSchemas || ++reading.spent.schemas > mostSchemasInAll) return 'anything'
  const shape = follow(reading, schema, spot).value
  if (!isNode(shape)) return 'nothing'
  const type = shape['type']
  if (
    type === 'object' ||
    (type === undefined && (isNode(shape['properties']) || isNode(shape['additionalProperties'])))
  )
    return null
  if (typeof type === 'string') return type
  for (const word of ['allOf', 'anyOf', 'oneOf']) {
    const parts = listOf(shape[word]).slice(0, mostSchemas)
    if (parts.length === 0 || hops > 20) continue
    const kinds = parts.map((part) => kindOf(reading, part, spot, hops + 1, seen))
    return word === 'allOf' ? (kinds.includes(null) ? null : kinds[0]!) : (kinds.find((kind) => kind !== null) ?? null)
  }
  return 'anything'
}

/** The body of an operation: one media type and an object; `null` for an operation without one. */
export function readBody(reading: Reading, operation: Node, operationSpot: Spot): Tool['body'] {
  if (operation['requestBody'] === undefined) return null
  const { report } = reading
  const start = at(reading, operationSpot, 'requestBody', operation['requestBody'])
  const { value, spot } = followToCopy(reading, operation['requestBody'], start)
  const body = nodeOf(value)
  const content = nodeOf(body['content'])
  const required = body['required'] === true
  const write = (mediaType: string, schema: unknown) => {
    operation['requestBody'] = {
      ...body,
      required,
      content: { [mediaType]: { ...nodeOf(content[mediaType]), schema } },
    }
  }
  const mediaType = chooseMedia(content)
  if (mediaType === null) {
    report.mend('BODY_EMPTY', spot, body['content'], { 'application/json': { schema: { type: 'object' } } })
    write('application/json', { type: 'object' })
    return { mediaType: 'application/json', required, schema: { type: 'object' } }
  }
  const contentSpot = below(spot, 'content')
  const types = Object.keys(content)
  if (types.length > 1)
    report.mend('BODY_SEVERAL_MEDIA_TYPES', contentSpot, types, [mediaType], { count: types.length })
  const schema = isNode(nodeOf(content[mediaType])['schema']) ? (nodeOf(content[mediaType])['schema'] as Node) : {}
  const schemaSpot = at(reading, below(contentSpot, mediaType), 'schema', schema)
  const type = kindOf(reading, schema, schemaSpot)
  if (type === null) {
    write(mediaType, schema)
    return { mediaType, required, schema: schema as JsonObject }
  }
  const wrapper = { type: 'object', properties: { body: schema }, ...(required ? { required: ['body'] } : {}) }
  report.mend('BODY_NOT_OBJECT', schemaSpot, schema, wrapper, { type })
  write(mediaType, wrapper)
  return { mediaType, required, schema: wrapper as JsonObject, wrapped: 'body' }
}

type Answer = Pick<Tool, 'response' | 'responseWrapped'>

/** The success of an operation: a response 200 with a JSON object. */
export function readResponse(reading: Reading, operation: Node, operationSpot: Spot): Answer {
  const { report } = reading
  const responses = nodeOf(operation['responses'])
  const spot = below(operationSpot, 'responses')
  const statuses = Object.keys(responses)
  const any = { description: '', content: { 'application/json': { schema: { type: 'object' } } } }
  const settle = (response: unknown) => {
    operation['responses'] = { ...responses, '200': response }
  }
  if (statuses.length === 0) {
    const where = operation['responses'] === undefined ? operationSpot : spot
    report.mend('RESPONSES_MISSING', where, operation['responses'], { '200': any })
    settle(any)
    return { response: null }
  }
  const status =
    statuses.find((one) => one === '200') ??
    statuses.find((one) => /^2\d\d$/.test(one)) ??
    statuses.find((one) => /^2xx$/i.test(one)) ??
    (statuses.every((one) => one === 'default') ? 'default' : undefined)
  if (status !== '200') {
    const after = status === undefined ? any : responses[status]
    report.mend('RESPONSE_200_MISSING', spot, statuses, after)
    if (status === undefined) {
      settle(any)
      return { response: null }
    }
  }
  const found = followToCopy(reading, responses[status!], at(reading, spot, status!, responses[status!]))
  const response = nodeOf(found.value)
  if (reading.emptied.has(response)) {
    settle(any)
    return { response: null }
  }
  const content = nodeOf(response['content'])
  const mediaType = chooseMedia(content)
  const contentSpot = below(found.spot, 'content')
  if (mediaType === null) {
    // 204 and its like have nothing to say; upstream wants a shape all the same.
    report.upstream('RESPONSE_NOT_JSON', found.spot)
    settle({ ...response, description: response['description'] ?? '', content: any.content })
    return { response: null }
  }
  const schema = nodeOf(nodeOf(content[mediaType])['schema'])
  const schemaSpot = at(reading, below(contentSpot, mediaType), 'schema', schema)
  if (reading.emptied.has(schema)) {
    settle({ ...response, content: any.content })
    return { response: null }
  }
  const type = Object.keys(schema).length === 0 ? 'anything' : kindOf(reading, schema, schemaSpot)
  const write = (shape: unknown) => settle({ ...response, content: { 'application/json': { schema: shape } } })
  if (type === null) {
    if (!isJson(mediaType)) report.mend('RESPONSE_NOT_JSON', contentSpot, Object.keys(content), ['application/json'])
    write(schema)
    return { response: schema as JsonObject }
  }
  const wrapper = { type: 'object', properties: { data: schema } }
  if (isJson(mediaType)) report.mend('RESPONSE_NOT_OBJECT', schemaSpot, schema, wrapper, { type })
  else report.mend('RESPONSE_NOT_JSON', contentSpot, Object.keys(content), ['application/json'])
  write(wrapper)
  return { response: wrapper as JsonObject, responseWrapped: 'data' }
}
