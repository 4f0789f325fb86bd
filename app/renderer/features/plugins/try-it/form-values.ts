import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import type { TextKey, TextValues } from '../../../i18n/catalogue.ts'
import { isObject, type JsonObject, parseJson } from './json-text.ts'
import type { Field, Variant } from './schema-form.ts'

/** Keys and indexes that lead to a part of the arguments. */
export type Path = readonly (string | number)[]
/** The path as one text, for maps: a JSON pointer. */
export const pointerOf = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export interface Problem {
  readonly key: TextKey
  readonly values?: TextValues
  /** The other end may take it all the same: said, but no reason not to send it. */
  readonly advice?: true
}

/**
 * The value with one part replaced; undefined takes it away, and with it the objects that become empty by that. What is
 * taken from a list leaves an empty text in its place: items go by editing the list.
 */
export function edited(value: Json | undefined, path: Path, next: Json | undefined): Json | undefined {
  const [step, ...rest] = path
  if (step === undefined) return next
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? value : []
    return items.toSpliced(step, 1, edited(items[step], rest, next) ?? (rest.length > 0 ? {} : ''))
  }
  const present = isObject(value) ? value : {}
  const inner = edited(present[step], rest, next)
  if (inner !== undefined) return { ...present, [step]: inner }
  const { [step]: _, ...others } = present
  return Object.keys(others).length > 0 ? others : undefined
}

/** What a number field was typed, as a number where it is one; "1." and "-" stay texts while they are written. */
export function typedNumber(typed: string): Json | undefined {
  const trimmed = typed.trim()
  if (trimmed === '') return undefined
  const number = Number(trimmed)
  return String(number) === trimmed && Number.isFinite(number) ? number : typed
}

/** An item of a list that nothing was chosen for yet: a list cannot hold "not given". */
const isBlankItem = (field: Field, value: Json | undefined): boolean =>
  value === '' &&
  (field.kind === 'file' || field.kind === 'boolean' || (field.kind === 'choice' && !field.options.includes('')))

/** Whether the field has a control that can show the value; otherwise it is shown as JSON. */
export function fits(field: Field, value: Json | undefined): boolean {
  if (value === undefined || value === null || isBlankItem(field, value)) return true
  switch (field.kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number' || typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'choice':
      return optionIndex(field.options, value) >= 0
    case 'file':
      return isObject(value) && typeof value['base64'] === 'string'
    case 'object':
      return isObject(value)
    case 'list':
      return Array.isArray(value)
    case 'variants':
    case 'json':
      return true
  }
}
export const optionIndex = (options: readonly Json[], value: Json): number => {
  const wanted = JSON.stringify(value)
  return options.findIndex((option) => JSON.stringify(option) === wanted)
}

/** No property of the value is one that the field does not name: tells variants apart that share their required ones. */
function namesOnly(field: Field, value: Json): boolean {
  if (field.kind !== 'object' || !isObject(value) || field.open) return true
  const names = new Set(field.fields().map(({ name }) => name))
  return Object.keys(value).every((name) => names.has(name))
}

/** The variant that a value most likely is: the first that it fits without a problem, else the first that can show it. */
export function variantFor(variants: readonly Variant[], value: Json | undefined): number {
  if (value === undefined) return 0
  const whole = ({ field }: Variant) => {
    const problems = new Map<string, Problem>()
    collect(field, value, [], { choices: {}, problems, strict: true })
    return problems.size === 0 && namesOnly(field, value)
  }
  const best = variants.findIndex((one) => fits(one.field, value) && whole(one))
  return Math.max(0, best >= 0 ? best : variants.findIndex(({ field }) => fits(field, value)))
}

/** What a new item or a chosen variant begins with: the constants that it cannot be without. */
export function startOf(field: Field): Json {
  switch (field.kind) {
    case 'object': {
      const constants = field
        .fields()
        .flatMap((one) =>
          one.kind === 'choice' && one.required && one.options.length === 1
            ? [[one.name, one.options[0]!] as const]
            : [],
        )
      return Object.fromEntries(constants)
    }
    case 'json':
      return field.object ? {} : ''
    case 'list':
      return []
    case 'boolean':
      return false
    case 'choice':
      return field.options[0] ?? ''
    case 'variants':
      return startOf(field.variants()[0]!.field)
    default:
      return ''
  }
}

/** What is wrong with a value itself, its parts not looked at; null where nothing is or nothing was given. */
export function problemOf(field: Field, value: Json | undefined): Problem | null {
  if (value === undefined || value === null || !fits(field, value)) return null
  switch (field.kind) {
    case 'text':
      return textProblem(field, value as string)
    case 'number':
      return numberProblem(field, value as string | number)
    case 'list': {
      const { length } = value as readonly Json[]
      if (length < field.least) return { key: 'tryIt.fewest', values: { count: field.least }, advice: true }
      if (field.most !== null && length > field.most)
        return { key: 'tryIt.mostItems', values: { count: field.most }, advice: true }
      return null
    }
    case 'json':
      return field.object && !isObject(value) ? jsonProblem(value) : null
    default:
      return null
  }
}

