import { below, type Spot } from './findings.ts'
import { at, follow, followToCopy, isNode, listOf, type Node, nodeOf, type Reading, textOf } from './openapi-nodes.ts'
import type { JsonObject, Parameter, ParameterPlace } from './package-types.ts'

const places = new Set(['header', 'path', 'query', 'cookie'])
interface Declared {
  readonly node: Node
  readonly spot: Spot
}

/** The parameters of an operation, those of its path included, each checked and mended. */
export function readParameters(reading: Reading, path: string, item: Declared, operation: Declared): Parameter[] {
  const { report } = reading
  const chosen = new Map<string, Declared>()
  for (const { node, spot } of [item, operation]) {
    const here = new Set<string>()
    listOf(node['parameters']).forEach((one, i) => {
      const place = at(reading, below(spot, 'parameters'), i, one)
      const declared = declaration(reading, one, place)
      if (declared === null) return
      const key = `${textOf(declared.node['in'])} ${textOf(declared.node['name'])}`
      if (here.has(key))
        report.mend('PARAMETER_DUPLICATE', place, one, undefined, { name: textOf(declared.node['name']) })
      else chosen.set(key, declared)
      here.add(key)
    })
  }
  const templates = new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!))
  const read: Parameter[] = []
  for (const { node, spot } of chosen.values()) {
    const name = textOf(node['name'])
    if (node['in'] === 'path') {
      if (!templates.delete(name)) {
        report.mend('PARAMETER_NOT_IN_PATH', spot, node, undefined, { name })
        continue
      }
      if (node['required'] !== true) report.mend('PARAMETER_NOT_REQUIRED', spot, node['required'], true, { name })
    }
    read.push(parameter(reading, node, spot))
  }
  for (const name of templates) {
    const made: Parameter = { name, place: 'path', required: true, description: '', schema: { type: 'string' } }
    report.mend('PARAMETER_UNDECLARED', operation.spot, undefined, written(made), { name })
    read.push(made)
  }
  operation.node['parameters'] = read.map(written)
  return read
}

/** A parameter as it stands in the repaired document. */
const written = ({ name, place, required, description, schema, style, explode }: Parameter) => ({
  ...{ name, in: place, required, description, schema },
  ...(style === undefined ? {} : { style }),
  ...(explode === undefined ? {} : { explode }),
})

function declaration(reading: Reading, value: unknown, spot: Spot): Declared | null {
  const found = followToCopy(reading, value, spot)
  const refuse = (reason: string) => {
    reading.report.mend('PARAMETER_WRONG', spot, value, undefined, { reason })
    return null
  }
  // A broken reference was reported and emptied; it disables the tool by itself.
  if (!isNode(found.value)) return refuse('it is not an object')
  if (Object.keys(found.value).length === 0) return null
  if (textOf(found.value['name']) === '') return refuse('it has no name')
  if (!places.has(found.value['in'] as string)) return refuse(`it stands in ${JSON.stringify(found.value['in'])}`)
  return { node: found.value, spot: found.spot }
}

function parameter(reading: Reading, node: Node, spot: Spot): Parameter {
  const { report } = reading
  const name = textOf(node['name'])
  const place = node['in'] as ParameterPlace
  const [media] = Object.values(nodeOf(node['content']))
  const given = isNode(node['schema']) ? node['schema'] : nodeOf(nodeOf(media)['schema'])
  const extensions = Object.fromEntries(Object.entries(node).filter(([key]) => key.startsWith('x-')))
  let schema: Node = Object.keys(extensions).length > 0 ? { ...given, ...extensions } : given
  const shape = nodeOf(follow(reading, given, spot).value)
  const schemaSpot = isNode(node['schema']) ? at(reading, spot, 'schema', node['schema']) : spot
  if (shape['type'] === undefined) {
    if (['anyOf', 'oneOf', 'allOf'].some((word) => Array.isArray(shape[word])))
      report.upstream('PARAMETER_CHOICE', schemaSpot, { name })
    else {
      const type = guessedType(shape)
      report.mend('PARAMETER_UNTYPED', schemaSpot, given, { ...given, type }, { name, type })
      schema = { ...shape, ...extensions, type }
    }
  } else if (shape['type'] === 'object') report.upstream('PARAMETER_OBJECT', schemaSpot, { name })
  else if (shape['type'] === 'array' && place === 'path') report.upstream('PARAMETER_PATH_ARRAY', schemaSpot, { name })
  return {
    name,
    place,
    required: place === 'path' || node['required'] === true,
    description: textOf(node['description']),
    schema: schema as JsonObject,
    ...(typeof node['style'] === 'string' ? { style: node['style'] } : {}),
    ...(typeof node['explode'] === 'boolean' ? { explode: node['explode'] } : {}),
  }
}

function guessedType(schema: Node): string {
  if (isNode(schema['properties'])) return 'object'
  if (schema['items'] !== undefined) return 'array'
  const sample = listOf(schema['enum'])[0] ?? schema['default']
  return typeof sample === 'number' ? 'number' : typeof sample === 'boolean' ? 'boolean' : 'string'
}
