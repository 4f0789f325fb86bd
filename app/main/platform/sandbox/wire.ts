import type { IncomingMessage, ServerResponse } from 'node:http'
import { fromJson } from '../../lib/json.ts'
import type { Body } from './chat.ts'
import {
  type Dialect,
  drip,
  every,
  outOfQuota,
  type Refusal,
  refuse,
  sendGarbage,
  sendHuge,
  type Trick,
  wrong,
} from './tricks.ts'

// How requests are read and answers are sent, tricks included.

/** Does it; what fails in us is an answer too, for it would end the process otherwise. */
export function guarded(response: ServerResponse, work: () => void): void {
  try {
    work()
  } catch {
    if (response.headersSent) response.destroy()
    else refuse(response, 'openai', 500, failed)
  }
}
const failed: Refusal = { message: 'The sandbox could not answer that.', type: 'server_error', code: null }

const MEGABYTE = 1024 * 1024
const mostBody = 10 * MEGABYTE
/** A file of 25 MiB, and what surrounds it. */
const mostForm = 26 * MEGABYTE

/** Does what the trick says, or answers. Tricks that spoil the answer itself are left to whoever sends it. */
export function perform(
  trick: Trick | null,
  response: ServerResponse,
  dialect: Dialect,
  stream: boolean,
  answer: () => void,
): void {
  switch (trick?.kind) {
    case 'fail':
      refuse(response, dialect, trick.status)
      break
    case 'quota':
      // DashScope refuses an account in arrears with 400.
      refuse(response, dialect, dialect === 'openai' ? 429 : 400, outOfQuota)
      break
    case 'hang':
      break
    case 'close':
      response.destroy()
      break
    case 'garbage':
      sendGarbage(response, stream)
      break
    case 'huge':
      sendHuge(response, stream)
      break
    case 'drip':
      drip(response, stream)
      break
    case 'slow': {
      const timer = setTimeout(() => guarded(response, answer), trick.milliseconds)
      response.once('close', () => clearTimeout(timer))
      break
    }
    default:
      answer()
  }
}

/** One JSON document; half of it where the answer is to be cut. */
export function send(response: ServerResponse, document: unknown, trick: Trick | null = null): void {
  const text = JSON.stringify(document)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  if (trick?.kind !== 'cut-stream') response.end(text)
  else response.write(text.slice(0, text.length / 2), () => response.destroy())
}

/** Bytes of that type; half of them where the answer is to be cut. */
export function sendBytes(response: ServerResponse, type: string, bytes: Buffer, trick: Trick | null): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length })
  if (trick?.kind !== 'cut-stream') response.end(bytes)
  else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
}

/** The lines of an event stream, as the trick wants them. */
export function sendStream(response: ServerResponse, lines: readonly string[], trick: Trick | null): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  if (trick?.kind === 'cut-stream') {
    // At least one chunk arrives, and never the end.
    const half = lines.slice(0, Math.max(1, Math.floor(lines.length / 2)))
    response.write(half.join(''), () => response.destroy())
  } else if (trick?.kind === 'slow-stream') {
    let at = 0
    response.write(lines[at++])
    every(response, 100, () => {
      response.write(lines[at++])
      if (at === lines.length) response.end()
      return at === lines.length
    })
  } else {
    for (const line of lines) response.write(line)
    response.end()
  }
}

/** The body as a JSON object of at most 10 MiB, or a form of at most 26 MiB, of whose files the bytes are counted. */
export function readBody(request: IncomingMessage, response: ServerResponse, use: (body: Body) => void): void {
  const { 'content-type': type = '' } = request.headers
  const isForm = type.startsWith('multipart/form-data')
  const most = isForm ? mostForm : mostBody
  const parts: Buffer<ArrayBuffer>[] = []
  let size = 0
  request.on('data', (part: Buffer<ArrayBuffer>) => {
    size += part.length
    if (size <= most) parts.push(part)
    else if (!response.headersSent) {
      // The rest is read and dropped, so that the answer can be read too.
      parts.length = 0
      refuse(response, 'openai', 413)
    }
  })
  request.on('end', () => {
    if (size > most) return
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    if (isForm) void formIn(bytes, type).then(answer, () => answer(null))
    else answer(fromJson(bytes.toString('utf8')))
  })
  function answer(body: unknown): void {
    guarded(response, () => {
      if (typeof body === 'object' && body !== null && !Array.isArray(body)) use(body as Body)
      else refuse(response, 'openai', 400, wrong('The body', isForm ? 'is no form' : 'is no JSON object'))
    })
  }
  request.on('error', () => response.destroy())
}
async function formIn(bytes: Buffer<ArrayBuffer>, type: string): Promise<Body> {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === 'string' ? value : { bytes: value.size }]),
  )
}