function textProblem(field: Extract<Field, { kind: 'text' }>, value: string): Problem | null {
  const length = [...value].length
  if (field.minLength !== null && length < field.minLength)
    return { key: 'tryIt.shortest', values: { count: field.minLength }, advice: true }
  if (field.maxLength !== null && length > field.maxLength)
    return { key: 'tryIt.longest', values: { count: field.maxLength }, advice: true }
  return null
}

function numberProblem(field: Extract<Field, { kind: 'number' }>, value: string | number): Problem | null {
  const typed = typeof value === 'string' ? value.trim() : String(value)
  const number = Number(typed)
  if (typed === '' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed)) return { key: 'tryIt.notANumber' }
  if (field.whole && !Number.isInteger(number)) return { key: 'tryIt.notWhole' }
  if (/^[+-]?\d+$/.test(typed) && BigInt(typed) !== BigInt(number)) return { key: 'tryIt.tooManyDigits' }
  const { least, most } = field
  if (least && (number < least.value || (least.exclusive && number === least.value)))
    return {
      key: least.exclusive ? 'tryIt.above' : 'tryIt.atLeast',
      values: { bound: String(least.value) },
      advice: true,
    }
  if (most && (number > most.value || (most.exclusive && number === most.value)))
    return { key: most.exclusive ? 'tryIt.below' : 'tryIt.atMost', values: { bound: String(most.value) }, advice: true }
  return null
}

function jsonProblem(value: Json): Problem {
  const parsed = typeof value === 'string' ? parseJson(value) : null
  if (!parsed || parsed.ok) return { key: 'tryIt.notAnObject' }
  const { line, column, words } = parsed.mistake
  return { key: words, values: { line, column } }
}

/** Which variant was chosen, by the pointer of its field; where none was, the value tells. */
export type Choices = Readonly<Record<string, number>>

/** Every problem of the arguments by its pointer: what is required and missing, and what would not be taken. */
export function problemsOf(
  fields: readonly Field[],
  value: JsonObject,
  choices: Choices = {},
): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>()
  for (const field of fields) collect(field, value[field.name], [field.name], { choices, problems, strict: false })
  return problems
}

interface Collection {
  readonly choices: Choices
  readonly problems: Map<string, Problem>
  /** A value of another kind than the field's is a problem too; to send it is the operator's choice. */
  readonly strict: boolean
}
function collect(field: Field, value: Json | undefined, path: Path, into: Collection): void {
  const own = problemOf(field, value)
  if (own && (into.strict || !own.advice)) into.problems.set(pointerOf(path), own)
  if (into.strict && !fits(field, value)) into.problems.set(pointerOf(path), { key: 'tryIt.writtenAsJson' })
  const given = value !== undefined && !isBlankItem(field, value)
  // What has a default is filled in where it is missing.
  if (!given && (!field.required || field.byDefault !== undefined)) return
  if (field.kind === 'variants') {
    const chosen = chosenVariant(field, value, path, into.choices)
    if (chosen) collect({ ...chosen.field, required: field.required }, value, path, into)
  } else if (field.kind === 'object' && (!given || isObject(value))) {
    // Of a required object that was not given, what is missing is inside.
    const present = isObject(value) ? value : {}
    for (const one of field.fields()) collect(one, present[one.name], [...path, one.name], into)
  } else if (field.kind === 'list' && Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(field.item(), item, [...path, index], into)
    })
  } else if (!given) into.problems.set(pointerOf(path), { key: 'tryIt.missing' })
}

export const chosenVariant = (
  field: Extract<Field, { kind: 'variants' }>,
  value: Json | undefined,
  path: Path,
  choices: Choices,
): Variant | undefined => field.variants()[choices[pointerOf(path)] ?? variantFor(field.variants(), value)]

/** The arguments as they are sent: typed numbers as numbers, and required objects there even where nothing is in them. */
export function settled(fields: readonly Field[], value: JsonObject, choices: Choices = {}): JsonObject {
  return settledObject(fields, value, [], choices)
}

function settledObject(fields: readonly Field[], value: JsonObject, path: Path, choices: Choices): JsonObject {
  const settledFields = fields.flatMap((field) => {
    const one = settledOne(field, value[field.name], [...path, field.name], choices)
    return one === undefined ? [] : [[field.name, one] as const]
  })
  return { ...value, ...Object.fromEntries(settledFields) }
}

function settledOne(field: Field, value: Json | undefined, path: Path, choices: Choices): Json | undefined {
  if (field.kind === 'object' && (isObject(value) || (value === undefined && field.required)))
    return settledObject(field.fields(), value ?? {}, path, choices)
  if (field.kind === 'json' && field.object && value === undefined && field.required) return {}
  if (field.kind === 'list' && Array.isArray(value))
    return value.map((item, index) => settledOne(field.item(), item, [...path, index], choices) ?? item)
  if (field.kind === 'number' && typeof value === 'string' && numberProblem(field, value) === null) return Number(value)
  if (field.kind === 'variants' && value !== undefined) {
    const chosen = chosenVariant(field, value, path, choices)
    return chosen ? settledOne(chosen.field, value, path, choices) : value
  }
  return value
}

/** The pointer of the argument that main names: "city", "address.street", "items[0].id", "/items/0". */
export function pointerOfName(name: string): string {
  if (name.startsWith('/')) return name
  return pointerOf(name.replace(/\[(\d+)\]/g, '.$1').split('.'))
}
