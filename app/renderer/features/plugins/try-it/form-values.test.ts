import { expect, test } from 'vitest'
import {
  edited,
  fits,
  pointerOfName,
  problemOf,
  problemsOf,
  settled,
  startOf,
  typedNumber,
  variantFor,
} from './form-values.ts'
import type { JsonObject } from './json-text.ts'
import { fieldOf, fieldsOf } from './schema-form.ts'

const schema = {
  type: 'object',
  required: ['city', 'place', 'options'],
  properties: {
    city: { type: 'string', minLength: 2 },
    days: { type: 'integer', minimum: 1, maximum: 14 },
    id: { type: 'integer' },
    place: {
      type: 'object',
      required: ['street'],
      properties: { street: { type: 'string' }, floor: { type: 'number' } },
    },
    options: { type: 'object', properties: { fast: { type: 'boolean' } } },
    note: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    tags: { type: 'array', minItems: 2, items: { type: 'number' } },
    extra: { type: 'object' },
    target: {
      oneOf: [
        { title: 'one', type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
        { title: 'many', type: 'object', required: ['ids'], properties: { ids: { type: 'array' } } },
      ],
    },
  },
}
const fields = fieldsOf(schema)
const problems = (value: JsonObject, choices = {}) =>
  Object.fromEntries(
    [...problemsOf(fields, value, choices)].map(([pointer, { key, values }]) => [
      pointer,
      [key.slice(6), ...Object.values(values ?? {})].join(' '),
    ]),
  )

test('what is required is missing, also inside of required objects, not inside of absent ones', () => {
  expect(problems({})).toEqual({ '/city': 'missing', '/place/street': 'missing' })
  expect(problems({ city: 'Rome', place: { street: 'x' }, note: {} })).toEqual({ '/note/text': 'missing' })
})

test('what cannot be sent is a problem, wherever it is', () => {
  const right = { city: 'Rome', place: { street: 'x' } }
  expect([
    problems({ ...right, days: 'one' }),
    problems({ ...right, days: '1.5' }),
    problems({ ...right, id: '7340021234567890123' }),
    problems({ ...right, tags: [1, ''] }),
    problems({ ...right, extra: '{"a": ' }),
    problems({ ...right, extra: [1] }),
    problems({ ...right, target: {} }, { '/target': 1 }),
    problems({ ...right, days: null, extra: {} }),
  ]).toEqual([
    { '/days': 'notANumber' },
    { '/days': 'notWhole' },
    { '/id': 'tooManyDigits' },
    { '/tags/1': 'notANumber' },
    { '/extra': 'jsonEnds 1 7' },
    { '/extra': 'notAnObject' },
    { '/target/ids': 'missing' },
    {},
  ])
})

test('what lies outside of the bounds is said, and may be sent', () => {
  const right = { city: 'Rome', place: { street: 'x' } }
  const named = new Map(fields.map((field) => [field.name, field]))
  const said = [
    ['city', 'R'],
    ['days', 15],
    ['days', 0],
    ['tags', [1]],
  ] as const
  expect(said.map(([name, value]) => problemOf(named.get(name)!, value))).toEqual([
    { key: 'tryIt.shortest', values: { count: 2 }, advice: true },
    { key: 'tryIt.atMost', values: { bound: '14' }, advice: true },
    { key: 'tryIt.atLeast', values: { bound: '1' }, advice: true },
    { key: 'tryIt.fewest', values: { count: 2 }, advice: true },
  ])
  expect(problems({ ...right, city: 'R', days: 15, tags: [1] })).toEqual({})
})

test('a required argument with a default is not missing', () => {
  const withDefault = fieldsOf({ required: ['a'], properties: { a: { type: 'string', default: 'x' } } })
  expect([...problemsOf(withDefault, {})]).toEqual([])
})

test('editing goes down the path; what becomes empty goes, a list keeps its places', () => {
  expect([
    edited({}, ['a', 'b'], 1),
    edited({ a: { b: 1 }, c: 2 }, ['a', 'b'], undefined),
    edited({ a: { b: 1 } }, ['a', 'b'], undefined),
    edited({ list: [{ x: 1 }, { x: 2 }] }, ['list', 1, 'x'], undefined),
    edited({ list: ['a', 'b'] }, ['list', 0], undefined),
    edited({ a: 'text' }, ['a', 'b'], true),
  ]).toEqual([{ a: { b: 1 } }, { c: 2 }, undefined, { list: [{ x: 1 }, {}] }, { list: ['', 'b'] }, { a: { b: true } }])
})

test('a number counts once it is written out; until then the typing is kept', () => {
  expect(['', ' ', '12', '-0.5', '1.', '1.0', '-', '1e3', '9007199254740993', 'x'].map(typedNumber)).toEqual([
    undefined,
    undefined,
    12,
    -0.5,
    '1.',
    '1.0',
    '-',
    '1e3',
    '9007199254740993',
    'x',
  ])
})

test('what is sent has its numbers as numbers and its required objects there', () => {
  const typed = { city: 'Rome', place: { street: 'x', floor: '1.0' }, tags: ['1e3', 2], target: { id: '07' } }
  expect(settled(fields, typed)).toEqual({
    city: 'Rome',
    place: { street: 'x', floor: 1 },
    options: {},
    tags: [1000, 2],
    target: { id: 7 },
  })
})

test('a value chooses its variant, and a variant begins with its constants', () => {
  const shape = (kind: string, more: object) => ({
    type: 'object',
    required: ['kind'],
    properties: { kind: { const: kind }, ...more },
  })
  const field = fieldOf(
    'shape',
    { oneOf: [shape('circle', { radius: { type: 'number' } }), shape('square', { side: { type: 'number' } })] },
    true,
  )
  if (field.kind !== 'variants') throw new Error(field.kind)
  const variants = field.variants()
  expect([
    variantFor(variants, undefined),
    variantFor(variants, { kind: 'square', side: 2 }),
    variantFor(variants, { kind: 'square' }),
    variantFor(variants, 7),
    startOf(variants[1]!.field),
  ]).toEqual([0, 1, 1, 0, { kind: 'square' }])
})

test('a value of another kind is shown as JSON', () => {
  const text = fieldOf('a', { type: 'string' }, false)
  const file = fieldOf('a', { type: 'string', format: 'binary' }, false)
  expect([fits(text, 'x'), fits(text, null), fits(text, 3), fits(file, { base64: 'AA==' }), fits(file, 'x')]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ])
})

test('the ways in which an argument may be named lead to its field', () => {
  expect(['city', 'place.street', 'items[0].id', '/items/0'].map(pointerOfName)).toEqual([
    '/city',
    '/place/street',
    '/items/0/id',
    '/items/0',
  ])
})
