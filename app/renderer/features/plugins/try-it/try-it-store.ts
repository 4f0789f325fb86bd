import { create } from 'zustand'
import type { CallResult, Json } from '../../../../shared/contracts/plugin-calls.ts'
import type { Failure } from '../../../../shared/contracts/tasks.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError, run } from '../../../shell/run.ts'
import { type Choices, edited, type Path, type Problem, pointerOf, pointerOfName } from './form-values.ts'
import { isObject, type JsonObject } from './json-text.ts'
import { readArguments, writeArguments } from './stowed-texts.ts'

export type Mode = 'form' | 'json' | 'code'
/** A call being prepared. */
export interface Draft {
  readonly arguments: JsonObject
  readonly mode: Mode
  /** What stands in the JSON field, right or not; null until it was opened for these arguments. */
  readonly text: string | null
  /** Very long texts that `text` holds a stand-in for. */
  readonly stowed: readonly string[]
  readonly choices: Choices
  /** Sending was tried: what is missing is marked. */
  readonly checked: boolean
  /** What main refused, by the pointer of the argument. */
  readonly refused: ReadonlyMap<string, Problem>
}
export interface Answer {
  readonly at: number
  /** Null when the call was refused before it became one. */
  readonly result: CallResult | null
  readonly failure: Failure | null
}
export interface Running {
  readonly callId: string
  readonly since: number
}
/** Drafts and answers by `keyOf`; they outlive the page that shows them. */
export interface TryIt {
  readonly drafts: ReadonlyMap<string, Draft>
  readonly answers: ReadonlyMap<string, Answer>
  readonly running: ReadonlyMap<string, Running>
  /** Puts arguments into a tool's form, ready to be sent: how a call of the history is repeated. */
  readonly draft: (plugin: string, operation: string, given: JsonObject) => void
}

/** An answer may hold 1 MB, a draft a file. */
const most = { drafts: 40, answers: 12 }
export const emptyDraft: Draft = {
  arguments: {},
  mode: 'form',
  text: null,
  stowed: [],
  choices: {},
  checked: false,
  refused: new Map(),
}

export const keyOf = (plugin: string, operation: string): string => JSON.stringify([plugin, operation])

export const useTryIt = create<TryIt>(() => ({
  drafts: new Map(),
  answers: new Map(),
  running: new Map(),
  draft: (plugin, operation, given) => replaceArguments(keyOf(plugin, operation), given),
}))

/** The map with one entry put last, and without its oldest ones beyond `limit`. */
function kept<V>(map: ReadonlyMap<string, V>, key: string, value: V, limit: number): ReadonlyMap<string, V> {
  const next = new Map(map)
  next.delete(key)
  next.set(key, value)
  for (const oldest of next.keys()) {
    if (next.size <= limit) break
    next.delete(oldest)
  }
  return next
}
function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const next = new Map(map)
  next.delete(key)
  return next
}

export const draftOf = (state: Pick<TryIt, 'drafts'>, key: string): Draft => state.drafts.get(key) ?? emptyDraft

function change(key: string, part: (draft: Draft) => Partial<Draft>): void {
  useTryIt.setState((state) => {
    const draft = draftOf(state, key)
    return { drafts: kept(state.drafts, key, { ...draft, ...part(draft) }, most.drafts) }
  })
}

/** One part of the form was edited; what main said about it no longer holds. */
export function edit(key: string, path: Path, next: Json | undefined): void {
  change(key, (draft) => {
    const value = edited(draft.arguments, path, next)
    return {
      arguments: isObject(value) ? value : {},
      text: null,
      refused: without(draft.refused, pointerOf(path)),
    }
  })
}

/** Another variant: what does not fit it is replaced by what it begins with. */
export function choose(key: string, path: Path, index: number, value: Json | undefined): void {
  change(key, ({ choices }) => ({ choices: { ...choices, [pointerOf(path)]: index } }))
  edit(key, path, value)
}

/** The whole of the arguments at once, in the mode that is open. */
export function replaceArguments(key: string, given: JsonObject): void {
  change(key, ({ mode }) => ({
    ...emptyDraft,
    arguments: given,
    mode,
    ...(mode === 'json' ? writeArguments(given) : {}),
  }))
}

/** `present`: the arguments as they would be sent, for the JSON field to show. */
export function setMode(key: string, mode: Mode, present: JsonObject): void {
  change(key, ({ text }) => ({ mode, ...(mode === 'json' && text === null ? writeArguments(present) : {}) }))
}

/** The JSON field was edited: while it can be read, the arguments are what it says. */
export function setText(key: string, text: string): void {
  change(key, ({ stowed }) => {
    const parsed = readArguments(text, stowed)
    return parsed.ok && isObject(parsed.value)
      ? { text, arguments: parsed.value, choices: {}, refused: new Map() }
      : { text }
  })
}

export const markMissing = (key: string): void => change(key, () => ({ checked: true }))

/** Calls the tool; the answer is there even when the page is left meanwhile. One call at a time for each tool. */
export async function send(plugin: string, operation: string, given: JsonObject): Promise<void> {
  const key = keyOf(plugin, operation)
  if (useTryIt.getState().running.has(key)) return
  const callId = crypto.randomUUID()
  const since = Date.now()
  useTryIt.setState(({ running }) => ({ running: new Map(running).set(key, { callId, since }) }))
  const answer = await callNow(plugin, operation, callId, given)
  useTryIt.setState(({ answers, running }) => ({
    answers: kept(answers, key, answer, most.answers),
    running: without(running, key),
  }))
  change(key, () => ({ checked: false, refused: refusedBy(answer.failure) }))
}

async function callNow(id: string, operation: string, callId: string, given: JsonObject): Promise<Answer> {
  try {
    const result = await rpc.plugins.call({ id, operation, callId, arguments: given })
    return { at: Date.now(), result, failure: result.failure }
  } catch (error) {
    const { code, details } = asAppError(error)
    return { at: Date.now(), result: null, failure: { code, details } }
  }
}

export function cancel(key: string): void {
  const running = useTryIt.getState().running.get(key)
  if (running) void run(rpc.plugins.cancelCall({ callId: running.callId }))
}

/** The arguments that a failure names, each with what is said about it. */
export function refusedBy(failure: Failure | null): ReadonlyMap<string, Problem> {
  const refused = new Map<string, Problem>()
  const { code, details } = failure ?? { code: '', details: {} }
  // A name with a dot is one argument or the way into one.
  const mark = (name: string, problem: Problem) =>
    refused.set(pointerOf([name]), problem).set(pointerOfName(name), problem)
  if (code === 'ARGUMENT_MISSING') {
    const names = String(details['names'] ?? '').split(/[,、]/)
    for (const name of names) mark(name.trim(), { key: 'tryIt.missing' })
  }
  if (code === 'ARGUMENT_INVALID') {
    const reason = String(details['reason'] ?? '')
    mark(String(details['name'] ?? ''), { key: 'tryIt.refused', values: { reason } })
  }
  return refused
}
