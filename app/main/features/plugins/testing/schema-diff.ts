import type { VersionDiff } from '../../../../shared/contracts/plugin-trials.ts'
import type { Json, JsonObject } from '../packages/package-types.ts'
import { cut, jsonText } from './json-text.ts'
import { boundWords, type Schemas, type SchemaView } from './schema-view.ts'

export type Change = VersionDiff['changed'][number]['changes'][number]
/** Which way a value goes: what a caller sends may be restricted no further, what it reads must keep what was promised. */
export type Side = 'input' | 'answer'

/** Levels of nesting that are compared; schemas that refer to themselves have no end. */
const mostDepth = 12

export interface Compared {
  readonly what: string
  readonly schema: JsonObject
  readonly needed: boolean
}

/**
 * Compares schemas of two documents, until as many changes were found as `most` says. What was found equal is not walked
 * again: components are used in many places.
 */
export function createSchemaDiff(from: Schemas, to: Schemas, most: () => number) {
  const equal = {
    input: new WeakMap<object, Map<object, number>>(),
    answer: new WeakMap<object, Map<object, number>>(),
  }

  function walk(side: Side, before: JsonObject, after: JsonObject, what: string, depth: number, into: Change[]): void {
    const [was, is] = [from.resolve(before), to.resolve(after)]
    const depths = equal[side].get(was) ?? new Map<object, number>()
    // Shallower than where it was found equal, more of it is seen: it is walked again.
    if (depth > mostDepth || into.length >= most() || depth >= (depths.get(is) ?? Number.POSITIVE_INFINITY)) return
    equal[side].set(was, depths)
    // Set before the walk, so that a schema within itself ends it.
    depths.set(is, depth)
    const found = into.length
    compare(side, from.view(before), to.view(after), what, depth, into)
    if (into.length > found) depths.delete(is)
  }

  function compare(side: Side, was: SchemaView, is: SchemaView, what: string, depth: number, into: Change[]): void {
    own(side, was, is, what, into)
    const prefix = what === 'answer' ? 'answer ' : `${what}.`
    fields(side, fieldsOf(was, prefix), fieldsOf(is, prefix), depth + 1, into)
    if (was.items && is.items) walk(side, was.items, is.items, `${what}[]`, depth + 1, into)
    const others = (view: SchemaView) =>
      view.others === null ? [] : ([['', { what: `${prefix}*`, schema: view.others, needed: false }]] as const)
    fields(side, new Map(others(was)), new Map(others(is)), depth + 1, into)
  }

  /** Fields that were and are there, by name. */
  function fields(
    side: Side,
    before: ReadonlyMap<string, Compared>,
    after: ReadonlyMap<string, Compared>,
    depth: number,
    into: Change[],
  ): void {
    for (const [name, was] of before) {
      const is = after.get(name)
      if (is === undefined) {
        const text = typeText(from.view(was.schema), was.needed)
        into.push({ what: cut(was.what), kind: 'removed', breaking: true, before: text, after: null })
        continue
      }
      if (was.needed !== is.needed) {
        // A caller must give what it need not before; a reader can no longer rely on what it got.
        const kind = is.needed ? 'required' : 'optional'
        const [old, now] = is.needed ? ['optional', 'required'] : ['required', 'optional']
        into.push({ what: cut(is.what), kind, breaking: is.needed === (side === 'input'), before: old, after: now })
      }
      walk(side, was.schema, is.schema, is.what, depth, into)
    }
    for (const [name, is] of after) {
      if (before.has(name)) continue
      const text = typeText(to.view(is.schema), is.needed)
      into.push({
        ...{ what: cut(is.what), kind: 'added', breaking: side === 'input' && is.needed },
        ...{ before: null, after: text },
      })
    }
  }
  return { walk, fields }
}

function fieldsOf(view: SchemaView, prefix: string): Map<string, Compared> {
  const fields = new Map<string, Compared>()
  for (const [name, schema] of view.properties)
    fields.set(name, { what: `${prefix}${name}`, schema, needed: view.required.has(name) })
  return fields
}

/** What the two say about the value itself. */
function own(side: Side, was: SchemaView, is: SchemaView, what: string, into: Change[]): void {
  const add = (kind: Change['kind'], breaking: boolean, before: string | null, after: string | null) => {
    into.push({ what: cut(what), kind, breaking, before, after })
  }
  const [before, after] = [typeText(was), typeText(is)]
  if (before !== after)
    add('type', !(side === 'input' ? accepts(is, was) : accepts(was, is)) || sentOtherwise(was, is), before, after)
  if (side === 'input') {
    for (const word of boundWords) {
      const [old, now] = [was.bounds.get(word), is.bounds.get(word)]
      if (old === now) continue
      const text = (bound: number | string | undefined) => (bound === undefined ? null : cut(`${word} ${bound}`))
      add('type', isNarrower(word, old, now), text(old), text(now))
    }
    if (was.description !== is.description)
      add('text', false, cut(was.description) || null, cut(is.description) || null)
    const [old, now] = [defaultText(was), defaultText(is)]
    if (old !== now) add('text', false, old, now)
  }
  enumOf(side, was.values, is.values, add)
}

const defaultText = (view: SchemaView) => (view.default === undefined ? null : cut(`default ${jsonText(view.default)}`))

function enumOf(
  side: Side,
  was: readonly Json[] | null,
  is: readonly Json[] | null,
  add: (kind: 'enum', breaking: boolean, before: string | null, after: string | null) => void,
): void {
  const [old, now] = [textsOf(was), textsOf(is)]
  if (old === null && now === null) return
  const gone = old === null ? [] : [...old].filter((text) => now !== null && !now.has(text))
  const fresh = now === null ? [] : [...now].filter((text) => old !== null && !old.has(text))
  if (old !== null && now !== null && gone.length === 0 && fresh.length === 0) return
  // Only what may be sent matters: an answer's new value is one more that a reader may not know, but the call succeeds.
  const breaking = side === 'input' && (gone.length > 0 || old === null)
  const text = (all: Set<string> | null, changed: string[]) =>
    all === null ? null : cut((old === null || now === null ? [...all] : changed).join(', ')) || null
  add('enum', breaking, text(old, gone), text(now, fresh))
}

const textsOf = (values: readonly Json[] | null) =>
  values === null ? null : new Set(values.map((one) => jsonText(one)))

/** Whether every type of the narrower view is one of the wider: an integer is a number. */
const accepts = (wider: SchemaView, narrower: SchemaView): boolean =>
  wider.types.length === 0 ||
  (narrower.types.length > 0 &&
    narrower.types.every(
      (type) => wider.types.includes(type) || (type === 'integer' && wider.types.includes('number')),
    ))

const files = new Set(['binary', 'byte'])
/** A file goes out in another way than a text. */
const sentOtherwise = (was: SchemaView, is: SchemaView) =>
  was.format !== is.format && (files.has(was.format) || files.has(is.format))

function typeText({ types, format }: SchemaView, needed?: boolean): string {
  const type = types.length === 0 ? 'any' : [...types].sort().join(' | ')
  return cut(`${type}${format === '' ? '' : ` (${format})`}${needed === true ? ', required' : ''}`)
}

function isNarrower(word: string, was: number | string | undefined, is: number | string | undefined): boolean {
  if (is === undefined) return false
  if (was === undefined || typeof was !== 'number' || typeof is !== 'number') return true
  if (word === 'multipleOf') return was % is !== 0
  return word.toLowerCase().includes('min') ? is > was : is < was
}
