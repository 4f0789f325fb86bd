import type { Decision, DecisionOutcome } from '../../../shared/contracts/routing.ts'
import { fromJson } from '../../lib/json.ts'
import type { UseRecord } from './gateway-messages.ts'

/** A call of a key, whoever answered the request in the end. */
export interface KeyCall {
  readonly keyId: string
  /** By no fault of the caller. */
  readonly failed: boolean
}
/** The same, and when. */
export interface CountedCall extends KeyCall {
  /** Milliseconds since 1970. */
  readonly at: number
}
/** A decision as it is kept: nobody reads it before somebody looks. */
export interface DecisionText {
  readonly id: string
  readonly feature: string
  /** JSON (Decision). */
  readonly text: string
  /** JSON (DecisionOutcome); null before its calls have ended, and of one that nobody followed. */
  readonly outcome: string | null
}
/** What is written down of one request, once, as one line. */
export interface JournalEntry {
  readonly use: UseRecord | null
  readonly calls: readonly KeyCall[]
  readonly decision: DecisionText | null
}

// The parts are JSON, which never holds a bare tab or the end of a line.

export function lineOf(
  use: UseRecord | null,
  calls: readonly KeyCall[],
  decision: Decision | null,
  outcome: DecisionOutcome | null,
): string {
  const head = JSON.stringify(decision ? [decision.id, decision.feature] : [])
  return `${head}\t${textOf(use)}\t${calls.length === 0 ? '' : JSON.stringify(calls)}\t${textOf(decision)}\t${textOf(outcome)}\n`
}
const textOf = (value: object | null): string => (value === null ? '' : JSON.stringify(value))

/** Null for a line that is none: one that was torn by the end of its writer. */
export function entryOf(line: string): JournalEntry | null {
  const parts = line.split('\t')
  if (parts.length !== 5) return null
  const [head, use, calls, text, outcome] = parts as [string, string, string, string, string]
  const [id, feature] = (fromJson(head) ?? []) as (string | undefined)[]
  const read = use === '' ? null : fromJson(use)
  const counted = calls === '' ? [] : fromJson(calls)
  if ((read !== null && !isUse(read)) || !Array.isArray(counted) || !counted.every(isCall)) return null
  if (text === '') return { use: read, calls: counted, decision: null }
  if (typeof id !== 'string' || typeof feature !== 'string') return null
  return { use: read, calls: counted, decision: { id, feature, text, outcome: outcome === '' ? null : outcome } }
}

const isUse = (value: unknown): value is UseRecord => {
  const { id, at, feature, model, currency } = (value ?? {}) as Partial<UseRecord>
  return [id, feature, model, currency].every((one) => typeof one === 'string') && Number.isFinite(at)
}
const isCall = (value: unknown): value is KeyCall => typeof (value as KeyCall | null)?.keyId === 'string'
