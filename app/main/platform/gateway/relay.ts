import type { IncomingHttpHeaders } from 'node:http'
import type { FailureKind } from '../../features/routing/engine/engine-types.ts'
import type { EventSink } from './event-sink.ts'
import { beginningOf, createEventStream, firstData } from './event-stream.ts'
import type { HangUp } from './hang-up.ts'
import { createOutlet, type Outlet } from './outlet.ts'
import type { Collected, Exchange, ExchangeListener, Limits } from './upstream.ts'
import { createGathering } from './upstream.ts'

/** A vendor that said it was done may take so long to end. */
const AFTER_DONE_MS = 1000

export type Relayed =
  /** No stream, or a failure before the first event: nothing was passed on yet. */
  | { readonly kind: 'collected'; readonly collected: Collected }
  | { readonly kind: 'refused'; readonly headers: IncomingHttpHeaders; readonly text: string }
  | {
      readonly kind: 'streamed'
      /** In OpenAI's shape; null where the vendor did not tell. */
      readonly usage: object | null
      readonly events: number
      readonly firstAt: number
      /** Null where it came to its end. */
      readonly failure: { readonly kind: FailureKind; readonly reason: string } | null
    }

/**
 * Passes a stream of events on as it comes. `commit` is called with the first event that has data: from then on nothing can
 * be tried again; comments before it are dropped, a vendor sends them while it has nothing to say. An answer that is no stream is gathered.
 */
export function createRelay(options: {
  readonly limits: Limits
  readonly withoutUsage: boolean
  readonly hangUp: HangUp
  readonly commit: (type: string) => EventSink
  readonly exchange: () => Exchange
  readonly done: (relayed: Relayed) => void
}): ExchangeListener {
  const { limits, exchange, done } = options
  let gathering: ExchangeListener | null = null
  let headers: IncomingHttpHeaders = {}
  const stream = createEventStream({ withoutUsage: options.withoutUsage })
  let outlet: Outlet | null = null
  let firstAt = 0
  let bytes = 0
  let settled = false
  const begun = performance.now()
  let timer = setTimeout(() => exchange().abort('timeout', 'it did not answer in time'), limits.firstByteMs)

  function settle(relayed: Relayed): void {
    clearTimeout(timer)
    outlet?.close()
    if (settled) return
    settled = true
    done(relayed)
  }
  function streamed(failure: { readonly kind: FailureKind; readonly reason: string } | null): void {
    settle({ kind: 'streamed', usage: stream.usage(), events: stream.events(), firstAt, failure })
  }
  function begin(first: Buffer): boolean {
    const beginning = beginningOf(first)
    if (beginning.kind === 'error') {
      settle({ kind: 'refused', headers, text: JSON.stringify(beginning.json) })
      exchange().abort('vendor', 'it answered a failure')
      return false
    }
    if (beginning.kind === 'garbage') {
      exchange().abort('garbage', 'its stream is not of JSON')
      return false
    }
    clearTimeout(timer)
    firstAt = performance.now()
    outlet = createOutlet(options.commit('text/event-stream'), options)
    return true
  }
  function pass(events: Buffer): void {
    let chunk = events
    if (!outlet) {
      const start = firstData(events)
      if (start === events.length) {
        // It is alive, and may take its time.
        if (performance.now() - begun < limits.totalMs) timer.refresh()
        return
      }
      chunk = events.subarray(start)
      if (!begin(chunk)) return
    }
    outlet!.write(chunk, stream.done())
    if (!stream.done()) return
    streamed(null)
    timer = setTimeout(() => exchange().abort('cut', 'it did not end'), AFTER_DONE_MS)
  }

  return {
    head(status, received) {
      headers = received
      if (status === 200 && /^text\/event-stream\b/i.test(String(received['content-type'] ?? ''))) return
      clearTimeout(timer)
      gathering = createGathering(
        limits,
        (kind, reason) => exchange().abort(kind, reason),
        (collected) => settle({ kind: 'collected', collected }),
      )
      gathering.head(status, received)
    },
    data(chunk) {
      if (gathering) return gathering.data(chunk)
      if (settled) return
      bytes += chunk.length
      if (bytes > limits.bytes)
        return exchange().abort('cut', `its answer is larger than ${Math.floor(limits.bytes / 1024 / 1024)} MB`)
      const ready = stream.push(chunk)
      if (ready) pass(ready)
    },
    end() {
      if (gathering) return gathering.end()
      const last = stream.finish()
      if (last && !settled) pass(last)
      if (settled) return clearTimeout(timer)
      const cut = { kind: 'cut', reason: 'its answer ended in the middle' } as const
      if (outlet) streamed(cut)
      else settle({ kind: 'collected', collected: { kind: 'failed', failure: 'cut', reason: cut.reason, status: 200 } })
    },
    fail(kind, reason) {
      if (gathering) return gathering.fail(kind, reason)
      if (settled) return clearTimeout(timer)
      if (outlet) streamed({ kind, reason })
      else settle({ kind: 'collected', collected: { kind: 'failed', failure: kind, reason, status: null } })
    },
  }
}
