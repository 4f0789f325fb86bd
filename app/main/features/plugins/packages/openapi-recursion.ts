import { below, rootSpot, type Spot } from './findings.ts'
import { at, isNode, listOf, nodeOf, type Reading } from './openapi-nodes.ts'

interface Need {
  readonly from: string
  readonly to: string
  readonly spot: Spot
  /** Through a list, which may be empty. */
  readonly list: boolean
}

/** Schemas that require themselves: directly no value fits, through lists only empty ones end it. */
export function checkRecursion(reading: Reading): void {
  const schemas = nodeOf(nodeOf(reading.root['components'])['schemas'])
  const spot = at(reading, below(rootSpot(reading.file), 'components'), 'schemas', schemas)
  const needs = Object.entries(schemas).flatMap(([name, schema]) =>
    isNode(schema) ? needsOf(name, schema, at(reading, spot, name, schema), reading) : [],
  )
  const endless = core(needs.filter(({ list }) => !list))
  for (const need of endless) reading.report.add('error', 'SCHEMA_ENDLESS', need.spot, { name: need.to })
  for (const need of core(needs))
    if (need.list) reading.report.add('warning', 'SCHEMA_RECURSIVE', need.spot, { name: need.to })
}

const prefix = '#/components/schemas/'
const targetOf = (value: unknown): string | null => {
  const ref = isNode(value) && value['nullable'] !== true ? value['$ref'] : null
  return typeof ref === 'string' && ref.startsWith(prefix) ? ref.slice(prefix.length) : null
}

function needsOf(from: string, schema: Record<string, unknown>, spot: Spot, reading: Reading): Need[] {
  const needs: Need[] = []
  const add = (value: unknown, where: Spot, list: boolean) => {
    const to = targetOf(value)
    if (to !== null) needs.push({ from, to, spot: below(where, '$ref'), list })
  }
  const properties = nodeOf(schema['properties'])
  for (const name of listOf(schema['required'])) {
    if (typeof name !== 'string' || !Object.hasOwn(properties, name)) continue
    const property = properties[name]
    const where = at(reading, below(spot, 'properties'), name, property)
    add(property, where, false)
    if (isNode(property) && property['type'] === 'array' && property['nullable'] !== true)
      add(property['items'], at(reading, where, 'items', property['items']), !((property['minItems'] as number) > 0))
  }
  listOf(schema['allOf']).forEach((one, i) => {
    add(one, below(spot, 'allOf', i), false)
  })
  return needs
}

/** The needs that are left when what needs nothing and what nobody needs has been taken away, again and again. */
function core(needs: readonly Need[]): readonly Need[] {
  let left = needs
  for (const [self, other] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const count = new Map<string, number>()
    const users = new Map<string, string[]>()
    for (const need of left) {
      count.set(need[self], (count.get(need[self]) ?? 0) + 1)
      const list = users.get(need[other])
      if (list) list.push(need[self])
      else users.set(need[other], [need[self]])
    }
    const free = [...users.keys()].filter((name) => !count.has(name))
    const gone = new Set(free)
    for (let name = free.pop(); name !== undefined; name = free.pop())
      for (const user of users.get(name) ?? []) {
        const rest = count.get(user)! - 1
        count.set(user, rest)
        if (rest > 0) continue
        gone.add(user)
        free.push(user)
      }
    left = left.filter(({ from, to }) => !gone.has(from) && !gone.has(to))
  }
  return left
}
