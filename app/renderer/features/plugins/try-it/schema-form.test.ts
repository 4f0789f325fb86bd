import { expect, test } from 'vitest'
import { cpuMs } from '../../../../../tests/lib/cpu-time.ts'
import { type Field, fieldOf, fieldsOf } from './schema-form.ts'

/** A field in one line: name, marks, kind and what is in it. */
function brief(field: Field): string {
  const marks = `${field.required ? '*' : ''}${field.nullable ? '?' : ''}${field.place ? `@${field.place}` : ''}`
  return `${field.name}${marks} ${inside(field)}`.trim()
}
function inside(field: Field): string {
  switch (field.kind) {
    case 'object':
      return `{${field.fields().map(brief).join(', ')}}${field.open ? '+' : ''}`
    case 'list':
      return `[${brief(field.item())}]`
    case 'choice':
      return field.options.map(String).join('|')
    case 'variants':
      return field
        .variants()
        .map(({ label, field: one }) => `<${label}: ${inside(one)}>`)
        .join(' ')
    case 'text':
      return field.multiline ? 'long text' : field.format || 'text'
    case 'number':
      return `${field.whole ? 'whole' : 'number'}${bound(field.least)}..${bound(field.most)}`
    case 'json':
      return field.object ? 'any object' : 'anything'
    default:
      return field.kind
  }
}
const bound = (one: { value: number; exclusive: boolean } | null) =>
  one ? ` ${one.value}${one.exclusive ? '!' : ''}` : ''
const only = (schema: unknown) => inside(fieldOf('', schema, false))

test('each property becomes a field, the required ones first, each with its place', () => {
  const schema = {
    type: 'object',
    required: ['city', 'file'],
    properties: {
      days: { type: 'integer', minimum: 1, maximum: 14, 'x-place': 'query' },
      city: { type: 'string', 'x-place': 'path' },
      'X-Trace': { type: 'string', nullable: true, 'x-place': 'header' },
      units: { type: 'string', enum: ['metric', 'imperial'], 'x-place': 'query' },
      exact: { type: 'boolean', 'x-place': 'cookie' },
      id: { type: 'string', readOnly: true, 'x-place': 'body' },
      file: { type: 'string', format: 'binary', 'x-place': 'body' },
      at: { type: 'string', format: 'date-time', 'x-place': 'elsewhere' },
    },
  }
  expect(fieldsOf(schema).map(brief)).toEqual([
    'city*@path text',
    'file*@body file',
    'days@query whole 1.. 14',
    'X-Trace?@header text',
    'units@query metric|imperial',
    'exact@cookie boolean',
    'at date-time',
  ])
})

test('objects and lists hold fields; an object without named properties is written as JSON', () => {
  expect([
    only({ type: 'object', properties: { a: { type: 'array', items: { type: 'number' } } }, additionalProperties: {} }),
    only({ properties: { deep: { properties: { deeper: { type: 'boolean' } } } } }),
    only({ type: 'object' }),
    only({ type: 'object', additionalProperties: { type: 'string' } }),
    only({ items: { enum: ['a', 'b'] } }),
    only({}),
    only(true),
    only({ type: 'array' }),
  ]).toEqual([
    '{a [* number..]}+',
    '{deep {deeper boolean}}',
    'any object',
    'any object',
    '[* a|b]',
    'anything',
    'anything',
    '[* anything]',
  ])
})

test('allOf is one schema, "or null" is a mark, and a choice of one is that one', () => {
  const named = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
  const aged = { type: 'object', properties: { age: { type: 'integer', exclusiveMinimum: 0 } } }
  expect([
    only({ allOf: [named, aged], description: 'both' }),
    brief(fieldOf('x', { anyOf: [{ type: 'string' }, { type: 'null' }] }, false)),
    brief(fieldOf('x', { type: ['integer', 'null'], minimum: 3, exclusiveMinimum: true }, true)),
    brief(fieldOf('x', { enum: ['a', null] }, false)),
    only({ oneOf: [aged] }),
  ]).toEqual(['{name* text, age whole 0!..}', 'x? text', 'x*? whole 3!..', 'x? a', '{age whole 0!..}'])
})

test('variants are told apart by title, constants, required names, type or number', () => {
  const shape = (kind: string) => ({ properties: { kind: { const: kind }, size: { type: 'number' } } })
  expect([
    only({ oneOf: [shape('circle'), shape('square')] }),
    only({ anyOf: [{ type: 'string' }, { type: 'integer' }] }),
    only({
      anyOf: [
        { title: 'By name', type: 'string' },
        { type: 'string', format: 'uuid' },
      ],
    }),
    only({ oneOf: [{ type: 'string' }, { type: 'string' }] }),
    only({ oneOf: [{ const: 'fast' }, { const: 'slow' }] }),
    only({ properties: { a: { type: 'string' } }, oneOf: [{ required: ['a'] }, { properties: { b: {} } }] }),
  ]).toEqual([
    '<kind: circle: {kind circle, size number..}> <kind: square: {kind square, size number..}>',
    '<string: text> <integer: whole..>',
    '<By name: text> <string uuid: uuid>',
    '<string 1: text> <string 2: text>',
    'fast|slow',
    '<a: {a* text}> <object: {a text, b anything}>',
  ])
})

test('defaults and examples are kept, long texts get room', () => {
  const { byDefault, example, type, description } = fieldOf(
    'n',
    { type: 'integer', format: 'int64', default: 0, examples: [7], title: 'Number' },
    false,
  )
  expect({ byDefault, example, type, description }).toEqual({
    byDefault: 0,
    example: 7,
    type: 'integer int64',
    description: 'Number',
  })
  expect([only({ type: 'string', maxLength: 4000 }), only({ type: 'string', example: 'a\nb' })]).toEqual([
    'long text',
    'long text',
  ])
})

test('a sample of the arguments stands in for missing examples', () => {
  const schema = {
    properties: {
      city: { type: 'string', example: 'Oslo' },
      at: { properties: { lat: { type: 'number' } } },
      tags: { items: { type: 'string' } },
    },
  }
  const [city, at, tags] = fieldsOf(schema, { city: 'Rome', at: { lat: 1 }, tags: ['a'] })
  expect([
    city?.example,
    at?.kind === 'object' && at.fields()[0]?.example,
    tags?.kind === 'list' && tags.item().example,
  ]).toEqual(['Oslo', 1, 'a'])
})

test('a hostile schema of choices within choices costs nothing until it is looked into', () => {
  let schema: Record<string, unknown> = { type: 'object', properties: { leaf: { type: 'string' } } }
  for (let level = 0; level < 40; level++) {
    schema = { type: 'object', properties: { deep: schema }, oneOf: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] }
  }
  const since = cpuMs()
  expect(fieldsOf({ type: 'object', properties: { root: schema } })[0]!.kind).toBe('variants')
  expect(cpuMs() - since).toBeLessThan(500)
})

test('what is no schema at all has no fields', () => {
  expect([fieldsOf(null), fieldsOf('text'), fieldsOf({ type: 'object', properties: 3 })]).toEqual([[], [], []])
})
