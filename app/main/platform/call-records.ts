import type { Peer } from '../lib/peer.ts'
import type { CallRecord, MainAsks } from './messages.ts'

export type Main = Pick<Peer<MainAsks>, 'ask' | 'tell'>

const BATCH_MS = 200
const BATCH = 500
const MOST_WAITING = 2000

/** Tells main of calls in batches. When main is slower than the callers, history is lost, not time. */
export function createCallRecords(main: Main) {
  let waiting: CallRecord[] = []
  let timer: NodeJS.Timeout | null = null
  let dropped = 0
  let sending: Promise<void> | null = null

  async function send(): Promise<void> {
    while (waiting.length > 0) {
      const records = waiting.slice(0, BATCH)
      waiting = waiting.slice(BATCH)
      try {
        await main.ask('calls', { records })
      } catch {
        // Main has logged why.
        dropped += records.length
      }
    }
    if (dropped === 0) return
    main.tell('log', { level: 'warn', message: 'calls not kept in the history', fields: { count: dropped } })
    dropped = 0
  }
  function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    sending ??= send().finally(() => {
      sending = null
      if (waiting.length > 0) plan()
    })
    return sending
  }
  function plan(): void {
    timer ??= setTimeout(() => void flush(), BATCH_MS)
  }

  return {
    add(record: CallRecord): void {
      if (waiting.length >= MOST_WAITING) dropped++
      else waiting.push(record)
      if (waiting.length >= BATCH && !sending) void flush()
      else plan()
    },
    /** Until nothing waits any more. */
    async settle(): Promise<void> {
      while (sending || waiting.length > 0 || dropped > 0) await flush()
    },
  }
}
export type CallRecords = ReturnType<typeof createCallRecords>
