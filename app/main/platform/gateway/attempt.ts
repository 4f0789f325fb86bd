import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import { fromJson } from '../../lib/json.ts'
import { maskText, withoutSecrets } from '../../lib/secrets.ts'
import { countInputTokens } from '../vendors/count-tokens.ts'
import type { Access, Use, Vendor, VendorCall, VendorFailure, VendorRequest } from '../vendors/vendor.ts'
import { viaAfter } from '../via.ts'
import { createAudioRelay, isAudio } from './audio-relay.ts'
import type { EventSink } from './event-sink.ts'
import type { UsableKey } from './gateway-messages.ts'
import type { HangUp } from './hang-up.ts'
import { createRelay, type Relayed } from './relay.ts'
import { type SecretOrder, secretsOf } from './secret-order.ts'
import {
  type Answered,
  type Collected,
  createGathering,
  type Exchange,
  type Limits,
  type Upstream,
} from './upstream.ts'

/** Of a failure that is read for its words. */
const FAILURE_BYTES = 64 * 1024

export interface AttemptWish {
  readonly vendor: Vendor
  readonly key: UsableKey
  readonly model: string
  readonly call: VendorCall
  readonly body: JsonObject
  readonly hangUp: HangUp
  /** Who has passed the request on until here, as its `Via` header says. */
  readonly via: string | undefined
  /** Begins the caller's stream; null where a whole answer is wanted. */
  readonly commit: ((type: string) => EventSink) | null
}
export type AttemptEnd =
  | {
      readonly kind: 'answered'
      /** In OpenAI's shape. */
      readonly json: Json
      /** What the vendor sent, where that is the same. */
      readonly text: string | null
      readonly use: Use
      readonly status: number
    }
  | {
      readonly kind: 'streamed'
      readonly use: Use | null
      readonly events: number
      readonly firstAt: number
      readonly failure: VendorFailure | null
    }
  | FailedAttempt
export interface FailedAttempt {
  readonly kind: 'failed'
  readonly failure: VendorFailure
  readonly status: number | null
  /** Whether the vendor may have been at work on it when it was given up. */
  readonly underWay: boolean
}
export interface Attempted {
  readonly end: AttemptEnd
  /** What the new secret of a rotated key met, where its former one was taken. */
  readonly refused: FailedAttempt | null
}

export const accessOf = (vendor: Vendor, key: Pick<UsableKey, 'baseUrl' | 'secret'>, secret = key.secret): Access => ({
  baseUrl: (key.baseUrl ?? vendor.baseUrl ?? '').replace(/\/+$/, ''),
  secret,
})

/** Asks one vendor with one key; a key that was rotated lately is tried with its former secret too. */
export async function attempt(
  wish: AttemptWish,
  upstream: Upstream,
  limits: Limits,
  order: SecretOrder,
): Promise<Attempted> {
  const { key, hangUp } = wish
  const refusals = new Map<string, FailedAttempt>()
  for (const secret of order.of(key)) {
    const end = await once(wish, secret, upstream, limits)
    if (end.kind === 'failed' && end.failure.kind === 'bad-key' && end.status !== null) {
      refusals.set(secret, end)
      if (hangUp.gone) break
      continue
    }
    if (refusals.size > 0 && end.kind !== 'failed') order.taken(key, secret)
    return { end, refused: secret === key.secret ? null : (refusals.get(key.secret) ?? null) }
  }
  // What the new secret met is what the operator has to know.
  const [first] = refusals.values()
  return { end: refusals.get(key.secret) ?? first!, refused: null }
}

