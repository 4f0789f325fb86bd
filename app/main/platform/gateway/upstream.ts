import type { IncomingHttpHeaders } from 'node:http'
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
  /** Whether anything of it may have reached the vendor. A getter would be a new shape of object for each request. */
  sent(): boolean
  /** Gives it up; `fail` is told, unless it has ended. */
  abort(kind: FailureKind, reason: string): void
  pause(): void
  resume(): void
}

/** Sends requests to vendors. */
export interface Upstream {
  /** `firstByteMs` replaces the usual limit where a whole answer is awaited, which may be long in the making. */
  open(request: VendorRequest, listener: ExchangeListener, firstByteMs?: number): Exchange
  /** What is under way fails; nothing is sent any more. */
  stop(): void
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
  return await new Promise((resolve) => {
    const abort = () => running.abort('caller', 'the caller hung up')
    const gathering = createGathering(
      limits,
      (kind, reason) => running.abort(kind, reason),
      (collected) => {
        signal?.removeEventListener('abort', abort)
        resolve({ collected, sent: running.sent() })
      },
    )
    const running: Exchange = upstream.open(request, gathering)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
