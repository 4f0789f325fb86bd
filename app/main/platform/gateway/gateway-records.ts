import type { Decision, DecisionOutcome } from '../../../shared/contracts/routing.ts'
import type { Health, LastMinute } from '../../features/routing/engine/engine-types.ts'
import type { Peer } from '../../lib/peer.ts'
import type { MainAsks } from '../messages.ts'
import type { GatewayAsks, UseRecord } from './gateway-messages.ts'
import type { Journal } from './journal.ts'
import { type KeyCall, lineOf } from './journal-line.ts'

/** What the gateway asks of main. */
export type GatewayMain = Pick<Peer<MainAsks & GatewayAsks>, 'ask' | 'tell'>
type Batch = GatewayAsks['gatewayRecords']['input']

const BATCH_MS = 100
const AGAIN_MS = 1000
/** Main may be busy for a moment; what it never takes is lost with the worker. */
const LAST_TRIES = 3

/** Of a decision that is kept: a thousand candidates would be a third of a megabyte of every request. */
const MOST_NAMED = 50
function bounded(decision: Decision): Decision {
  const { fallbacks, rejected } = decision
  if (fallbacks.length <= MOST_NAMED && rejected.length <= MOST_NAMED) return decision
  const more = { fallbacksMore: fallbacks.length - MOST_NAMED, rejectedMore: rejected.length - MOST_NAMED }
  return {
    ...{ ...decision, fallbacks: fallbacks.slice(0, MOST_NAMED), rejected: rejected.slice(0, MOST_NAMED) },
    ...(more.fallbacksMore > 0 && { fallbacksMore: more.fallbacksMore }),
    ...(more.rejectedMore > 0 && { rejectedMore: more.rejectedMore }),
  }
}

/**
 * Writes down what was decided and used, each request as it ends, and tells main in batches that there is more to read, with
 * what changed of keys. A batch that main did not take comes again.
 */
export function createGatewayRecords(options: {
  readonly main: GatewayMain
  readonly journal: Journal
  /** What changed of keys and candidates since it was last asked. */
  readonly health: () => Health[]
  /** What came with a gateway token within the last minute; null for one without such a limit. */
  readonly minuteOf: (tokenId: string) => LastMinute | null
}) {
  const { main, journal } = options
  /** Something was written that main was not told of. */
  let written = false
  let failures = new Map<string, Batch['failures'][number]>()
  let tokensUsed = new Map<string, number>()
  /** Of a batch that was not taken; the newest of each id counts. */
  let health = new Map<string, Health>()
  let timer: NodeJS.Timeout | null = null
  let sending: Promise<boolean> | null = null
  /** Something changed after the batch that is being sent was made. */
  let again = false

  const isEmpty = () => !written && failures.size === 0 && tokensUsed.size === 0 && health.size === 0

  function take(): Batch {
    const batch = {
      ...{ health: [...health.values()], failures: [...failures.values()] },
      tokensUsed: [...tokensUsed].map(([id, at]) => ({ id, at, minute: options.minuteOf(id) })),
    }
    written = false
    failures = new Map()
    tokensUsed = new Map()
    health = new Map()
    return batch
  }
  function putBack(batch: Batch): void {
    written = true
    failures = new Map([...batch.failures.map((one) => [one.keyId, one] as const), ...failures])
    tokensUsed = new Map([...batch.tokensUsed.map(({ id, at }) => [id, at] as const), ...tokensUsed])
    health = new Map([...batch.health.map((one) => [one.id, one] as const), ...health])
  }
  /** Whether main took all there was. */
  async function send(): Promise<boolean> {
    again = false
    for (const one of options.health()) health.set(one.id, one)
    if (isEmpty()) return true
    const batch = take()
    try {
      journal.flush()
      await main.ask('gatewayRecords', batch)
      return true
    } catch {
      // Main has logged why.
      putBack(batch)
      return false
    }
  }
  function flush(): Promise<boolean> {
    if (timer) clearTimeout(timer)
    timer = null
    sending ??= send().then((taken) => {
      sending = null
      if (again || !isEmpty()) plan(taken ? BATCH_MS : AGAIN_MS)
      return taken
    })
    return sending
  }
  function plan(milliseconds = BATCH_MS): void {
    if (sending) again = true
    else timer ??= setTimeout(() => void flush(), milliseconds)
  }
  function write(line: string): void {
    journal.append(line)
    written = true
    plan()
  }

  return {
    /** A request has ended: what was used, what was decided, and what came of it. Call it before the answer goes out. */
    closed(use: UseRecord, calls: readonly KeyCall[], decision: Decision, outcome: DecisionOutcome): void {
      if (use.tokenId !== null) tokensUsed.set(use.tokenId, use.at)
      write(lineOf(use, calls, bounded(decision), outcome))
    },
    /** Of a decision that nobody follows, or whose use is told later; `calls` are those that failed until then. */
    decided(decision: Decision, outcome: DecisionOutcome | null, calls: readonly KeyCall[] = []): void {
      write(lineOf(null, calls, bounded(decision), outcome))
    },
    /** Of what was decided long before. */
    used(use: UseRecord, calls: readonly KeyCall[]): void {
      if (use.tokenId !== null) tokensUsed.set(use.tokenId, use.at)
      write(lineOf(use, calls, null, null))
    },
    failed(keyId: string, at: number, code: string, message: string): void {
      failures.set(keyId, { keyId, at, code, message })
      plan()
    },
    /** When all of it is written: no answer goes out before. */
    written: journal.written,
    /** Something changed of keys that nobody called. */
    changed: (): void => plan(),
    /** Until main has what was written before, or does not take it; more may be written meanwhile. */
    async kept(): Promise<void> {
      // The batch under way may have begun before.
      await sending
      for (let tries = 0; tries < LAST_TRIES && !(await flush()); ) tries++
    },
    /** Until main has all, or does not take it. */
    async settle(): Promise<void> {
      for (let tries = 0; tries < LAST_TRIES; ) {
        if (await flush()) {
          if (isEmpty() && !again) break
        } else tries++
      }
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}
export type GatewayRecords = ReturnType<typeof createGatewayRecords>
