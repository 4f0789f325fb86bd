import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { Agent, type Dispatcher } from 'undici'
import { AppError } from '../../../../shared/errors.ts'
import type { Budget } from './budget.ts'
import type { CallPolicy } from './call-types.ts'
import { guardedLookup, guardUrl, type Resolver } from './guard.ts'

/** Bytes of an answer, as received and unpacked. */
export const MOST_BYTES = 10 * 1024 * 1024
const CONNECT_MS = 10_000
const CONNECTIONS = 128
const REDIRECTS = 5
const RETRIES = 2
const FIRST_PAUSE_MS = 100
/** A `Retry-After` beyond this is not waited for. */
const LONGEST_PAUSE_MS = 2000

export interface Outgoing {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | null
}
export interface Incoming {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Unpacked. */
  readonly body: Buffer
  /** As received. */
  readonly bytes: number
  readonly firstByteAt: number
  readonly attempts: number
}
/** Headers that open something; they stay with the host they were meant for. */
const keepsSecrets = (name: string) => name === 'authorization' || name === 'cookie' || name === 'proxy-authorization'

/** Sends requests over kept-alive connections, each to an address that the policy allows. */
export function createSender(options: {
  readonly policy: () => CallPolicy
  readonly resolver?: Resolver
  readonly most?: number
}) {
  const most = options.most ?? MOST_BYTES
  let agent: { readonly key: string; readonly policy: CallPolicy; readonly dispatcher: Agent } | null = null

  /** Connections were opened under a policy; another policy begins with none. */
  function current() {
    const policy = options.policy()
    const key = `${policy.allowLoopback} ${policy.allowPrivate}`
    if (agent?.key === key) return agent
    void agent?.dispatcher.close()
    const lookup = guardedLookup(policy, options.resolver)
    const dispatcher = new Agent({
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { lookup, timeout: CONNECT_MS },
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
      // The budget of the call ends it; these would end it otherwise.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    agent = { key, policy, dispatcher }
    return agent
  }

  async function once(request: Outgoing, budget: Budget): Promise<Incoming> {
    const { policy, dispatcher } = current()
    guardUrl(request.url, policy)
    try {
      const raw = await exchange(dispatcher, request, budget, most)
      const body = await unpack(raw.headers['content-encoding'], raw.body, request.url.host, most)
      return { ...raw, body, bytes: raw.body.length, attempts: 1 }
    } finally {
      budget.listen(null)
    }
  }

  async function withRetries(request: Outgoing, budget: Budget): Promise<Incoming> {
    const idempotent = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'].includes(request.method)
    for (let attempt = 1; ; attempt++) {
      const last = attempt > RETRIES || !idempotent
      let pause = FIRST_PAUSE_MS * attempt
      try {
        const answer = await once(request, budget)
        const asked = retryAfter(answer)
        if (last || asked === null || asked > LONGEST_PAUSE_MS) return { ...answer, attempts: attempt }
        pause = Math.max(pause, asked)
      } catch (error) {
        if (last || !(error instanceof AppError) || error.code !== 'UPSTREAM_UNREACHABLE') throw error
      }
      await budget.pause(pause)
    }
  }

  return {
    /**
     * The answer, whatever its status. Fails with ADDRESS_FORBIDDEN, UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, CANCELLED,
     * RESPONSE_TOO_LARGE or RESPONSE_UNREADABLE. Only what may be repeated is sent again or follows a redirect.
     */
    async send(request: Outgoing, budget: Budget): Promise<Incoming> {
      let now = request
      let attempts = 0
      for (let hop = 0; ; hop++) {
        const answer = await withRetries(now, budget)
        attempts += answer.attempts
        const next = hop < REDIRECTS ? redirect(now, answer) : null
        if (next === null) return { ...answer, attempts }
        now = next
      }
    },
    stop: async (): Promise<void> => void (await agent?.dispatcher.destroy()),
  }
}
export type Sender = ReturnType<typeof createSender>

/** Milliseconds to wait before an answer that says "not now" is asked for again; null for any other answer. */
function retryAfter({ status, headers }: Incoming): number | null {
  if (status !== 502 && status !== 503 && status !== 504) return null
  const text = headers['retry-after']
  if (text === undefined) return 0
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Number.POSITIVE_INFINITY
}

function redirect({ method, url, headers }: Outgoing, answer: Incoming): Outgoing | null {
  const { location } = answer.headers
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return null
  if ((method !== 'GET' && method !== 'HEAD') || !URL.canParse(location, url.href)) return null
  const next = new URL(location, url)
  const same = next.origin === url.origin
  // A plugin's own token may have any name: away from its host nothing but harmless headers goes along.
  const harmless = new Set(['accept', 'accept-language', 'user-agent'])
  const kept = Object.entries(headers).filter(([name]) => same || (!keepsSecrets(name) && harmless.has(name)))
  return { method, url: next, headers: Object.fromEntries(kept), body: null }
}

type Raw = Omit<Incoming, 'bytes' | 'attempts'>
function exchange(dispatcher: Dispatcher, request: Outgoing, budget: Budget, most: number): Promise<Raw> {
  const { method, url, headers, body } = request
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null
    let ended: AppError | null = null
    let status = 0
    let received: IncomingHttpHeaders = {}
    let firstByteAt = 0
    let bytes = 0
    const chunks: Buffer[] = []
    const end = (failure: AppError) => {
      ended ??= failure
      controller?.abort(ended)
      // Still connecting, there is nothing to abort: the connection is let go of when it comes.
      reject(ended)
    }
    dispatcher.dispatch(
      {
        ...{ origin: url.origin, path: url.pathname + url.search, method: method as Dispatcher.HttpMethod, body },
        headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
      },
      {
        onRequestStart(started) {
          controller = started
          if (ended) started.abort(ended)
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          firstByteAt = performance.now()
          status = statusCode
          received = responseHeaders
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length
          if (bytes > most) end(tooLarge(url.host, most))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          resolve({
            status,
            headers: received,
            body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
            firstByteAt,
          })
        },
        onResponseError(_controller, error) {
          reject(ended ?? failureOf(error, url.host, status > 0))
        },
      },
    )
    budget.listen(end)
  })
}

