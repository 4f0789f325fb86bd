import type { Choice, DecisionOutcome, RejectedChoice, Rejection } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import { describeRejections, describeRejectionsInChinese } from '../../features/routing/engine/describe-verdict.ts'
import type { Verdict } from '../../features/routing/engine/engine-types.ts'
import type { VendorFailure } from '../vendors/vendor.ts'
import { type GatewayToken, scopeError } from './tokens.ts'

/** Why the gateway did not answer: in the vendor's words where it was the caller's fault, else in ours. */
export interface Refusal {
  readonly status: number
  /** Seconds after which it may be worth another try. */
  readonly retryAfter: number | null
  readonly error: AppError
  /** What the vendor said of the caller's own fault, to be passed on. */
  readonly vendor: VendorFailure | null
  /** Another try could make again what may be there already: clients are told not to. */
  readonly once?: boolean
}

/** What passes by itself, soon. */
const passing = new Set<Rejection>(['cooling', 'rpm', 'tpm', 'concurrency'])

/** A budget that calls under way may take passes as soon; one that is spent waits for the month. */
const SOON_MS = 60_000

/** Why nobody was asked. */
export function nothingToAsk(
  { rejected, feature }: Verdict,
  asked: {
    readonly model: string | null
    readonly token: GatewayToken | null
    /** What the request may take, estimated. */
    readonly tokens: number
    /** Whether there may be keys that cannot be opened now. */
    readonly locked: boolean
  },
  now: number,
): Refusal {
  const { model, token, tokens, locked } = asked
  // Without its keys it is not known what there is.
  if (locked) return refusalWith(503, new AppError('KEY_VAULT_LOCKED'))
  // Candidates of another model were not meant.
  const meant = rejected.filter(({ reason }) => reason !== 'model-mismatch')
  if (meant.length === 0 && rejected.length > 0 && model !== null)
    return refusalWith(404, new AppError('MODEL_UNKNOWN', { model: model.slice(0, 200) }))
  if (token && meant.length > 0 && meant.every(({ reason }) => reason === 'out-of-scope'))
    return refusalWith(403, scopeError(token, model ?? feature))
  // Who has a token for others does not hear of these.
  const open = meant.filter(({ reason }) => reason !== 'out-of-scope')
  const inBoth = { reasons: describeRejections(open), reasonsZh: describeRejectionsInChinese(open) }
  const error = new AppError('NO_CANDIDATE', { feature, ...inBoth })
  // What is more than a minute's tokens of a key never fits, however long one waits.
  const tooSmall = meant.filter(({ reason, until }) => reason === 'tpm' && until === null)
  const passes = ({ reason, until }: RejectedChoice) =>
    passing.has(reason) || (reason === 'budget' && until !== null && until - now < SOON_MS)
  const waiting = meant.filter((one) => passes(one) && !tooSmall.includes(one))
  const others = meant.filter((one) => !passes(one) && one.reason !== 'no-key' && one.reason !== 'out-of-scope')
  if (tooSmall.length > 0 && waiting.length === 0 && others.length === 0)
    return refusalWith(413, new AppError('REQUEST_OVER_LIMIT', { feature, tokens }))
  if (waiting.length === 0 || others.length > 0) {
    // A breaker lets one call try when its pause is over.
    const tries = meant.flatMap(({ reason, until }) => (reason === 'breaker-open' && until !== null ? [until] : []))
    return refusalWith(503, error, tries.length === 0 ? null : secondsTo(Math.min(...tries), now))
  }
  const until = Math.min(...waiting.map((one) => one.until ?? now + 1000))
  return refusalWith(429, error, secondsTo(until, now))
}

/** Why those that were asked did not answer; `last` is the last of them, `soonestMs` the shortest pause that they need. */
export function vendorRefusal(
  last: { readonly choice: Choice; readonly failure: VendorFailure; readonly status: number | null },
  attempts: DecisionOutcome['attempts'],
  soonestMs: () => number | null,
): Refusal {
  const { choice, failure, status } = last
  const told = { vendor: choice.vendor, status: status ?? failure.kind, reason: failure.message }
  const error = new AppError('VENDOR_FAILED', told)
  if (failure.kind === 'caller') {
    // A vendor that cannot be asked this at all has answered nothing.
    if (status === null) return refusalWith(422, error)
    return { ...refusalWith(status >= 400 && status < 500 ? status : 400, error), vendor: failure }
  }
  if (attempts.length > 0 && attempts.every((one) => one.failure === 'rate-limit'))
    return refusalWith(429, error, Math.max(1, Math.ceil((soonestMs() ?? 1000) / 1000)))
  return refusalWith(failure.kind === 'timeout' ? 504 : 502, error)
}

const secondsTo = (until: number, now: number): number => Math.max(1, Math.ceil((until - now) / 1000))
export const refusalWith = (status: number, error: AppError, retryAfter: number | null = null): Refusal => ({
  ...{ status, error, retryAfter, vendor: null },
})
