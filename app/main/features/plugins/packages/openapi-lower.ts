import { isNode, listOf, type Node } from './openapi-nodes.ts'

/** Words of 3.1 that say nothing in 3.0 and that a call can do without. */
const dropped =
  '$schema $id $anchor $dynamicRef $dynamicAnchor $comment $vocabulary if then else dependentSchemas dependentRequired patternProperties propertyNames contains minContains maxContains unevaluatedItems unevaluatedProperties contentSchema'.split(
    ' ',
  )
const newer = new Set([...dropped, 'const', 'examples', 'prefixItems', 'contentEncoding', 'contentMediaType'])

/** Rewrites one schema of 3.1 in the words of 3.0, in place; answers what changed, or null. */
export function lowerSchema(schema: Node): { readonly before: Node; readonly after: Node } | null {
  if (!isNewer(schema)) return null
  const original = { ...schema }
  for (const word of dropped) delete schema[word]
  lowerTypes(schema)
  lowerNull(schema)
  if (Object.hasOwn(schema, 'const')) {
    schema['enum'] = [schema['const']]
    delete schema['const']
  }
  if (Object.hasOwn(schema, 'examples')) {
    const [example] = listOf(schema['examples'])
    if (example !== undefined && !Object.hasOwn(schema, 'example')) schema['example'] = example
    delete schema['examples']
  }
  for (const [word, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const bound = schema[word]
    if (typeof bound !== 'number') continue
    const other = schema[plain]
    const tighter = typeof other === 'number' && (plain === 'minimum' ? other > bound : other < bound)
    if (tighter) delete schema[word]
    else Object.assign(schema, { [plain]: bound, [word]: true })
  }
  if (Object.hasOwn(schema, 'prefixItems')) {
    if (!isNode(schema['items'])) schema['items'] = {}
    delete schema['prefixItems']
  }
  if (Object.hasOwn(schema, 'contentEncoding') || Object.hasOwn(schema, 'contentMediaType')) {
    if (schema['type'] === 'string') schema['format'] ??= schema['contentEncoding'] === 'base64' ? 'byte' : 'binary'
    delete schema['contentEncoding']
    delete schema['contentMediaType']
  }
  const before: Node = {}
  const after: Node = {}
  for (const key of new Set([...Object.keys(original), ...Object.keys(schema)])) {
    if (original[key] === schema[key]) continue
    if (Object.hasOwn(original, key)) before[key] = original[key]
    if (Object.hasOwn(schema, key)) after[key] = schema[key]
  }
  return { before, after }
}

function isNewer(schema: Node): boolean {
  if (Array.isArray(schema['type']) || schema['type'] === 'null') return true
  if (typeof schema['exclusiveMinimum'] === 'number' || typeof schema['exclusiveMaximum'] === 'number') return true
  for (const word of ['anyOf', 'oneOf']) if (listOf(schema[word]).some(isNull)) return true
  for (const word in schema) if (newer.has(word)) return true
  return false
}

const isNull = (schema: unknown) => isNode(schema) && schema['type'] === 'null'

function lowerTypes(schema: Node): void {
  if (schema['type'] === 'null') {
    delete schema['type']
    Object.assign(schema, { nullable: true, enum: [null] })
    return
  }
  if (!Array.isArray(schema['type'])) return
  const types = [...new Set(schema['type'])]
  const real = types.filter((type) => type !== 'null')
  if (real.length < types.length) schema['nullable'] = true
  if (real.length === 1) schema['type'] = real[0]
  else {
    delete schema['type']
    if (real.length > 1 && !Object.hasOwn(schema, 'anyOf'))
      schema['anyOf'] = real.map((type) => (type === 'array' ? { type, items: schema['items'] ?? {} } : { type }))
  }
}

function lowerNull(schema: Node): void {
  for (const word of ['anyOf', 'oneOf']) {
    const choices = listOf(schema[word])
    const real = choices.filter((choice) => !isNull(choice))
    if (real.length === choices.length) continue
    schema['nullable'] = true
    if (real.length === 0) delete schema[word]
    else schema[word] = real
  }
}
