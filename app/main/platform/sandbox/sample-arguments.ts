import { member } from '../vendors/openai-dialect.ts'

const deepest = 6
const mostMembers = 50
/** Schemas looked at for one value: depth and width alone would still allow millions. */
const mostLooked = 2000

/** A value that a JSON schema accepts, filled from what the user said: the same for the same words. */
export const sampleOf = (schema: unknown, said: string): unknown => make(schema, { said, left: mostLooked }, 0)

interface Walk {
  readonly said: string
  /** Schemas that are still looked at. */
  left: number
}
function make(schema: unknown, walk: Walk, depth: number): unknown {
  if (walk.left-- <= 0) return null
  const { said } = walk
  for (const fixed of ['const', 'default'] as const) {
    const value = member(schema, fixed)
    if (value !== undefined) return value
  }
  for (const list of ['enum', 'examples'] as const) {
    const values = member(schema, list)
    if (Array.isArray(values) && values.length > 0) return values[0]
  }
  for (const choice of ['anyOf', 'oneOf', 'allOf'] as const) {
    const options = member(schema, choice)
    if (Array.isArray(options) && options.length > 0 && depth < deepest) return make(options[0], walk, depth + 1)
  }
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, walk, depth)
    case 'array':
      return depth < deepest ? [make(member(schema, 'items'), walk, depth + 1)] : []
    case 'integer':
      return Math.ceil(numberOf(schema, said))
    case 'number':
      return numberOf(schema, said)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return stringOf(schema, said)
  }
}
function typeOf(schema: unknown): unknown {
  const type = member(schema, 'type')
  if (Array.isArray(type)) return type[0]
  return type ?? (member(schema, 'properties') === undefined ? 'string' : 'object')
}
/** Members that are required; optional ones are left to their default. */
function objectOf(schema: unknown, walk: Walk, depth: number): Record<string, unknown> {
  const required = member(schema, 'required')
  if (!Array.isArray(required) || depth >= deepest) return {}
  const properties = member(schema, 'properties')
  const strings = required.slice(0, mostMembers).filter((name): name is string => typeof name === 'string')
  const names = [...new Set(strings)].slice(0, walk.left)
  // From entries: a member called __proto__ stays one.
  return Object.fromEntries(names.map((name) => [name, make(member(properties, name), walk, depth + 1)]))
}
function numberOf(schema: unknown, said: string): number {
  const bound = (name: string, none: number) => {
    const value = member(schema, name)
    return typeof value === 'number' ? value : none
  }
  const spoken = Number(/-?\d{1,9}(?:\.\d{1,6})?/.exec(said)?.[0] ?? 1)
  const least = Math.max(bound('minimum', -Infinity), bound('exclusiveMinimum', -Infinity) + 1)
  return Math.max(least, Math.min(spoken, bound('maximum', Infinity), bound('exclusiveMaximum', Infinity) - 1))
}
const formats: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '12:00:00Z',
  email: 'someone@example.test',
  uri: 'https://example.test/',
  uuid: '00000000-0000-4000-8000-000000000000',
}
function stringOf(schema: unknown, said: string): string {
  const format = member(schema, 'format')
  const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined
  if (known !== undefined) return known
  const least = member(schema, 'minLength')
  const most = member(schema, 'maxLength')
  const text = (said === '' ? 'sandbox' : said).slice(0, typeof most === 'number' ? Math.max(0, most) : 200)
  return typeof least === 'number' ? text.padEnd(Math.min(least, 1000), '.') : text
}
