import type { FailureKind } from '../../features/routing/engine/engine-types.ts'
import { maskText } from '../../lib/secrets.ts'
import type { VendorFailure } from './vendor.ts'

// What a vendor's refusal means for the key that was asked. One table for all vendors: their codes do not collide.

type Headers = Readonly<Record<string, string | string[] | undefined>>

const mostMessage = 500
const mostWord = 80
const mostPause = 24 * 60 * 60 * 1000

/** Codes whose status alone would mislead; compared in lower case. */
const codes: readonly (readonly [RegExp, FailureKind])[] = [
  // OpenAI says 429 (and 400 for images) where nothing but money helps.
  [/^(?:insufficient_quota|credit_balance_exhausted|(?:organization|project)_spend_limit_exceeded)$/, 'quota'],
  [/^billing_(?:hard_limit_reached|not_active)$/, 'quota'],
  // DashScope: an account in arrears answers 400, a free quota that is used up 403.
  [/^arrearage$/, 'quota'],
  [/^(?:allocationquota\.freetieronly|prepaidbilloverdue|postpaidbilloverdue|commoditynotpurchased)$/, 'quota'],
  [/^(?:invalidapikey|invalid_api_key)$/, 'bad-key'],
  [/^throttling(?:\.|$)/, 'rate-limit'],
  [/^(?:rate_limit_exceeded|limit_requests|limit_burst_rate)$/, 'rate-limit'],
]

/** `answer` is the JSON of the vendor's answer, or its text where it is none. */
export function readFailure(status: number, headers: Headers, answer: unknown): VendorFailure {
  const { message, type, code } = wordsOf(answer)
  return {
    kind: kindOf(status, code, type, message),
    retryAfterMs: retryAfter(headers),
    message: message === null ? `HTTP ${status}` : shorten(maskText(message), mostMessage),
    type: type === null ? null : shorten(maskText(type), mostWord),
    code: code === null ? null : shorten(maskText(code), mostWord),
  }
}

/** The failure of a task that was accepted, by its code; there is no status any more. */
export function readTaskFailure(answer: unknown): VendorFailure {
  const { code } = wordsOf(answer)
  // DashScope's codes of its own troubles all begin so; whatever else it refuses is what was asked for.
  const status =
    code === null || /^(?:Internal|SystemError|ModelServiceFailed|ServiceUnavailable)/i.test(code) ? 500 : 400
  const failure = readFailure(status, {}, answer)
  return failure.message === `HTTP ${status}` ? { ...failure, message: 'The task failed without a reason.' } : failure
}

function kindOf(status: number, code: string | null, type: string | null, message: string | null): FailureKind {
  // "Free allocated quota exceeded" shares its code with a limit a minute.
  if (/^free allocated quota exceeded/i.test(message ?? '')) return 'quota'
  for (const word of [code, type]) {
    if (word === null) continue
    const kind = codes.find(([pattern]) => pattern.test(word.toLowerCase()))?.[1]
    if (kind !== undefined) return kind
  }
  if (status === 401 || status === 403) return 'bad-key'
  if (status === 402) return 'quota'
  if (status === 429) return 'rate-limit'
  if (status === 408) return 'timeout'
  // A redirect, or a success that is none: this is not the vendor's API.
  if (status < 400) return 'garbage'
  return status < 500 ? 'caller' : 'vendor'
}

interface Words {
  readonly message: string | null
  readonly type: string | null
  readonly code: string | null
}
/** OpenAI's `{error:{…}}`, Ollama's `{error:"…"}`, DashScope's and vLLM's flat words, FastAPI's `{detail}`, plain text. */
function wordsOf(answer: unknown): Words {
  if (typeof answer === 'string') return { message: plain(answer), type: null, code: null }
  if (typeof answer !== 'object' || answer === null) return { message: null, type: null, code: null }
  const outer = answer as Readonly<Record<string, unknown>>
  const error = outer['error']
  const inner = typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : outer
  const message = inner['message'] ?? (typeof error === 'string' ? error : undefined) ?? outer['detail']
  return {
    message:
      typeof message === 'string' ? plain(message) : message === undefined ? null : plain(JSON.stringify(message)),
    type: word(inner['type']),
    code: word(inner['code']),
  }
}
const word = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
/** One line, without the tags of a proxy's error page; masked later, so it is cut generously here. */
function plain(text: string): string | null {
  const line = text
    .slice(0, 4096)
    .replace(/<(style|script)\b[\s\S]{0,4000}?<\/\1>|<[^<>]{0,500}>/gi, ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line === '' ? null : line
}
const shorten = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/** How long the vendor asks us to stay away, at most a day; null where it does not say. */
function retryAfter(headers: Headers): number | null {
  const milliseconds = Number(first(headers['retry-after-ms']) ?? Number.NaN)
  if (Number.isFinite(milliseconds)) return within(milliseconds)
  const text = first(headers['retry-after'])?.trim()
  if (text === undefined || text === '') return null
  if (/^\d{1,12}(?:\.\d{1,6})?$/.test(text)) return within(Number(text) * 1000)
  // Date.parse takes "-5" for a month: a date of HTTP begins with a day of the week.
  const until = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(until)) return null
  // The vendor's own clock, where it says it: ours may be wrong.
  const now = Date.parse(first(headers['date']) ?? '')
  return within(until - (Number.isNaN(now) ? Date.now() : now))
}
const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)
const within = (milliseconds: number): number => Math.min(mostPause, Math.max(0, Math.round(milliseconds)))
