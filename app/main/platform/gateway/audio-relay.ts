import type { FailureKind } from '../../features/routing/engine/engine-types.ts'
import type { EventSink } from './event-sink.ts'
import type { HangUp } from './hang-up.ts'
import { createOutlet, type Outlet } from './outlet.ts'
import type { Relayed } from './relay.ts'
import { createGathering, type Exchange, type ExchangeListener, type Limits } from './upstream.ts'

/** Whether that is the type of an answer that is sound. */
export const isAudio = (type: string): boolean =>
  /^(?:audio\/[\w.+-]+|application\/octet-stream)(?:;[\t\x20-\x7e]*)?$/i.test(type)

/**
 * Passes sound on as it comes. `commit` is called with its type at the first piece: from then on nothing can be tried again.
 * An answer that is no sound is gathered.
 */
export function createAudioRelay(options: {
  readonly limits: Limits
  readonly hangUp: HangUp
  readonly commit: (type: string) => EventSink
  readonly exchange: () => Exchange
  readonly done: (relayed: Relayed) => void
}): ExchangeListener {
  const { limits, exchange, done } = options
  let gathering: ExchangeListener | null = null
  let type: string | null = null
  let outlet: Outlet | null = null
  let firstAt = 0
  let bytes = 0
  const timer = setTimeout(() => exchange().abort('timeout', 'its answer took too long'), limits.totalMs)

  function settle(failure: { readonly kind: FailureKind; readonly reason: string } | null): void {
    clearTimeout(timer)
    outlet?.close()
    if (outlet) done({ kind: 'streamed', usage: null, events: 0, firstAt, failure })
    else {
      const { kind, reason } = failure ?? { kind: 'garbage', reason: 'its answer is empty' }
      const status = type === null ? null : 200
      done({ kind: 'collected', collected: { kind: 'failed', failure: kind, reason, status } })
    }
  }
  return {
    head(status, headers) {
      const told = String(headers['content-type'] ?? '')
      if (status === 200 && isAudio(told)) {
        type = told
        return
      }
      clearTimeout(timer)
      gathering = createGathering(
        limits,
        (kind, reason) => exchange().abort(kind, reason),
        (collected) => done({ kind: 'collected', collected }),
      )
      gathering.head(status, headers)
    },
    data(chunk) {
      if (gathering) return gathering.data(chunk)
      bytes += chunk.length
      if (bytes > limits.bytes)
        return exchange().abort('cut', `its answer is larger than ${Math.floor(limits.bytes / 1024 / 1024)} MB`)
      if (!outlet) {
        firstAt = performance.now()
        outlet = createOutlet(options.commit(type ?? ''), options)
      }
      outlet.write(chunk, false)
    },
    end: () => (gathering ? gathering.end() : settle(null)),
    fail: (kind, reason) => (gathering ? gathering.fail(kind, reason) : settle({ kind, reason })),
  }
}
