import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { cpuMs } from '../../../../../tests/lib/cpu-time.ts'
import type { Json, JsonObject, Parameter, ReadPlugin, Tool } from '../packages/package-types.ts'
import { readPackage } from '../packages/read-package.ts'
import { testDefinition, testTool } from './test-plugin.ts'
import { diffVersions } from './version-diff.ts'

const parameter = (
  name: string,
  schema: JsonObject = { type: 'string' },
  more: Partial<Parameter> = {},
): Parameter => ({
  ...{ name, place: 'query', required: false, description: '', schema },
  ...more,
})
const tool = (more: Partial<Tool> = {}) => testTool('find', more)
const plugin = testDefinition
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({ type: 'object', properties, required })
const body = (schema: JsonObject, required = true): Partial<Tool> => ({
  body: { mediaType: 'application/json', required, schema },
})

/** Breaking changes carry an exclamation mark. */
function told(before: Tool, after: Tool, from: Partial<ReadPlugin> = {}, to = from): string[] {
  const diff = diffVersions(plugin([before], from), plugin([after], to))
  const lines = diff.changed.flatMap(({ changes }) =>
    changes.map(
      ({ what, kind, breaking, before: was, after: is }) => `${what} ${kind}${breaking ? '!' : ''} ${was} → ${is}`,
    ),
  )
  expect(diff.breaking).toBe(lines.some((line) => line.includes('! ')))
  return lines
}
const takes = (...parameters: Parameter[]) => tool({ parameters })
const answers = (schema: JsonObject) => tool({ response: schema })
const required = { required: true }
const [text, whole, decimal] = [{ type: 'string' }, { type: 'integer' }, { type: 'number' }]

test.each<[string, Tool, Tool, string[]]>([
  ['nothing', takes(parameter('a')), takes(parameter('a')), []],
  ['a parameter that may be given', takes(), takes(parameter('a')), ['parameter a added null → string']],
  [
    'a parameter that must be given',
    takes(),
    takes(parameter('a', whole, required)),
    ['parameter a added! null → integer, required'],
  ],
  [
    'a required parameter with a default',
    takes(),
    takes(parameter('a', { ...text, default: 'x' }, required)),
    ['parameter a added null → string'],
  ],
  ['a parameter that is gone', takes(parameter('a')), takes(), ['parameter a removed! string → null']],
  [
    'optional to required',
    takes(parameter('a')),
    takes(parameter('a', text, required)),
    ['parameter a required! optional → required'],
  ],
  [
    'required to optional',
    takes(parameter('a', text, required)),
    takes(parameter('a')),
    ['parameter a optional required → optional'],
  ],
  ['another type', takes(parameter('a')), takes(parameter('a', whole)), ['parameter a type! string → integer']],
  [
    'number to integer',
    takes(parameter('a', decimal)),
    takes(parameter('a', whole)),
    ['parameter a type! number → integer'],
  ],
  [
    'integer to number',
    takes(parameter('a', whole)),
    takes(parameter('a', decimal)),
    ['parameter a type integer → number'],
  ],
  ['anything to a type', takes(parameter('a', {})), takes(parameter('a')), ['parameter a type! any → string']],
  [
    'one more type',
    takes(parameter('a')),
    takes(parameter('a', { anyOf: [text, whole] })),
    ['parameter a type string → integer | string'],
  ],
  [
    'no null any more',
    takes(parameter('a', { ...text, nullable: true })),
    takes(parameter('a')),
    ['parameter a type! null | string → string'],
  ],
  [
    'another format',
    takes(parameter('a')),
    takes(parameter('a', { ...text, format: 'date' })),
    ['parameter a type string → string (date)'],
  ],
  [
    'a file in place of a text',
    takes(parameter('a')),
    takes(parameter('a', { ...text, format: 'binary' })),
    ['parameter a type! string → string (binary)'],
  ],
  [
    'a value that is gone',
    takes(parameter('a', { ...text, enum: ['x', 'y'] })),
    takes(parameter('a', { ...text, enum: ['y', 'z'] })),
    ['parameter a enum! "x" → "z"'],
  ],
  [
    'a new value',
    takes(parameter('a', { ...text, enum: ['x'] })),
    takes(parameter('a', { ...text, enum: ['x', 'y'] })),
    ['parameter a enum null → "y"'],
  ],
  [
    'values where any were taken',
    takes(parameter('a')),
    takes(parameter('a', { ...text, enum: ['x'] })),
    ['parameter a enum! null → "x"'],
  ],
  [
    'any value again',
    takes(parameter('a', { ...text, enum: ['x'] })),
    takes(parameter('a')),
    ['parameter a enum "x" → null'],
  ],
  [
    'a closer bound',
    takes(parameter('a', { ...whole, maximum: 9, minimum: 2 })),
    takes(parameter('a', { ...whole, maximum: 5, minimum: 1 })),
    ['parameter a type minimum 2 → minimum 1', 'parameter a type! maximum 9 → maximum 5'],
  ],
  [
    'another pattern',
    takes(parameter('a')),
    takes(parameter('a', { ...text, pattern: '^x' })),
    ['parameter a type! null → pattern ^x'],
  ],
  [
    'other words',
    takes(parameter('a', text, { description: 'old' })),
    takes(parameter('a', text, { description: 'new' })),
    ['parameter a text old → new'],
  ],
  [
    'another default',
    takes(parameter('a', { ...text, default: 'x' })),
    takes(parameter('a', { ...text, default: 'y' })),
    ['parameter a text default "x" → default "y"'],
  ],
  ['another place', takes(parameter('a')), tool(body(object({ a: text }))), ['body a address query → body']],
])('of arguments: %s', (_, before, after, expected) => expect(told(before, after)).toEqual(expected))

