import type { Candidate, Choice, FeatureRules, Rejection, RouteState } from '../../../../shared/contracts/routing.ts'
import type { CallEnd, CallEstimate, EngineFeature, EngineKey, Health, Question, Verdict } from './engine-types.ts'

/** A call under way; given back with how it ended. */
export interface Ticket {
  readonly choice: Choice
  readonly startedAt: number
}

/** Decides who is asked, and learns from what came of it. All times are milliseconds since 1970. */
export interface Engine {
  /** All keys anew; what is known of a key whose id stays, stays. */
  setKeys(keys: readonly EngineKey[]): void
  /** All features anew, as they are kept: candidates of known services are brought by the engine itself. */
  setFeatures(features: readonly EngineFeature[]): void
  /** Relative costs by `<vendor>/<model>`; whatever is not in it is dearest. */
  setPrices(prices: ReadonlyMap<string, number>): void

  /** Fails with FEATURE_NOT_FOUND. Changes nothing: a dry run is the same call. */
  ask(question: Question, now: number): Verdict
  /** The same with rules that are not kept yet; the feature need not exist. */
  askDraft(question: Question, rules: FeatureRules, now: number): Verdict
  /**
   * Why a choice must not be asked just now; null where it may be. For a fallback, whose standing may have changed
   * while the one before it was tried. A choice of a least bad verdict is asked without this.
   */
  obstacle(choice: Choice, tokens: number, now: number): Rejection | null
  /** Whether the month's budget of its key leaves room for a call, beside what calls under way may cost. */
  fits(choice: Choice, estimate: CallEstimate, now: number): boolean
  /**
   * Counts the request, its estimated tokens and the running call, and holds `cost` (millionths) of the budget. Every
   * ticket is ended once, whatever happens.
   */
  begin(choice: Choice, now: number, tokens: number, cost?: number): Ticket
  /** Moves breaker, cooldown, bench, latency and budget; a second end of the same ticket is ignored. */
  end(ticket: Ticket, end: CallEnd, now: number): void

  /** How the choices of a feature stand, in the order in which they would be tried. Fails with FEATURE_NOT_FOUND. */
  state(feature: string, now: number): RouteState
  /** The candidates that keys of known services bring to a feature. Fails with FEATURE_NOT_FOUND. */
  brought(feature: string): readonly Candidate[]
  /** How many candidates with their keys a feature has beyond what is looked at. Fails with FEATURE_NOT_FOUND. */
  leftOut(feature: string): number
  /** What changed of keys and candidates since it was last asked. */
  health(): Health[]
  /** What an earlier run knew; before the first question. */
  restore(health: readonly Health[]): void
  /** Forgets bench, cooldown and breaker of keys and of the candidates they stand for; budgets stay spent. */
  reset(keyIds: readonly string[]): void
  /** What `replay` needs of the present; `feature` is null for one that does not exist. */
  snapshotFor(feature: string): RouteSnapshot
}

/** The present as `replay` takes it. */
export interface RouteSnapshot {
  readonly feature: EngineFeature | null
  readonly keys: readonly EngineKey[]
  readonly prices: ReadonlyMap<string, number>
  /** Milliseconds by the id of a key or candidate as in `Health`; without an entry nothing is known. */
  readonly latencies: ReadonlyMap<string, number>
}