const tooLarge = (host: string, most: number) =>
  new AppError('RESPONSE_TOO_LARGE', { host, megabytes: Math.round(most / 1024 / 1024) })

function failureOf(error: Error, host: string, began: boolean): AppError {
  if (error instanceof AppError) return error
  const { code, message } = error as NodeJS.ErrnoException
  // Of several addresses that were tried the first one's reason is as good as any.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined
  const reason = (code ?? first?.code ?? message).slice(0, 200)
  return new AppError(began ? 'RESPONSE_UNREADABLE' : 'UPSTREAM_UNREACHABLE', { host, reason }, { cause: error })
}

const unpackers: Readonly<Record<string, (body: Buffer, most: number) => Promise<Buffer>>> = {
  gzip: (body, most) => promisify(gunzip)(body, { maxOutputLength: most }) as Promise<Buffer>,
  'x-gzip': (body, most) => promisify(gunzip)(body, { maxOutputLength: most }) as Promise<Buffer>,
  br: (body, most) => promisify(brotliDecompress)(body, { maxOutputLength: most }) as Promise<Buffer>,
  zstd: (body, most) => promisify(zstdDecompress)(body, { maxOutputLength: most }) as Promise<Buffer>,
  // Some servers send it with the frame that the standard asks for, some without.
  deflate: (body, most) =>
    promisify((body[0]! & 0x0f) === 8 ? inflate : inflateRaw)(body, { maxOutputLength: most }) as Promise<Buffer>,
}

async function unpack(
  encoding: string | string[] | undefined,
  packed: Buffer,
  host: string,
  most: number,
): Promise<Buffer> {
  if (encoding === undefined || packed.length === 0) return packed
  const names = String(encoding)
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  let body = packed
  for (const name of names.reverse()) {
    const unpacker = Object.hasOwn(unpackers, name) && names.length <= 2 ? unpackers[name]! : null
    if (!unpacker) throw new AppError('RESPONSE_UNREADABLE', { host, reason: `its encoding is ${name.slice(0, 40)}` })
    try {
      body = await unpacker(body, most)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, most)
      throw new AppError('RESPONSE_UNREADABLE', { host, reason: `it is no ${name}` }, { cause: error })
    }
  }
  return body
}
