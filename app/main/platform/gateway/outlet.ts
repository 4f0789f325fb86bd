import type { EventSink } from './event-sink.ts'
import type { HangUp } from './hang-up.ts'
import type { Exchange, Limits } from './upstream.ts'

export interface Outlet {
  /** After the last piece nothing more is asked of the vendor, so it is not held back. */
  write(piece: Buffer, isLast: boolean): void
  close(): void
}

/** Writes to a caller as fast as it reads; the vendor waits meanwhile. A caller that does not read at all has gone. */
export function createOutlet(
  sink: EventSink,
  parts: { readonly limits: Limits; readonly hangUp: HangUp; readonly exchange: () => Exchange },
): Outlet {
  const { limits, hangUp, exchange } = parts
  let slow: NodeJS.Timeout | null = null
  function close(): void {
    if (slow) clearTimeout(slow)
    slow = null
  }
  return {
    write(piece, isLast) {
      if (sink.write(piece) || isLast || slow) return
      exchange().pause()
      slow = setTimeout(() => {
        hangUp.leave()
        // What was written waits in its buffer otherwise, for as long as the caller keeps the connection.
        sink.destroy()
      }, limits.slowCallerMs)
      sink.once('drain', () => {
        close()
        exchange().resume()
      })
    },
    close,
  }
}
