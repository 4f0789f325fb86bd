import type { IncomingHttpHeaders } from 'node:http'
import type { Agent, Dispatcher } from 'undici'
import { AppError } from '../../../shared/errors.ts'
import { guardedLookup, guardUrl } from '../../features/plugins/calling/guard.ts'
import type { FailureKind } from '../../features/routing/engine/engine-types.ts'
import type { VendorRequest } from '../vendors/vendor.ts'

/** How long a vendor may take, in milliseconds, and how much it may answer. */
export interface Limits {
  readonly connectMs: number
  readonly firstByteMs: number
  /** Between two pieces of an answer. */
  readonly idleMs: number
  /** For an answer that is not a stream. */
  readonly totalMs: number
  readonly bytes: number
  /** A caller that does not read is waited for no longer. */
  readonly slowCallerMs: number
}
export const usualLimits: Limits = {
  ...{ connectMs: 10_000, firstByteMs: 120_000, idleMs: 60_000, totalMs: 600_000, slowCallerMs: 120_000 },
  bytes: 64 * 1024 * 1024,
}

export interface ExchangeListener {
  head(status: number, headers: IncomingHttpHeaders): void
  data(chunk: Buffer): void
  end(): void
  /** Once, in place of `end`. */
  fail(kind: FailureKind, reason: string): void
}
/** A request to a vendor that is under way. */
export interface Exchange {
  /** Whether anything of it may have reached the vendor. */
  readonly sent: boolean
  /** Gives it up; `fail` is told, unless it has ended. */
  abort(kind: FailureKind, reason: string): void
  pause(): void
  resume(): void
}

/** Beyond it, requests to one vendor wait for each other. */
const CONNECTIONS = 2048
/** Addresses are the operator's own, so this machine and its network are welcome; metadata services never are. */
const policy = { allowLoopback: true, allowPrivate: true } as const
const MOST_ALLOWED = 1000

/** Sends requests to vendors over kept-alive connections. */
export function createUpstream(limits: Limits) {
  let agent: Agent | null = null
  let loading: Promise<void> | null = null
  let stopped = false
  /** Schemes and hosts that were looked at. */
  const allowed = new Map<string, { readonly origin: string }>()

  async function load(): Promise<void> {
    // Loaded with the first call: most of the time nobody calls anything, and it takes megabytes.
    const { Agent: AgentClass } = await import('undici')
    if (stopped) throw new AppError('CANCELLED')
    agent = new AgentClass({
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { lookup: guardedLookup(policy), timeout: limits.connectMs },
      // Where several requests share a connection, it is not known which of them had begun when it ended.
      allowH2: false,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
      headersTimeout: limits.firstByteMs,
      bodyTimeout: limits.idleMs,
    })
  }
  function placeOf(url: string): { readonly origin: string; readonly path: string } {
    // The origin is what is before the first slash after the scheme; parsing each time would cost more than the rest.
    const slash = url.indexOf('/', url.indexOf('://') + 3)
    const start = slash < 0 ? url : url.slice(0, slash)
    let known = allowed.get(start)
    if (!known) {
      const parsed = new URL(url)
      guardUrl(parsed, policy)
      known = { origin: parsed.origin }
      if (allowed.size >= MOST_ALLOWED) allowed.clear()
      allowed.set(start, known)
    }
    return { origin: known.origin, path: slash < 0 ? '/' : url.slice(slash) }
  }

  return {
    /** Before the first `open`; costs nothing afterwards. */
    async ready(): Promise<void> {
      loading ??= load()
      if (!agent) await loading
    },
    open({ method, url, headers, body }: VendorRequest, listener: ExchangeListener): Exchange {
      let controller: Dispatcher.DispatchController | null = null
      let answering = false
      let over = false
      const fail = (kind: FailureKind, reason: string) => {
        if (over) return
        over = true
        listener.fail(kind, reason)
      }
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart(started) {
          controller = started
          if (over) started.abort(new AppError('CANCELLED'))
        },
        onResponseStart(_controller, status, received) {
          // Whatever comes before the answer itself.
          if (status < 200 || over) return
          answering = true
          listener.head(status, received)
        },
        onResponseData(_controller, chunk) {
          if (!over) listener.data(chunk)
        },
        onResponseEnd() {
          if (over) return
          over = true
          listener.end()
        },
        onResponseError(_controller, error) {
          const [kind, reason] = meaningOf(error, answering)
          fail(kind, reason)
        },
      }
      try {
        if (!agent || stopped) throw new AppError('CANCELLED')
        agent.dispatch(
          { ...placeOf(url), method, headers: { ...headers, 'accept-encoding': 'identity' }, body },
          handler,
        )
      } catch (error) {
        // Not before the caller holds what is returned here.
        queueMicrotask(() => fail('connection', error instanceof Error ? error.message.slice(0, 200) : 'it failed'))
      }
      return {
        get sent() {
          return controller !== null
        },
        abort(kind, reason) {
          if (over) return
          fail(kind, reason)
          // Still connecting, there is nothing to abort: the connection is let go of when it comes.
          controller?.abort(new AppError('CANCELLED'))
        },
        pause: () => controller?.pause(),
        resume: () => controller?.resume(),
      }
    },
    async stop(): Promise<void> {
      stopped = true
      await loading?.catch(() => {})
      await agent?.destroy()
    },
  }
}
export type Upstream = ReturnType<typeof createUpstream>

