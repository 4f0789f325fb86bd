import { randomBytes } from 'node:crypto'
import type { Choice, Decision, DecisionOutcome, RejectedChoice } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import type { Engine, Ticket } from '../../features/routing/engine/engine-api.ts'
import type { CallEnd, CallEstimate, Verdict } from '../../features/routing/engine/engine-types.ts'
import { askedOf } from '../../features/routing/engine/model-mapping.ts'
import { statusOf } from '../replies.ts'
import { answersWanted, countInputTokens, mostOutputTokens } from '../vendors/count-tokens.ts'
import { costOf } from '../vendors/prices.ts'
import type { Use, Vendor, VendorCall, VendorFailure } from '../vendors/vendor.ts'
import { type Attempted, attempt, plainFailure } from './attempt.ts'
import type { EventSink } from './event-sink.ts'
import type { UsableKey, UseRecord } from './gateway-messages.ts'
import type { GatewayMetrics } from './gateway-metrics.ts'
import type { GatewayRecords } from './gateway-records.ts'
import type { HangUp } from './hang-up.ts'
import type { Jobs, LiveJob } from './jobs.ts'
import type { KeyCall } from './journal-line.ts'
import { nothingToAsk, type Refusal, refusalWith, vendorRefusal } from './refusals.ts'
import type { SecretOrder } from './secret-order.ts'
import { checkFeature, type GatewayToken, type Tokens } from './tokens.ts'
import type { Limits, Upstream } from './upstream.ts'

/** Vendors that are asked for one request. */
const MOST_ATTEMPTS = 8

export interface Wanted {
  readonly feature: string
  readonly call: VendorCall
  /** Null for any. */
  readonly model: string | null
  readonly body: JsonObject
  readonly token: GatewayToken | null
  readonly hangUp: HangUp
  /** The `Via` header of the request, where it came over HTTP. */
  readonly via?: string | undefined
  /** Begins the caller's stream, of events or of sound of that type; null where it wants a whole answer. */
  readonly stream: ((trace: Trace, type: string) => EventSink) | null
}
/** Who answered, for the caller to see. */
export interface Trace {
  readonly decisionId: string
  readonly choice: Choice
  readonly attempts: number
  /** Everything rested, and it was tried all the same. */
  readonly leastBad: boolean
}
export type Served =
  | {
      readonly kind: 'answered'
      readonly trace: Trace
      readonly json: Json
      /** What the vendor sent, where that is the same. */
      readonly text: string | null
      readonly use: Use
    }
  | { readonly kind: 'job'; readonly trace: Trace; readonly job: LiveJob }
  /** All was written but the end; `failure` is what the caller has to be told in the stream. */
  | { readonly kind: 'streamed'; readonly use: Use; readonly failure: VendorFailure | AppError | null }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly trace: Trace | null }
  | { readonly kind: 'gone' }

export interface ServeParts {
  readonly engine: Engine
  readonly vendors: Readonly<Record<Vendor['name'], Vendor>>
  readonly keys: ReadonlyMap<string, UsableKey>
  readonly tokens: Tokens
  readonly records: GatewayRecords
  readonly metrics: GatewayMetrics
  readonly jobs: Jobs
  readonly upstream: Upstream
  readonly limits: Limits
  readonly clock: () => number
  readonly order: SecretOrder
  /** Whether there may be keys that main cannot open. */
  readonly locked: () => boolean
}

