import type { ToolSummary } from '../../../../shared/contracts/plugin-calls.ts'
import type { VersionDiff } from '../../../../shared/contracts/plugin-trials.ts'
import type { JsonObject, ReadPlugin, Tool } from '../packages/package-types.ts'
import { cut } from './json-text.ts'
import { type Change, type Compared, createSchemaDiff } from './schema-diff.ts'
import { createSchemas, own, type Schemas } from './schema-view.ts'

/** Most changes told of one tool; twice as many are looked for, so that breaking ones are told before others. */
const mostChanges = 500
/** Of all tools together. Beyond it, a rewritten document of hundreds of tools, each is told by its first few. */
const mostInAll = 20_000
const firstFew = 20
/** Most tools in each list. */
const mostTools = 2000

/** What changed from one version to another, as a caller of its tools meets it. The same in the same order each time. */
export function diffVersions(from: ReadPlugin, to: ReadPlugin): VersionDiff {
  const [oldSchemas, newSchemas] = [createSchemas(from.document), createSchemas(to.document)]
  let told = 0
  const schemas = createSchemaDiff(oldSchemas, newSchemas, () => (told < mostInAll ? 2 * mostChanges : firstFew))
  const { pairs, added, removed } = matched(from.tools, to.tools)
  // Nobody could call a tool that was disabled: its end breaks nothing.
  let breaking = removed.some(({ disabled }) => disabled === null)
  const changed: { operationId: string; changes: Change[] }[] = []
  for (const [was, is] of pairs) {
    const changes: Change[] = []
    addressOf(from, was, to, is, changes)
    const [before, after] = [argumentsOf(from, was, oldSchemas), argumentsOf(to, is, newSchemas)]
    placesOf(before, after, changes)
    schemas.fields('input', before, after, 0, changes)
    bodyOf(was, is, before, after, changes)
    answerOf(was, is, schemas.walk, changes)
    if (changes.length === 0) continue
    breaking ||= changes.some((change) => change.breaking)
    const kept = shortened(changes, told < mostInAll ? mostChanges : firstFew)
    told += kept.length
    changed.push({ operationId: is.operationId, changes: kept })
  }
  return {
    from: from.version,
    to: to.version,
    added: listed(added),
    removed: listed(removed),
    changed: changed.sort(byOperation).slice(0, mostTools),
    breaking,
  }
}

interface Matched {
  readonly pairs: readonly (readonly [Tool, Tool])[]
  readonly added: readonly Tool[]
  readonly removed: readonly Tool[]
}

/** Tools of the same operation, and of the rest those that call the same address. */
function matched(from: readonly Tool[], to: readonly Tool[]): Matched {
  const pairs: [Tool, Tool][] = []
  let [removed, added] = [from, to]
  for (const key of [(tool: Tool) => tool.operationId, ({ method, path }: Tool) => `${method} ${path}`]) {
    const waiting = new Map(added.map((tool) => [key(tool), tool]))
    removed = removed.filter((tool) => {
      const other = waiting.get(key(tool))
      if (other === undefined) return true
      waiting.delete(key(tool))
      pairs.push([tool, other])
      return false
    })
    const taken = new Set(pairs.map(([, tool]) => tool))
    added = added.filter((tool) => !taken.has(tool))
  }
  return { pairs, added, removed }
}

/** Where and how it is called. Callers name the tool and not its address: only another name is theirs to learn. */
function addressOf(from: ReadPlugin, was: Tool, to: ReadPlugin, is: Tool, into: Change[]): void {
  const told = (what: string, before: string, after: string, breaking = false) => {
    if (before === after) return
    into.push({ what, kind: 'address', breaking, before: cut(before) || null, after: cut(after) || null })
  }
  told('operationId', was.operationId, is.operationId, true)
  told('method', was.method, is.method)
  told('path', was.path, is.path)
  told('server', was.server ?? from.server, is.server ?? to.server)
  if (was.disabled === null && is.disabled !== null)
    into.push({ what: 'tool', kind: 'removed', breaking: true, before: null, after: is.disabled })
  if (was.disabled !== null && is.disabled === null)
    into.push({ what: 'tool', kind: 'added', breaking: false, before: was.disabled, after: null })
  for (const what of ['summary', 'description'] as const)
    if (was[what] !== is[what])
      into.push({ what, kind: 'text', breaking: false, before: cut(was[what]) || null, after: cut(is[what]) || null })
}