async function once(wish: AttemptWish, secret: string, upstream: Upstream, limits: Limits): Promise<AttemptEnd> {
  const { vendor, call, model, hangUp, commit } = wish
  const access = accessOf(vendor, wish.key, secret)
  const streamsChat = commit !== null && call === 'chat'
  const secrets = secretsOf(wish.key)
  let request: VendorRequest
  try {
    const asked = vendor.request(call, access, model, streamsChat ? streaming(wish.body) : wish.body)
    request = { ...asked, headers: { ...asked.headers, via: viaAfter(wish.via) } }
  } catch {
    // What cannot be written says nothing of the key.
    const failure = plainFailure('caller', 'the body cannot be written as the vendor wants it')
    return { kind: 'failed', failure, status: 400, underWay: false }
  }
  let sent = false
  const relayed = await new Promise<Relayed>((resolve) => {
    const done = (one: Relayed) => {
      sent = running.sent()
      resolve(one)
    }
    const relaying = { limits, hangUp, exchange: () => running, done }
    const running: Exchange = upstream.open(
      request,
      commit === null
        ? createGathering(
            limits,
            (kind, reason) => running.abort(kind, reason),
            (collected) => done({ kind: 'collected', collected }),
          )
        : streamsChat
          ? createRelay({ ...relaying, withoutUsage: !wantsUsage(wish.body), commit })
          : createAudioRelay({ ...relaying, commit }),
      commit === null ? limits.totalMs : limits.firstByteMs,
    )
    hangUp.listen(() => running.abort('caller', 'the caller hung up'))
  })
  hangUp.listen(null)
  switch (relayed.kind) {
    case 'collected':
      return readAnswer(wish, relayed.collected, sent)
    case 'refused': {
      const failure = vendor.failure(502, relayed.headers, withoutSecrets(relayed.text, secrets))
      return { kind: 'failed', status: 200, failure: redacted(failure, secrets), underWay: false }
    }
    case 'streamed': {
      const { usage, events, firstAt, failure } = relayed
      const use = usage ? vendor.use(call, usage as Json) : null
      return { kind: 'streamed', use, events, firstAt, failure: failure && plainFailure(failure.kind, failure.reason) }
    }
  }
}

/** What a vendor's whole answer means; speech is sound, put into JSON for callers. */
function readAnswer({ vendor, call, key, body: asked }: AttemptWish, collected: Collected, sent: boolean): AttemptEnd {
  if (collected.kind === 'failed') {
    const { failure, reason, status } = collected
    return { kind: 'failed', status, failure: plainFailure(failure, reason), underWay: sent }
  }
  const { status, body } = collected
  if (status < 200 || status > 299)
    return { kind: 'failed', status, failure: failureOf(vendor, collected, secretsOf(key)), underWay: false }
  const kind = String(collected.headers['content-type'] ?? '')
  if (call === 'speech') {
    if (!isAudio(kind))
      return { kind: 'failed', status, failure: plainFailure('garbage', 'its answer is no sound'), underWay: false }
    const json = { audio: { b64_json: body.toString('base64'), content_type: kind } }
    // Sound tells no usage.
    const use = { inputTokens: countInputTokens(asked), outputTokens: 0, images: 0 }
    return { kind: 'answered', json, text: null, use, status }
  }
  const text = body.toString('utf8')
  const json = fromJson(text) as Json | undefined
  if (typeof json !== 'object' || json === null)
    return { kind: 'failed', status, failure: plainFailure('garbage', 'its answer is no JSON object'), underWay: false }
  const answer = vendor.answer(call, json)
  return { kind: 'answered', json: answer, text: answer === json ? text : null, use: vendor.use(call, json), status }
}
/** What a vendor's refusal means; some repeat the secret that they refuse. */
export function failureOf(
  vendor: Vendor,
  { status, headers, body }: Answered,
  secrets: readonly string[],
): VendorFailure {
  // Before it is cut, and again as it is read: the text may be escaped.
  const text = withoutSecrets(body.toString('utf8', 0, FAILURE_BYTES), secrets)
  return redacted(vendor.failure(status, headers, text), secrets)
}
export function redacted(failure: VendorFailure, secrets: readonly string[]): VendorFailure {
  const safe = (text: string | null) => (text === null ? null : withoutSecrets(text, secrets))
  const { message, type, code } = failure
  return { ...failure, message: withoutSecrets(message, secrets), type: safe(type), code: safe(code) }
}

export const plainFailure = (kind: VendorFailure['kind'], reason: string): VendorFailure => ({
  ...{ kind, retryAfterMs: null, message: maskText(reason), type: null, code: null },
})

/** Whether the caller of a stream wants to be told at its end what was used. */
export function wantsUsage({ stream_options: options }: JsonObject): boolean {
  const told = typeof options === 'object' && options !== null ? (options as JsonObject)['include_usage'] : false
  return told === true
}
/** The vendor is asked to tell at the end what was used. */
function streaming(body: JsonObject): JsonObject {
  const { stream_options: options } = body
  const given = typeof options === 'object' && options !== null && !Array.isArray(options) ? options : {}
  return { ...body, stream: true, stream_options: { ...given, include_usage: true } }
}