test('a default that is gone must be given from now on', () => {
  const before = takes(parameter('a', { ...text, default: 'x' }, required))
  expect(told(before, takes(parameter('a', text, required)))).toEqual([
    'parameter a required! optional → required',
    'parameter a text default "x" → null',
  ])
})

test('what a common parameter fills in need not be given', () => {
  const common = { commonParameters: { body: [], header: [], query: [{ name: 'a', value: '1' }], path: [] } }
  expect(told(takes(), takes(parameter('a', text, required)), {}, common)).toEqual(['parameter a added null → string'])
})

test.each<[string, Partial<Tool>, Partial<Tool>, string[]]>([
  [
    'fields within fields',
    body(object({ to: object({ street: text, city: text }) })),
    body(object({ to: object({ street: whole, zip: text }, 'zip') })),
    [
      'body to.city removed! string → null',
      'body to.street type! string → integer',
      'body to.zip added! null → string, required',
    ],
  ],
  [
    'fields of items',
    body(object({ rows: { type: 'array', items: object({ n: decimal }) } })),
    body(object({ rows: { type: 'array', items: object({ n: whole }) } })),
    ['body rows[].n type! number → integer'],
  ],
  [
    'another media type',
    body(object({})),
    { body: { mediaType: 'multipart/form-data', required: true, schema: object({}) } },
    ['body address application/json → multipart/form-data'],
  ],
  [
    'a body that must be given',
    body(object({ a: text }, 'a'), false),
    body(object({ a: text }, 'a')),
    ['body required! optional → required'],
  ],
  [
    'a body that may be left out',
    body(object({ a: text }, 'a')),
    body(object({ a: text }, 'a'), false),
    ['body optional required → optional'],
  ],
  ['a body where there was none', {}, body(object({ a: text }, 'a')), ['body a added! null → string, required']],
  [
    'free fields that are gone',
    body({ type: 'object', additionalProperties: text }),
    body({ type: 'object' }),
    ['body * removed! string → null'],
  ],
  [
    'parts brought together',
    body({ allOf: [object({ a: text }), object({ b: text })] }),
    body(object({ a: text, b: text }, 'b')),
    ['body b required! optional → required'],
  ],
])('of bodies: %s', (_, before, after, expected) => {
  expect(told(tool({ ...before, method: 'POST' }), tool({ ...after, method: 'POST' }))).toEqual(expected)
})

test.each<[string, JsonObject, JsonObject, string[]]>([
  ['a field that is gone', object({ a: text }), object({}), ['answer a removed! string → null']],
  ['a new field', object({}), object({ a: text }, 'a'), ['answer a added null → string, required']],
  ['another type', object({ a: text }), object({ a: whole }), ['answer a type! string → integer']],
  ['an integer for a number', object({ a: decimal }), object({ a: whole }), ['answer a type number → integer']],
  ['a number for an integer', object({ a: whole }), object({ a: decimal }), ['answer a type! integer → number']],
  [
    'a null that may come',
    object({ a: text }),
    object({ a: { ...text, nullable: true } }),
    ['answer a type! string → null | string'],
  ],
  [
    'a field that may be missing',
    object({ a: text }, 'a'),
    object({ a: text }),
    ['answer a optional! required → optional'],
  ],
  [
    'a field that is always there',
    object({ a: text }),
    object({ a: text }, 'a'),
    ['answer a required optional → required'],
  ],
  [
    'a new value',
    object({ a: { ...text, enum: ['x'] } }),
    object({ a: { ...text, enum: ['x', 'y'] } }),
    ['answer a enum null → "y"'],
  ],
  [
    'fields of items',
    object({ data: object({ items: { type: 'array', items: object({ id: text }) } }) }),
    object({ data: object({ items: { type: 'array', items: object({}) } }) }),
    ['answer data.items[].id removed! string → null'],
  ],
  [
    'a list in place of an object',
    object({ a: object({}) }),
    object({ a: { type: 'array', items: {} } }),
    ['answer a type! object → array'],
  ],
])('of answers: %s', (_, before, after, expected) => expect(told(answers(before), answers(after))).toEqual(expected))