const run = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`
let made = 0
/** Unlike any other, also after a restart. */
export const newId = (): string => `${run}-${(++made).toString(36)}`

/** What was decided, as it is kept. */
export function decisionOf(
  verdict: Verdict,
  asked: Pick<Decision, 'at' | 'model' | 'tokens' | 'caller' | 'durationUs'>,
): Decision {
  const { feature, revision, strategy, selected, fallbacks, rejected, leastBad } = verdict
  return {
    ...{ id: newId(), feature, revision, strategy, selected, leastBad },
    // The contract's arrays can be changed, the engine's must not be: nobody does.
    ...{ fallbacks: fallbacks as Choice[], rejected: rejected as RejectedChoice[] },
    ...asked,
  }
}

/** Decides, calls, falls back, and writes down what came of it, once, before its answer goes out. */
export async function serve(wanted: Wanted, parts: ServeParts): Promise<Served> {
  const { token, stream, hangUp } = wanted
  // A stream can last longer than who may read it.
  const unwatch = token && stream && parts.tokens.watch(token, () => hangUp.leave(new AppError('TOKEN_UNKNOWN')))
  try {
    return await decideAndCall(wanted, parts)
  } finally {
    unwatch?.()
    await parts.records.written()
  }
}

async function decideAndCall(wanted: Wanted, parts: ServeParts): Promise<Served> {
  const { engine, records, clock, metrics } = parts
  const { feature, model, body, token, hangUp } = wanted
  const begun = performance.now()
  const at = clock()
  checkFeature(token, feature)

  const inputTokens = countInputTokens(body)
  const mostOutput = mostOutputTokens(body)
  const tokens = inputTokens + mostOutput
  const asking = performance.now()
  const question = { feature, model, tokens, models: token?.scopes.models ?? null, random: Math.random() }
  const verdict = engine.ask(question, at)
  const durationUs = thousandths((performance.now() - asking) * 1000)
  const decision = decisionOf(verdict, { at, model, tokens, caller: token?.name ?? null, durationUs })
  // From here on every way out passes `close`, which puts right what is reserved.
  const held = token && parts.tokens.reserve(token, tokens)
  const attempts: DecisionOutcome['attempts'][number][] = []
  let written = false
  /** What was submitted may be in the making all the same. */
  let uncertain = false
  /** Of which calls under way may take the rest of the budget. */
  const full: Choice[] = []
  /** The call under way. */
  const open: { call: { readonly ticket: Ticket; readonly startedAt: number; readonly secret: string } | null } = {
    call: null,
  }
  /** What a call took that the caller gave up. */
  let givenUp: Use | null = null
  let last: { readonly choice: Choice; readonly failure: VendorFailure; readonly status: number | null } | null = null

  /** The one place that writes a request down. */
  function close(statusCode: number, choice: Choice | null, used: Use | null, firstAt: number | null): void {
    const durationMs = thousandths(performance.now() - begun)
    const failed = statusCode >= 400
    const took = used ?? { inputTokens: 0, outputTokens: 0, images: 0 }
    const cost = choice && used ? costOf(choice.vendor, askedOf(choice), used) : null
    const currency = cost?.currency ?? (choice && parts.keys.get(choice.keyId)?.currency) ?? 'USD'
    const use: UseRecord = {
      ...{ id: decision.id, at, feature, model: choice?.model ?? model ?? '', keyId: choice?.keyId ?? null },
      ...{ vendor: choice?.vendor ?? null, tokenId: token?.id ?? null, statusCode, failed },
      ...{ ...took, currency, durationMs },
      cost: cost?.amount ?? 0,
      ...(cost?.known === false && { unpriced: true }),
      firstTokenMs: firstAt === null ? null : thousandths(firstAt - begun),
    }
    records.closed(use, keyCalls(attempts), decision, { decisionId: decision.id, statusCode, durationMs, attempts })
    metrics.answered(feature, choice?.vendor ?? 'none', statusCode, durationMs, took.inputTokens, took.outputTokens)
    over(took.inputTokens + took.outputTokens)
  }
  function over(took: number): void {
    written = true
    held?.took(took)
    metrics.decided(feature, verdict.selected === null ? 'none' : verdict.leastBad ? 'least_bad' : 'selected')
  }
  const traceWith = (choice: Choice, made: number): Trace => ({
    ...{ decisionId: decision.id, choice, attempts: made, leastBad: verdict.leastBad },
  })
  const traceOf = (choice: Choice): Trace => traceWith(choice, attempts.length + 1)
  function note(choice: Choice, startedAt: number, statusCode: number | null, failure: VendorFailure | null): void {
    const { keyId, keyName, vendor, model: asked } = choice
    const durationMs = thousandths(performance.now() - startedAt)
    attempts.push({ keyId, keyName, vendor, model: asked, statusCode, failure: failure?.kind ?? null, durationMs })
    if (failure && failure.kind !== 'caller')
      records.failed(keyId, clock(), 'VENDOR_FAILED', failureWords(statusCode, failure))
  }
  /** Of a call that ended; `used` is what is paid for. */
  function end(ticket: Ticket, startedAt: number, used: Use | null, failure: VendorFailure | null): void {
    const { choice } = ticket
    // A key that was rotated meanwhile is not to blame for what its former secret met.
    const rotated = failure?.kind === 'bad-key' && parts.keys.get(choice.keyId)?.secret !== open.call?.secret
    open.call = null
    const durationMs = thousandths(performance.now() - startedAt)
    const spent = {
      tokens: used ? used.inputTokens + used.outputTokens : 0,
      cost: used ? costOf(choice.vendor, askedOf(choice), used).amount : 0,
    }
    const ended: CallEnd = failure
      ? {
          kind: 'failed',
          failure: rotated ? 'caller' : failure.kind,
          retryAfterMs: failure.retryAfterMs,
          durationMs,
          ...spent,
        }
      : { kind: 'succeeded', durationMs, ...spent }
    engine.end(ticket, ended, clock())
  }

  /** The shortest pause of those that were asked: as the vendor wished, or as the engine gives them. */
  function soonestMs(): number | null {
    const asked = new Set(attempts.map(({ keyId }) => keyId))
    const now = clock()
    const pauses = engine
      .state(feature, now)
      .choices.flatMap(({ keyId, state }) => (asked.has(keyId) && state.kind === 'cooling' ? state.until - now : []))
    return pauses.length === 0 ? null : Math.min(...pauses)
  }

  const choices = verdict.selected ? [verdict.selected, ...verdict.fallbacks] : []
  try {
    return await askAll()
  } catch (error) {
    const { call: left } = open
    if (left) end(left.ticket, left.startedAt, null, plainFailure('caller', 'it failed within the console'))
    const status = error instanceof AppError ? statusOf(error.code) : 500
    if (!written) close(status, left?.ticket.choice ?? null, null, null)
    throw error
  }

  async function askAll(): Promise<Served> {
    for (const choice of choices) {
      if (hangUp.gone || attempts.length >= MOST_ATTEMPTS) break
      const key = parts.keys.get(choice.keyId)
      if (!key) continue
      const vendor = parts.vendors[choice.vendor]
      if (!vendor.calls.includes(wanted.call)) {
        last ??= {
          choice,
          status: null,
          failure: plainFailure('caller', `${vendor.name} does not offer ${wanted.call}`),
        }
        continue
      }
      // What stood when it was decided may have changed while another was tried.
      if (last && engine.obstacle(choice, tokens, clock()) !== null) continue
      // What a call may cost is of interest only where there is a budget.
      const estimate =
        key.monthlyBudget === null ? null : estimateOf(choice, inputTokens, mostOutput, answersWanted(body))
      if (estimate && !engine.fits(choice, estimate, clock())) {
        full.push(choice)
        continue
      }
      const ticket = engine.begin(choice, clock(), tokens, estimate?.cost)
      const startedAt = performance.now()
      open.call = { ticket, startedAt, secret: key.secret }
      const task = wanted.call === 'images' ? vendor.task(askedOf(choice)) : null
      if (task) {
        // Where it fails, it could not be kept, and so it was not submitted.
        const wish = { task, vendor, key, choice, ticket, feature, decisionId: decision.id, body, token }
        const job = await parts.jobs.begin(wish)
        if (job.kind === 'begun') {
          // The job ends it.
          open.call = null
          const trace = traceOf(choice)
          note(choice, startedAt, job.status, null)
          const durationMs = thousandths(performance.now() - begun)
          const outcome = { decisionId: decision.id, statusCode: 202, durationMs, attempts }
          // How its own call ends is told by the job.
          records.decided(decision, outcome, keyCalls(attempts.slice(0, -1)))
          over(0)
          return { kind: 'job', trace, job: job.job }
        }
        end(ticket, startedAt, null, job.failure)
        note(choice, startedAt, job.status, job.failure)
        last = { choice, failure: job.failure, status: job.status }
        uncertain = job.uncertain
        if (job.failure.kind === 'caller' || job.uncertain) break
        continue
      }
      const { stream } = wanted
      const commit = stream && ((type: string) => stream(traceOf(choice), type))
      const wish = { vendor, key, model: askedOf(choice), call: wanted.call, body, hangUp, via: wanted.via, commit }
      const { end: ended, refused } = await tried(() => attempt(wish, parts.upstream, parts.limits, parts.order))
      if (refused) records.failed(key.id, clock(), 'VENDOR_FAILED', failureWords(refused.status, refused.failure))
      switch (ended.kind) {
        case 'answered': {
          const { json, text, use, status } = ended
          end(ticket, startedAt, use, null)
          const trace = traceOf(choice)
          note(choice, startedAt, status, null)
          close(hangUp.gone ? goneStatus(hangUp) : 200, choice, use, null)
          return { kind: 'answered', trace, json, text, use }
        }
        case 'streamed': {
          const { failure, firstAt, events } = ended
          // What a vendor does not tell of a stream that broke off is estimated: it is paid for all the same.
          const use = ended.use ?? { inputTokens, outputTokens: events, images: 0 }
          end(ticket, startedAt, use, failure)
          note(choice, startedAt, 200, failure)
          close(hangUp.gone ? goneStatus(hangUp) : failure ? 502 : 200, choice, use, firstAt)
          return { kind: 'streamed', use, failure: failure && hangUp.gone ? hangUp.refusal : failure }
        }
        case 'failed': {
          const { failure, status, underWay } = ended
          // What a vendor did for a caller that left is paid for all the same.
          if (hangUp.gone && underWay) givenUp = { inputTokens, outputTokens: 0, images: 0 }
          end(ticket, startedAt, givenUp, failure)
          note(choice, startedAt, status, failure)
          last = { choice, failure, status }
        }
      }
      if (last?.failure.kind === 'caller') break
    }

    const choice = last?.choice ?? null
    const trace = choice && traceWith(choice, attempts.length)
    if (hangUp.gone) {
      const status = goneStatus(hangUp)
      close(status, choice, givenUp, null)
      const { refusal: error } = hangUp
      return error ? { kind: 'refused', refusal: refusalWith(status, error), trace } : { kind: 'gone' }
    }
    const now = clock()
    const refusal = last
      ? vendorRefusal(last, attempts, soonestMs)
      : nothingToAsk(withFull(verdict, full, now), { model, token, tokens, locked: parts.locked() }, now)
    close(refusal.status, choice, null, null)
    return { kind: 'refused', refusal: uncertain ? { ...refusal, once: true } : refusal, trace }
  }
}

/** The clock tells no more, and all its digits take longer to write than the rest of a line of the journal. */
const thousandths = (time: number): number => Math.round(time * 1000) / 1000
const goneStatus = ({ refusal }: HangUp): number => (refusal ? statusOf(refusal.code) : 499)

/** Calls under way end soon, and leave of the budget what they did not take. */
const FULL_MS = 1000
const withFull = (verdict: Verdict, full: readonly Choice[], now: number): Verdict =>
  full.length === 0
    ? verdict
    : {
        ...verdict,
        rejected: [
          ...verdict.rejected,
          ...full.map(({ endpoint: _endpoint, ...named }) => ({
            ...named,
            reason: 'budget' as const,
            until: now + FULL_MS,
          })),
        ],
      }

/** Of answers whose length the caller does not bound; they may be longer. */
const USUAL_OUTPUT = 1000
function estimateOf(choice: Choice, inputTokens: number, most: number, n: number): CallEstimate {
  const outputTokens = most || USUAL_OUTPUT * n
  const cost = costOf(choice.vendor, askedOf(choice), { inputTokens, outputTokens, images: n })
  return { cost: cost.amount, bounded: most > 0 }
}

const keyCalls = (attempts: DecisionOutcome['attempts']): KeyCall[] =>
  attempts.map(({ keyId, failure }) => ({ keyId, failed: failure !== null && failure !== 'caller' }))
const failureWords = (status: number | null, { message }: VendorFailure): string =>
  status === null ? message : `${status}: ${message}`

/** What fails in us must not leave a call open. */
async function tried(work: () => Promise<Attempted>): Promise<Attempted> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it failed'
    const failure = plainFailure('connection', reason.slice(0, 200))
    return { end: { kind: 'failed', status: null, failure, underWay: false }, refused: null }
  }
}
