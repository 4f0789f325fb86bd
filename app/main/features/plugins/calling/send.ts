import type { IncomingHttpHeaders } from 'node:http'
import type { Agent, Dispatcher } from 'undici'
import { AppError } from '../../../../shared/errors.ts'
import type { Budget } from './budget.ts'
import type { CallPolicy } from './call-types.ts'
import { guardedLookup, guardUrl, type Resolver } from './guard.ts'
import { tooLarge, unpack } from './unpack.ts'

/** Bytes of an answer, as received and unpacked. */
export const MOST_BYTES = 10 * 1024 * 1024
const CONNECT_MS = 10_000
const CONNECTIONS = 128
const REDIRECTS = 5
const RETRIES = 2
const FIRST_PAUSE_MS = 100
/** A `Retry-After` beyond this is not waited for. */
const LONGEST_PAUSE_MS = 2000
const MOST_ALLOWED = 1000

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
interface Connections {
  readonly key: string
  readonly policy: CallPolicy
  readonly dispatcher: Agent
  /** Scheme, host and port whose address as it is written was looked at; names are looked at when they are connected. */
  readonly allowed: Set<string>
}
const mayRepeat = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])

/** Sends requests over kept-alive connections, each to an address that the policy allows. */
export function createSender(options: {
  readonly policy: () => CallPolicy
  readonly resolver?: Resolver
  readonly most?: number
}) {
  const most = options.most ?? MOST_BYTES
  let agent: Connections | null = null
  /** Of policies before; they end with the calls that began under them. */
  const retired = new Set<Agent>()
  let stopped = false

  /** Connections were opened under a policy; another policy begins with none. */
  async function current(): Promise<Connections> {
    if (stopped) throw new AppError('CANCELLED')
    const policy = options.policy()
    const key = `${policy.allowLoopback} ${policy.allowPrivate}`
    if (agent?.key === key) return agent
    // Loaded with the first call: most of the time nobody calls anything, and it takes megabytes.
    const { Agent: AgentClass } = await import('undici')
    if (stopped) throw new AppError('CANCELLED')
    if (agent?.key === key) return agent
    if (agent) {
      const { dispatcher } = agent
      retired.add(dispatcher)
      dispatcher.close().then(
        () => retired.delete(dispatcher),
        () => retired.delete(dispatcher),
      )
    }
    const lookup = guardedLookup(policy, options.resolver)
    const dispatcher = new AgentClass({
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { lookup, timeout: CONNECT_MS },
      // Where several requests share a connection, it is not known which of them had begun when it ended.
      allowH2: false,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
      // The budget of the call ends it; these would end it otherwise.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    agent = { key, policy, dispatcher, allowed: new Set() }
    return agent
  }

  function guard({ url }: Outgoing, { policy, allowed }: Connections): void {
    // Not its origin: that of `blob:http://a` is `http://a`.
    const place = url.protocol + url.host
    if (allowed.has(place)) return
    guardUrl(url, policy)
    if (allowed.size >= MOST_ALLOWED) allowed.clear()
    allowed.add(place)
  }

  async function once(request: Outgoing, budget: Budget): Promise<Incoming> {
    const connections = await current()
    guard(request, connections)
    try {
      const raw = await exchange(connections.dispatcher, request, budget, most)
      const encoding = raw.headers['content-encoding']
      const body =
        encoding === undefined || raw.body.length === 0
          ? raw.body
          : await unpack(String(encoding), raw.body, request.url.host, most)
      return { ...raw, body, bytes: raw.body.length, attempts: budget.progress.attempts }
    } finally {
      budget.listen(null)
    }
  }

  async function withRetries(request: Outgoing, budget: Budget): Promise<Incoming> {
    const idempotent = mayRepeat.has(request.method)
    for (let attempt = 1; ; attempt++) {
      const last = attempt > RETRIES
      let pause = FIRST_PAUSE_MS * attempt
      try {
        const answer = await once(request, budget)
        const asked = retryAfter(answer)
        if (last || !idempotent || asked === null || asked > LONGEST_PAUSE_MS) return answer
        pause = Math.max(pause, asked)
      } catch (error) {
        // What had no connection was not submitted: even an order may be sent again.
        const repeatable = idempotent || !budget.progress.written
        if (last || !repeatable || !(error instanceof AppError) || error.code !== 'UPSTREAM_UNREACHABLE') throw error
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
      for (let hop = 0; ; hop++) {
        const answer = await withRetries(now, budget)
        const next = hop < REDIRECTS ? redirect(now, answer) : null
        if (next === null) return answer
        now = next
      }
    },
    stop: async (): Promise<void> => {
      stopped = true
      await Promise.all([...retired, ...(agent ? [agent.dispatcher] : [])].map((one) => one.destroy()))
    },
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

const harmless = new Set(['accept', 'accept-language', 'user-agent'])
function redirect({ method, url, headers }: Outgoing, answer: Incoming): Outgoing | null {
  const { location } = answer.headers
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return null
  if ((method !== 'GET' && method !== 'HEAD') || !URL.canParse(location, url.href)) return null
  const next = new URL(location, url)
  const same = next.origin === url.origin
  // A plugin's own token may have any name: away from its host nothing but harmless headers goes along.
  const kept = Object.entries(headers).filter(([name]) => same || harmless.has(name))
  return { method, url: next, headers: Object.fromEntries(kept), body: null }
}

type Raw = Omit<Incoming, 'bytes' | 'attempts'>
function exchange(dispatcher: Dispatcher, request: Outgoing, budget: Budget, most: number): Promise<Raw> {
  const { method, url, headers, body } = request
  const { progress } = budget
  progress.attempts++
  progress.written = false
  progress.status = null
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null
    let ended: AppError | null = null
    let received: IncomingHttpHeaders = {}
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
          else progress.written = true
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          progress.firstByteAt = performance.now()
          progress.status = statusCode
          received = responseHeaders
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length
          if (bytes > most) end(tooLarge(url.host, most))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          const { status, firstByteAt } = progress
          const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
          resolve({ status: status!, headers: received, body: whole, firstByteAt: firstByteAt! })
        },
        onResponseError(_controller, error) {
          reject(ended ?? failureOf(error, url.host, progress.status !== null))
        },
      },
    )
    budget.listen(end)
  })
}

function failureOf(error: Error, host: string, began: boolean): AppError {
  if (error instanceof AppError) return error
  const { code, message } = error as NodeJS.ErrnoException
  // Stopped under way.
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return new AppError('CANCELLED', {}, { cause: error })
  // Of several addresses that were tried the first one's reason is as good as any.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined
  const reason = (code ?? first?.code ?? message).slice(0, 200)
  return new AppError(began ? 'RESPONSE_UNREADABLE' : 'UPSTREAM_UNREACHABLE', { host, reason }, { cause: error })
}