test.each<[string, Partial<Tool>, string[]]>([
  ['another path', { path: '/search' }, ['path address /find → /search']],
  ['another method', { method: 'POST' }, ['method address GET → POST']],
  ['another server', { server: 'https://eu.test' }, ['server address https://api.test → https://eu.test']],
  ['another name', { operationId: 'search' }, ['operationId address! find → search']],
  [
    'other words',
    { summary: 'Finds', description: 'It finds.' },
    ['description text null → It finds.', 'summary text null → Finds'],
  ],
  ['a tool that cannot be called any more', { disabled: 'PATH_WRONG' }, ['tool removed! null → PATH_WRONG']],
  ['no answer declared any more', { response: null }, ['answer removed! object → null']],
])('of tools: %s', (_, more, expected) => {
  const before = tool({ response: object({}) })
  expect(told(before, { ...before, ...more })).toEqual(expected)
})

test('tools that came and went, and versions', () => {
  const named = (operationId: string, more: Partial<Tool> = {}) =>
    tool({ id: operationId, operationId, path: `/${operationId}`, ...more })
  const from = plugin([named('stays'), named('goes'), named('broken', { disabled: 'PATH_WRONG' })])
  const to = plugin([named('z'), named('a'), named('stays')], { version: 'v2.0.0' })
  const { added, removed, ...rest } = diffVersions(from, to)
  const ids = (tools: typeof added) => tools.map(({ operationId }) => operationId)
  expect([ids(added), ids(removed), rest]).toEqual([
    ['a', 'z'],
    ['broken', 'goes'],
    { from: 'v1.0.0', to: 'v2.0.0', changed: [], breaking: true },
  ])
  const without = plugin([named('stays'), named('goes')])
  expect(diffVersions(from, without).breaking).toBe(false)
})

test('references are followed, circles end, and each place is told', () => {
  const document = (id: JsonObject, next: Json = { $ref: '#/components/schemas/Node' }): JsonObject => ({
    components: { schemas: { Node: object({ id, next: next as JsonObject, lost: { $ref: '#/nowhere' } }) } },
  })
  const node = { $ref: '#/components/schemas/Node' }
  const both = answers(object({ one: node, two: { type: 'array', items: node } }))
  expect(told(both, both, { document: document(text) }, { document: document(whole) })).toEqual([
    'answer one.id type! string → integer',
    'answer two[].id type! string → integer',
  ])
  const circle: JsonObject = { $ref: '#/components/schemas/Node' }
  const endless = { components: { schemas: { Node: circle } } }
  expect(told(both, both, { document: endless })).toEqual([])
  expect(
    told(both, both, { document: { components: { schemas: { Node: { allOf: [node, { anyOf: [node] }] } } } } }),
  ).toEqual([])
})

test('schemas that branch and repeat without end are compared in time', () => {
  const names = Array.from({ length: 40 }, (_, i) => `f${i}`)
  const wide = (kind: JsonObject): JsonObject => ({
    components: {
      schemas: Object.fromEntries(
        names.map((name) => [
          name,
          object({
            id: kind,
            ...Object.fromEntries(names.map((other) => [other, { $ref: `#/components/schemas/${other}` }])),
          }),
        ]),
      ),
    },
  })
  const one = answers({ $ref: '#/components/schemas/f0' })
  const began = cpuMs()
  expect(
    diffVersions(plugin([one], { document: wide(text) }), plugin([one], { document: wide(text) })).changed,
  ).toEqual([])
  const [changed] = diffVersions(
    plugin([one], { document: wide(text) }),
    plugin([one], { document: wide(whole) }),
  ).changed
  expect([changed!.changes.length, changed!.changes.every(({ breaking }) => breaking)]).toEqual([500, true])
  expect(cpuMs() - began).toBeLessThan(3000)
})

test('where there are too many changes, the breaking ones are kept', () => {
  const many = Array.from({ length: 700 }, (_, i) => parameter(`p${i}`))
  const before = takes(...many, parameter('gone'))
  const diff = diffVersions(plugin([before]), plugin([takes(...many.map((one) => ({ ...one, description: 'new' })))]))
  const { changes } = diff.changed[0]!
  expect([changes.length, changes.filter(({ breaking }) => breaking).map(({ what }) => what), diff.breaking]).toEqual([
    ...[500, ['parameter gone'], true],
  ])
})

const corpus = fileURLToPath(new URL('../../../../../../shared/corpus', import.meta.url))
describe.skipIf(!existsSync(`${corpus}/coze`))('[needs the corpus beside the project]', () => {
  test('no plugin of the Coze folder differs from itself, and without its tools each is broken', async () => {
    const read = async () => (await readPackage(`${corpus}/coze`, { strict: false })).plugins
    const [some, again] = [await read(), await read()]
    expect(some.length).toBe(18)
    for (const [i, one] of some.entries()) {
      const { version } = one
      const none = { from: version, to: version, added: [], removed: [], changed: [], breaking: false }
      expect(diffVersions(one, again[i]!)).toEqual(none)
      expect(diffVersions(one, { ...one, tools: [] }).breaking).toBe(true)
    }
  })
})