interface Argument extends Compared {
  readonly place: string
}
const places = ['header', 'path', 'query', 'cookie']

/**
 * Every argument by its name, as callers give it, wherever it goes. One that a default or a common parameter fills in
 * need not be given, whatever the document says.
 */
function argumentsOf(plugin: ReadPlugin, tool: Tool, schemas: Schemas): Map<string, Argument> {
  const found = new Map<string, Argument>()
  const add = (name: string, place: string, what: string, schema: JsonObject, required: boolean) => {
    if (found.has(name)) return
    const common = place === 'cookie' ? [] : plugin.commonParameters[place as 'header' | 'path' | 'query' | 'body']
    const filled = common.some((one) => one.name === name) || schemas.view(schema).default !== undefined
    found.set(name, { what, schema, needed: required && !filled, place })
  }
  const sorted = [...tool.parameters].sort((one, other) => places.indexOf(one.place) - places.indexOf(other.place))
  for (const { name, place, required, description, schema } of sorted) {
    // The parameter's own words stand before those of its schema; a reference is kept as the schema's identity.
    const worded = description === '' || own(schema, '$ref') !== undefined ? schema : { ...schema, description }
    add(name, place, `parameter ${name}`, worded, required)
  }
  if (tool.body === null) return found
  const view = schemas.view(tool.body.schema)
  for (const [name, schema] of view.properties) add(name, 'body', `body ${name}`, schema, view.required.has(name))
  if (view.others !== null) add('', 'body', 'body *', view.others, false)
  return found
}

function placesOf(before: ReadonlyMap<string, Argument>, after: ReadonlyMap<string, Argument>, into: Change[]): void {
  for (const [name, was] of before) {
    const is = after.get(name)
    if (is === undefined || is.place === was.place) continue
    into.push({ what: cut(is.what), kind: 'address', breaking: false, before: was.place, after: is.place })
  }
}

/** What holds of the body as a whole; its fields are arguments. */
function bodyOf(
  was: Tool,
  is: Tool,
  before: ReadonlyMap<string, Argument>,
  after: ReadonlyMap<string, Argument>,
  into: Change[],
): void {
  if (was.body === null || is.body === null) return
  const told = (kind: Change['kind'], breaking: boolean, old: string, now: string) =>
    into.push({ what: 'body', kind, breaking, before: cut(old), after: cut(now) })
  if (was.body.mediaType !== is.body.mediaType) told('address', false, was.body.mediaType, is.body.mediaType)
  if (was.body.required === is.body.required) return
  // Left out altogether, a body had no fields to miss; those that became required are told by themselves.
  const missed = [...after].some(
    ([name, argument]) => argument.place === 'body' && argument.needed && before.get(name)?.needed === true,
  )
  if (is.body.required) told('required', missed, 'optional', 'required')
  else told('optional', false, 'required', 'optional')
}

function answerOf(was: Tool, is: Tool, walk: ReturnType<typeof createSchemaDiff>['walk'], into: Change[]): void {
  if (was.response !== null && is.response !== null) walk('answer', was.response, is.response, 'answer', 0, into)
  else if (was.response !== null)
    into.push({ what: 'answer', kind: 'removed', breaking: true, before: 'object', after: null })
  else if (is.response !== null)
    into.push({ what: 'answer', kind: 'added', breaking: false, before: null, after: 'object' })
}

const compareTexts = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
const byOperation = (one: { readonly operationId: string }, other: { readonly operationId: string }) =>
  compareTexts(one.operationId, other.operationId)

/** Sorted by what changed; where there are too many, the breaking ones are kept. */
function shortened(changes: readonly Change[], most: number): Change[] {
  const kept =
    changes.length <= most
      ? [...changes]
      : [...changes.filter(({ breaking }) => breaking), ...changes.filter(({ breaking }) => !breaking)]
  return kept
    .slice(0, most)
    .sort((one, other) => compareTexts(one.what, other.what) || compareTexts(one.kind, other.kind))
}

const listed = (tools: readonly Tool[]): ToolSummary[] =>
  [...tools]
    .sort(byOperation)
    .slice(0, mostTools)
    .map(({ id, operationId, summary, method, path, disabled }) => ({
      ...{ id, operationId, summary, method, path, disabled },
    }))
