import type { FindingCode } from '../../../../shared/contracts/plugin-finding-texts.ts'
import { below, rootSpot, type Spot } from './findings.ts'
import { readBody, readResponse } from './openapi-bodies.ts'
import { at, followToCopy, isNode, methods, type Node, nodeOf, type Reading, textOf } from './openapi-nodes.ts'
import { readParameters } from './openapi-parameters.ts'
import { serverAddress } from './openapi-server.ts'
import type { Tool } from './package-types.ts'

const uncalled = new Set(['trace', 'options'])
/** Upstream calls these alone. */
const upstreamMethods = new Set(['get', 'post', 'put', 'delete', 'patch'])

/** Every operation of the document as a tool; one that cannot be mended is there too, disabled. */
export function readTools(
  reading: Reading,
  brokenReference: (method: string, path: string) => FindingCode | null,
): Tool[] {
  const { root, report, file } = reading
  const pathsSpot = below(rootSpot(file), 'paths')
  const taken = new Map<string, number>()
  const tools: Tool[] = []
  for (const [path, raw] of Object.entries(nodeOf(root['paths']))) {
    if (path.startsWith('x-')) continue
    const rawSpot = at(reading, pathsSpot, path, raw)
    const found = followToCopy(reading, raw, rawSpot)
    if (!isNode(found.value)) continue
    // Put in place, so that a path that is used twice is mended once for each.
    const item: Node = found.value === raw ? (raw as Node) : structuredClone(found.value)
    nodeOf(root['paths'])[path] = item
    for (const method of methods) {
      const value = item[method]
      if (value === undefined) continue
      const spot = at(reading, found.spot, method, value)
      if (!isNode(value)) {
        report.add('error', 'FIELD_WRONG', spot, { name: method, expected: 'an operation' })
        continue
      }
      const code = brokenReference(method, path)
      tools.push(readTool(reading, { path, method, item, itemSpot: found.spot, operation: value, spot, taken, code }))
    }
    delete item['parameters']
  }
  return tools
}

interface Place {
  readonly path: string
  readonly method: string
  readonly item: Node
  readonly itemSpot: Spot
  readonly operation: Node
  readonly spot: Spot
  /** Operation ids, each with the last number that was appended to it. */
  readonly taken: Map<string, number>
  readonly code: FindingCode | null
}

function readTool(reading: Reading, place: Place): Tool {
  const { path, method, item, itemSpot, operation, spot, code } = place
  const { report } = reading
  const disabledBy: FindingCode[] = code === null ? [] : [code]
  const refuse = (severity: 'error' | 'warning', reason: FindingCode, details: Record<string, string>) => {
    report.add(severity, reason, spot, details)
    disabledBy.push(reason)
  }
  if (!path.startsWith('/')) refuse('error', 'PATH_WRONG', { path })
  if (uncalled.has(method))
    refuse(report.strict ? 'error' : 'warning', 'METHOD_UNSUPPORTED', { method: method.toUpperCase() })
  else if (!upstreamMethods.has(method)) report.upstream('METHOD_UNSUPPORTED', spot, { method: method.toUpperCase() })
  const operationId = readOperationId(reading, place)
  // A broken reference stood for the whole operation: there is nothing more to say about it.
  if (code !== null && Object.keys(operation).length === 1)
    return unusable(operationId, place, code, report.lineOf(spot))
  const description = textOf(operation['description'])
  const summary = readSummary(reading, operation, spot, description, operationId)
  const parameters = readParameters(reading, path, { node: item, spot: itemSpot }, { node: operation, spot })
  const body = readBody(reading, operation, spot)
  const answer = readResponse(reading, operation, spot)
  const server = ownServer(reading, place)
  return {
    id: operationId,
    operationId,
    summary,
    description,
    method: method.toUpperCase(),
    path,
    parameters,
    body,
    ...answer,
    ...(server === '' ? {} : { server }),
    disabled: disabledBy[0] ?? null,
    line: report.lineOf(spot),
  }
}

const unusable = (id: string, { method, path }: Place, disabled: FindingCode, line: number | null): Tool => ({
  ...{ id, operationId: id, summary: id, description: '', method: method.toUpperCase(), path },
  ...{ parameters: [], body: null, response: null, disabled, line },
})

function readOperationId({ report }: Reading, place: Place): string {
  const { operation, spot, method, path, taken } = place
  const given = textOf(operation['operationId']).trim()
  let id = given === '' ? idFrom(method, path) : given
  const idSpot = below(spot, 'operationId')
  if (taken.has(id)) {
    const base = id
    let i = taken.get(base)!
    while (taken.has(id)) id = `${base}_${++i}`
    taken.set(base, i)
    if (given !== '') report.mend('OPERATION_ID_DUPLICATE', idSpot, given, id, { id: given })
  }
  if (given === '' && place.code === null) report.mend('OPERATION_ID_MISSING', spot, operation['operationId'], id)
  taken.set(id, 1)
  operation['operationId'] = id
  return id
}

/** `get /v1/users/{id}` → `getV1UsersId`. */
function idFrom(method: string, path: string): string {
  const words = path.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}

function readSummary(
  { report }: Reading,
  operation: Node,
  spot: Spot,
  description: string,
  operationId: string,
): string {
  const given = textOf(operation['summary']).trim()
  if (given !== '') return given
  // Cut before the search, which for nothing but "<" takes the square of the length.
  const plain = description
    .slice(0, 10_000)
    .replace(/<[^>]*>/g, '')
    .trim()
  const [sentence = ''] = plain.split(/(?<=[.!?])\s|[。！？\n]/, 1)
  const words = operationId.replace(/[_-]+/g, ' ').replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  const made = (sentence.trim() || words).slice(0, 120)
  report.mend('SUMMARY_MISSING', spot, operation['summary'], made)
  operation['summary'] = made
  return made
}

/** The first server of the operation or its path, where one has servers of its own. */
function ownServer(reading: Reading, { operation, spot, item, itemSpot }: Place): string {
  for (const [node, where] of [
    [operation, spot],
    [item, itemSpot],
  ] as const) {
    const servers = node['servers']
    if (!Array.isArray(servers) || servers.length === 0) continue
    for (const [i, server] of servers.entries()) {
      const url = serverAddress(reading, server, below(where, 'servers', i))
      if (url !== '') return url
    }
  }
  return ''
}
