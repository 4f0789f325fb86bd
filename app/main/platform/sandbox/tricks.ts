import type { IncomingMessage, ServerResponse } from 'node:http'
import { textOf } from '../vendors/openai-dialect.ts'

// How the sandbox is told to fail, and what failing looks like on the wire.

const names = [
  'hang',
  'slow-stream',
  'cut-stream',
  'garbage',
  'close',
  'huge',
  'drip',
  'partial-images',
  'fail-task',
  'quota',
] as const
export type Trick =
  | { readonly kind: (typeof names)[number] }
  | { readonly kind: 'fail'; readonly status: number }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'retiring'; readonly days: number }

const pattern = new RegExp(`(?:^|[-_:/. ])(${names.join('|')}|fail-[45]\\d\\d|slow-\\d{1,6}|retiring-\\d{1,4})$`)

/** What the header `x-sandbox`, the end of the key, or the end of the model's name asks for; the first that does. */
export function trickOf(request: IncomingMessage, model: unknown): Trick | null {
  return read(request.headers['x-sandbox']) ?? read(request.headers.authorization) ?? read(model)
}
function read(value: unknown): Trick | null {
  const word = pattern.exec(textOf(value)?.slice(-80) ?? '')?.[1]
  if (word === undefined) return null
  if (word.startsWith('fail-') && word !== 'fail-task') return { kind: 'fail', status: Number(word.slice(5)) }
  const slow = /^slow-(\d+)$/.exec(word)?.[1]
  if (slow !== undefined) return { kind: 'slow', milliseconds: Number(slow) }
  const days = /^retiring-(\d+)$/.exec(word)?.[1]
  if (days !== undefined) return { kind: 'retiring', days: Number(days) }
  return { kind: names.find((name) => name === word) ?? 'garbage' }
}

export type Dialect = 'openai' | 'dashscope'

/** A refusal in the words of the dialect. */
export function refuse(response: ServerResponse, dialect: Dialect, status: number, words?: Refusal): void {
  const { message, type, code } = words ?? refusals[status] ?? otherRefusal(status)
  const native = dashScopeCodes[status] ?? (status >= 500 ? 'InternalError' : 'InvalidParameter')
  const document =
    dialect === 'openai'
      ? { error: { message, type, param: words?.param ?? null, code } }
      : { code: words?.native ?? native, message, request_id: '00000000-0000-4000-8000-000000000000' }
  const text = JSON.stringify(document)
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  }
  if (status === 429 && words === undefined) headers['retry-after'] = '2'
  response.writeHead(status, headers)
  response.end(text)
}
export interface Refusal {
  readonly message: string
  readonly type: string
  readonly code: string | null
  /** DashScope's code. */
  readonly native?: string
  /** What of the request is wrong. */
  readonly param?: string
}
/** Of a request that is wrong, whatever the sandbox was told. */
export const wrong = (param: string, what = 'is required'): Refusal => ({
  ...{ message: `${param} ${what}.`, type: 'invalid_request_error', code: null, native: 'InvalidParameter', param },
})
/** Nothing is there, or not for this; it was not told to fail. */
export const noPath = (method: string, path: string): Refusal => ({
  ...{ message: `Unknown path: ${method} ${path.slice(0, 200)}.`, type: 'invalid_request_error', code: 'unknown_path' },
  native: 'InvalidParameter',
})
export const noMethod = (method: string): Refusal => ({
  ...{ message: `${method} is not answered here.`, type: 'invalid_request_error', code: 'method_not_supported' },
  native: 'InvalidParameter',
})
export const foreign: Refusal = {
  message: 'Requests of web pages, and by names of other machines, are not answered.',
  ...{ type: 'invalid_request_error', code: 'foreign', native: 'AccessDenied' },
}
/** DashScope's, of an image task that is asked for as if it were answered at once. */
export const onlyAsync: Refusal = {
  message: 'Image tasks need the header X-DashScope-Async: enable.',
  ...{ type: 'invalid_request_error', code: 'only_async', native: 'AccessDenied' },
}
const refusals: Readonly<Record<number, Refusal>> = {
  401: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' },
  402: { message: 'Payment is required.', type: 'billing_error', code: 'payment_required' },
  404: { message: 'The model does not exist.', type: 'invalid_request_error', code: 'model_not_found' },
  413: { message: 'The body is too large.', type: 'invalid_request_error', code: 'too_large' },
  429: { message: 'Rate limit reached, try again in 2 s.', type: 'requests', code: 'rate_limit_exceeded' },
  503: { message: 'The engine is overloaded.', type: 'server_error', code: 'overloaded' },
}
const otherRefusal = (status: number): Refusal => ({
  message: `The sandbox was told to fail with ${status}.`,
  type: status >= 500 ? 'server_error' : 'invalid_request_error',
  code: null,
})
const dashScopeCodes: Readonly<Record<number, string>> = {
  401: 'InvalidApiKey',
  402: 'Arrearage',
  403: 'AccessDenied',
  404: 'ModelNotFound',
  429: 'Throttling.RateQuota',
}
export const outOfQuota: Refusal = {
  message: 'You exceeded your current quota, please check your plan and billing details.',
  type: 'insufficient_quota',
  code: 'insufficient_quota',
  native: 'Arrearage',
}

/** Runs every so often until the response ends, or `step` says that it is done. */
export function every(response: ServerResponse, milliseconds: number, step: () => boolean): void {
  const timer = setInterval(() => {
    if (response.destroyed || step()) clearInterval(timer)
  }, milliseconds)
  response.once('close', () => clearInterval(timer))
}

const huge = 50 * 1024 * 1024
/** An answer of 50 MB that is right but for its size, no faster than it is read. */
export function sendHuge(response: ServerResponse, stream: boolean): void {
  const filler = 'x'.repeat(64 * 1024)
  const [head, tail] = stream
    ? ['data: {"choices":[{"index":0,"delta":{"content":"', '"}}]}\n\ndata: [DONE]\n\n']
    : ['{"choices":[{"index":0,"message":{"role":"assistant","content":"', '"},"finish_reason":"stop"}]}']
  response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
  response.write(head)
  let sent = 0
  const more = () => {
    while (sent < huge && !response.destroyed) {
      sent += filler.length
      if (!response.write(filler)) {
        response.once('drain', more)
        return
      }
    }
    response.end(tail)
  }
  more()
}

/** One byte a second of an answer that would be right. */
export function drip(response: ServerResponse, stream: boolean): void {
  const text = stream ? 'data: {"choices":[]}\n\n'.repeat(100) : `{"choices":[],"padding":"${'.'.repeat(2000)}"}`
  response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
  let at = 0
  response.write(text[at++])
  every(response, 1000, () => {
    if (at < text.length) response.write(text[at++])
    else response.end()
    return at >= text.length
  })
}

/** Something that is no answer of the vendor's: what a broken proxy sends with a good status. */
export function sendGarbage(response: ServerResponse, stream: boolean): void {
  const text = stream ? 'data: {"choices":[{"delta":\n\n\u0000\u0001 not an event\n\n' : '<html>\u0000{"choices": [oops'
  response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
  response.end(text)
}
