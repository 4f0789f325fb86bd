import type { Decision, DecisionOutcome } from '../../../shared/contracts/routing.ts'
import type { Health } from '../../features/routing/engine/engine-types.ts'
import type { Peer } from '../../lib/peer.ts'
import type { MainAsks } from '../messages.ts'
import type { GatewayAsks, UseRecord } from './gateway-messages.ts'

/** What the gateway asks of main. */
export type GatewayMain = Pick<Peer<MainAsks & GatewayAsks>, 'ask' | 'tell'>
type Batch = GatewayAsks['gatewayRecords']['input']

const BATCH_MS = 100
const BATCH = 1000
const AGAIN_MS = 1000
/** Lost last of all: budgets and bills are sums of them. */
const MOST_USES = 200_000
const MOST_DECISIONS = 20_000
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

/** Tells main in batches what was decided and used. A batch that main did not take comes again; main knows ids it had. */
export function createGatewayRecords(options: {
  readonly main: GatewayMain
  /** What changed of keys and candidates since it was last asked. */
  readonly health: () => Health[]
}) {
  const { main } = options
  let uses: UseRecord[] = []
  let decisions: Batch['decisions'][number][] = []
  let failures = new Map<string, Batch['failures'][number]>()
  let tokensUsed = new Map<string, number>()
  /** Of a batch that was not taken; the newest of each id counts. */
  let health = new Map<string, Health>()
  let timer: NodeJS.Timeout | null = null
  let sending: Promise<boolean> | null = null
  /** Something changed after the batch that is being sent was made. */
  let again = false
  let lost = { uses: 0, decisions: 0 }

  const isEmpty = () =>
    uses.length === 0 && decisions.length === 0 && failures.size === 0 && tokensUsed.size === 0 && health.size === 0

  function take(): Batch {
    const batch = {
      ...{ uses: uses.slice(0, BATCH), decisions: decisions.slice(0, BATCH), health: [...health.values()] },
      failures: [...failures.values()],
      tokensUsed: [...tokensUsed].map(([id, at]) => ({ id, at })),
    }
    uses = uses.slice(BATCH)
    decisions = decisions.slice(BATCH)
    failures = new Map()
    tokensUsed = new Map()
    health = new Map()
    return batch
  }
  function putBack(batch: Batch): void {
    uses = [...batch.uses, ...uses]
    decisions = [...batch.decisions, ...decisions]
    failures = new Map([...batch.failures.map((one) => [one.keyId, one] as const), ...failures])
    tokensUsed = new Map([...batch.tokensUsed.map(({ id, at }) => [id, at] as const), ...tokensUsed])
    health = new Map([...batch.health.map((one) => [one.id, one] as const), ...health])
  }
  /** Whether main took all there was. */
  async function send(): Promise<boolean> {
    again = false
    for (const one of options.health()) health.set(one.id, one)
    while (!isEmpty()) {
      const batch = take()
      try {
        await main.ask('gatewayRecords', batch)
      } catch {
        // Main has logged why.
        putBack(batch)
        return false
      }
    }
    if (lost.uses + lost.decisions > 0) {
      main.tell('log', { level: 'warn', message: 'records of the gateway lost', fields: { ...lost } })
      lost = { uses: 0, decisions: 0 }
    }
    return true
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

  return {
    use(record: UseRecord): void {
      if (uses.length >= MOST_USES) lost.uses++
      else uses.push(record)
      if (record.tokenId !== null) tokensUsed.set(record.tokenId, record.at)
      plan()
    },
    decided(decision: Decision, outcome: DecisionOutcome | null): void {
      if (decisions.length >= MOST_DECISIONS) lost.decisions++
      else decisions.push({ decision: bounded(decision), outcome })
      plan()
    },
    failed(keyId: string, at: number, code: string, message: string): void {
      failures.set(keyId, { keyId, at, code, message })
      plan()
    },
    /** Something changed of keys that nobody called. */
    changed: (): void => plan(),
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