function meaningOf(error: Error, answering: boolean): readonly [FailureKind, string] {
  const { code, message } = error as NodeJS.ErrnoException
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined
  const reason = error instanceof AppError ? message : (code ?? first?.code ?? message)
  switch (code) {
    case 'UND_ERR_HEADERS_TIMEOUT':
      return ['timeout', 'it did not answer in time']
    case 'UND_ERR_BODY_TIMEOUT':
      return ['timeout', 'it stopped in the middle of its answer']
    // We ourselves are stopping: nothing is the matter with the vendor.
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return ['caller', 'the local platform is stopping']
    case 'UND_ERR_CONNECT_TIMEOUT':
      return ['connection', 'it could not be connected in time']
  }
  if (code?.startsWith('HPE_')) return ['garbage', 'its answer is no HTTP']
  return [answering ? 'cut' : 'connection', reason.slice(0, 200)]
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
export type Collected =
  | ({ readonly kind: 'answered' } & Answered)
  | { readonly kind: 'failed'; readonly failure: FailureKind; readonly reason: string; readonly status: number | null }

/** Gathers a whole answer, bounded in time and size. */
export function createGathering(
  limits: Pick<Limits, 'totalMs' | 'bytes'>,
  abort: (kind: FailureKind, reason: string) => void,
  done: (collected: Collected) => void,
): ExchangeListener {
  let status: number | null = null
  let headers: IncomingHttpHeaders = {}
  let bytes = 0
  let chunks: Buffer[] = []
  const timer = setTimeout(() => abort('timeout', 'its answer took too long'), limits.totalMs)
  const finish = (collected: Collected) => {
    clearTimeout(timer)
    chunks = []
    done(collected)
  }
  return {
    head(told, received) {
      status = told
      headers = received
    },
    data(chunk) {
      bytes += chunk.length
      if (bytes > limits.bytes)
        abort('garbage', `its answer is larger than ${Math.floor(limits.bytes / 1024 / 1024)} MB`)
      else chunks.push(chunk)
    },
    end() {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      finish({ kind: 'answered', status: status ?? 0, headers, body })
    },
    fail: (failure, reason) => finish({ kind: 'failed', failure, reason, status }),
  }
}

/** Sends and gathers; `signal` gives it up as the caller's wish. `sent` is whether the vendor may have got it. */
export async function exchange(
  upstream: Upstream,
  request: VendorRequest,
  limits: Pick<Limits, 'totalMs' | 'bytes'>,
  signal?: AbortSignal,
): Promise<{ readonly collected: Collected; readonly sent: boolean }> {
  await upstream.ready()
  return await new Promise((resolve) => {
    const abort = () => running.abort('caller', 'the caller hung up')
    const gathering = createGathering(
      limits,
      (kind, reason) => running.abort(kind, reason),
      (collected) => {
        signal?.removeEventListener('abort', abort)
        resolve({ collected, sent: running.sent })
      },
    )
    const running: Exchange = upstream.open(request, gathering)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
