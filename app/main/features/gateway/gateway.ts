import type { gateway as contract } from '../../../shared/contracts/gateway.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Log } from '../../lib/log.ts'
import type { PeerHandlers } from '../../lib/peer.ts'
import { createScope } from '../../lib/scope.ts'
import type { GatewayAsks, UseRecord } from '../../platform/gateway/gateway-messages.ts'
import type { GatewayWorker } from '../../platform/gateway/gateway-worker.ts'
import { createJobs } from './jobs.ts'
import { createTokens } from './tokens.ts'
import { createUsage } from './usage.ts'

const KEPT_MONTHS = 13
const DAY = 24 * 3_600_000

type Records = GatewayAsks['gatewayRecords']['input']

/** What others do with the worker's records. The first three are part of the transaction: what they write is written with it. */
export interface RecordKeepers {
  readonly keepDecisions: (decisions: Records['decisions']) => void
  readonly applyHealth: (health: Records['health']) => void
  readonly applyFailures: (failures: Records['failures']) => void
  /** Once it is written, of those that were not counted before. */
  readonly applyUses: (uses: readonly UseRecord[]) => void
}
export interface GatewayOptions extends RecordKeepers {
  readonly db: Db
  readonly worker: GatewayWorker
  readonly audit: Audit
  readonly log: Log
  /** Null for a key that is not known any more. */
  readonly keyName: (id: string) => string | null
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

/** What main keeps of the gateway: tokens, what was used, long jobs; and where the worker's records are written. */
export function createGatewayStore(options: GatewayOptions) {
  const { db, worker, audit, log, keyName, clock = Date.now } = options
  const scope = createScope()
  const tokens = createTokens({ db, audit, log, clock })
  const usage = createUsage(db)
  const jobs = createJobs(db, clock)

  prune()
  const pruning = setInterval(() => {
    try {
      prune()
    } catch (error) {
      // Tomorrow again.
      log.warn('gateway', 'nothing pruned', { error })
    }
  }, DAY)
  pruning.unref()
  scope.add(() => clearInterval(pruning))

  function prune(): void {
    const oldest = new Date(clock())
    oldest.setUTCMonth(oldest.getUTCMonth() - KEPT_MONTHS)
    usage.prune(oldest.getTime())
    // Not before: what they used is named after them.
    tokens.prune(oldest.getTime())
    jobs.prune()
  }

  const fillTokens = () => worker.tell('tokens', tokens.usable())
  scope.add(tokens.onChange(fillTokens))
  scope.add(
    worker.onStarted(() => {
      fillTokens()
      worker.tell('jobs', jobs.stored())
    }),
  )

  /** All of a batch, or nothing of it; one that comes twice changes nothing. */
  function recordGateway({ uses, decisions, health, failures, tokensUsed }: Records): void {
    db.transaction(() => {
      const fresh = usage.count(uses)
      options.keepDecisions(decisions)
      tokens.used(tokensUsed)
      if (health.length > 0) options.applyHealth(health)
      if (failures.length > 0) options.applyFailures(failures)
      if (fresh.length > 0) db.afterCommit(() => options.applyUses(fresh))
    })
  }

  const handlers: Handlers<typeof contract> = {
    createToken: (facts, { actor }) => tokens.create(facts, actor),
    changeToken: ({ id, facts }, { actor }) => tokens.change(id, facts, actor),
    revokeTokens: ({ ids }, { actor }) => tokens.revoke(ids, actor),
    usage: (question) => ({ rows: usage.rows(question, { keyName, tokenName: tokens.nameOf }) }),
    onTokens: (emit) => tokens.follow(emit),
  }
  const asks: PeerHandlers<Pick<GatewayAsks, 'gatewayRecords' | 'saveJob'>> = {
    gatewayRecords: recordGateway,
    saveJob: jobs.save,
  }
  return {
    handlers,
    /** What the local platform's worker may ask about it. */
    asks,
    recordGateway,
    stop: scope.close,
  }
}
export type GatewayStore = ReturnType<typeof createGatewayStore>
