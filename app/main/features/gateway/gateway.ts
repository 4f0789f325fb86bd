import { setImmediate } from 'node:timers/promises'
import type { gateway as contract, UsageQuestion } from '../../../shared/contracts/gateway.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Host } from '../../lib/host.ts'
import { fromJson } from '../../lib/json.ts'
import { createLive } from '../../lib/live.ts'
import type { Log } from '../../lib/log.ts'
import type { PeerHandlers } from '../../lib/peer.ts'
import { createScope } from '../../lib/scope.ts'
import type { GatewayAsks, UseRecord } from '../../platform/gateway/gateway-messages.ts'
import type { GatewayWorker } from '../../platform/gateway/gateway-worker.ts'
import type { CountedCall, DecisionText } from '../../platform/gateway/journal-line.ts'
import { createJobs } from './jobs.ts'
import { createJournalReader } from './journal.ts'
import { createLiveJobs } from './live-jobs.ts'
import { createTokens } from './tokens.ts'
import { createUsage } from './usage.ts'
import { csvName, usageCsv } from './usage-csv.ts'

const KEPT_MONTHS = 13
const DAY = 24 * 3_600_000

type Records = GatewayAsks['gatewayRecords']['input']

/** What others do with the worker's records. The first three are part of the transaction: what they write is written with it. */
export interface RecordKeepers {
  readonly keepDecisions: (decisions: readonly DecisionText[]) => void
  readonly applyHealth: (health: Records['health']) => void
  readonly applyFailures: (failures: Records['failures']) => void
  /** Once it is written, of those that were not counted before. */
  readonly applyUses: (uses: readonly UseRecord[], calls: readonly CountedCall[]) => void
}
export interface GatewayOptions extends RecordKeepers {
  readonly db: Db
  readonly journalFolder: string
  readonly worker: GatewayWorker
  readonly audit: Audit
  readonly host: Pick<Host, 'saveFile'>
  readonly log: Log
  /** Null for a key that is not known any more. */
  readonly keyName: (id: string) => string | null
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** For tests. */
  readonly liveEveryMs?: number
}

/** What main keeps of the gateway: tokens, what was used, long jobs; and where the worker's records are written. */
export function createGatewayStore(options: GatewayOptions) {
  const { db, worker, audit, host, log, keyName, clock = Date.now, liveEveryMs: everyMs } = options
  const scope = createScope()
  const tokens = createTokens({ db, audit, log, clock })
  const usage = createUsage(db)
  const usageRows = (question: UsageQuestion) => usage.rows(question, { keyName, tokenName: tokens.nameOf })
  const liveUsage = createLive({
    answer: (question: UsageQuestion) => ({ rows: usageRows(question) }),
    failed: (error) => log.warn('gateway', 'use not summed', { error }),
    everyMs,
  })
  scope.add(liveUsage.stop)
  const jobs = createJobs(db, clock)
  const liveJobs = createLiveJobs({
    ...{ jobs, keyName, tokenName: tokens.nameOf, everyMs },
    failed: (error) => log.warn('gateway', 'jobs not read', { error }),
  })
  scope.add(liveJobs.stop)

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
    if (jobs.prune() > 0) liveJobs.changed()
  }

  const fillTokens = () => worker.tell('tokens', tokens.usable())
  scope.add(tokens.onChange(fillTokens))
  scope.add(
    worker.onStarted(() => {
      fillTokens()
      worker.tell('jobs', jobs.open())
    }),
  )

  const journal = createJournalReader({
    ...{ db, folder: options.journalFolder },
    keep(entries) {
      const { uses, calls } = usage.count(entries)
      options.keepDecisions(entries.flatMap(({ decision }) => decision ?? []))
      if (uses.length === 0 && calls.length === 0) return
      db.afterCommit(() => {
        options.applyUses(uses, calls)
        liveUsage.changed()
      })
    },
  })
  let reading: Promise<void> = Promise.resolve()
  /** All of the journal, slice by slice; whoever else asks of main is answered in between. */
  async function readOn(): Promise<void> {
    while (journal.step()) await setImmediate()
    const lines = journal.unreadable()
    if (lines > 0) log.warn('gateway', 'lines of use not read', { lines })
  }
  /** All that was written until now, at once. */
  function catchUp(): void {
    try {
      while (journal.step());
    } catch (error) {
      log.warn('gateway', 'use of the last run not read', { error })
    }
  }
  // What an earlier run did not come to.
  catchUp()

  /** Answers when all that was told, and all that was written until then, is kept. */
  async function recordGateway({ health, failures, tokensUsed }: Records): Promise<void> {
    const before = reading
    reading = before.catch(() => {}).then(readOn)
    await reading
    db.transaction(() => {
      tokens.used(tokensUsed)
      if (health.length > 0) options.applyHealth(health)
      if (failures.length > 0) options.applyFailures(failures)
    })
  }

  const handlers: Handlers<typeof contract> = {
    createToken: (facts, { actor }) => tokens.create(facts, actor),
    changeToken: ({ id, facts }, { actor }) => tokens.change(id, facts, actor),
    revokeTokens: ({ ids }, { actor }) => tokens.revoke(ids, actor),
    async exportUsage(question) {
      const text = usageCsv(usageRows(question), question.by)
      return await host.saveFile(csvName(question), 'text/csv; charset=utf-8', async function* () {
        yield Buffer.from(text)
      })
    },
    listJobs: ({ limit }) => liveJobs.newest({ state: null, limit }).jobs,
    findJob({ id }) {
      const job = jobs.find({ id, tokenId: null })
      return { ...liveJobs.detailsOf(job), result: fromJson(job.result ?? 'null') ?? null }
    },
    onTokens: (emit) => tokens.follow(emit),
    onUsage: (emit, question) => liveUsage.follow(question, emit),
    onJobs: (emit, question) => liveJobs.followList(question, emit),
    onJob: (emit, question) => liveJobs.followOne(question, emit),
  }
  const asks: PeerHandlers<Pick<GatewayAsks, 'gatewayRecords' | 'saveJob' | 'jobFind' | 'jobList'>> = {
    gatewayRecords: recordGateway,
    saveJob(job) {
      jobs.save(job)
      liveJobs.changed()
    },
    jobFind: jobs.find,
    jobList: jobs.list,
  }
  return {
    handlers,
    /** A worker that ended left lines that it told nobody of: call it before the next one is told what was spent. */
    catchUp,
    /** What the local platform's worker may ask about it. */
    asks,
    recordGateway,
    stop: scope.close,
  }
}
export type GatewayStore = ReturnType<typeof createGatewayStore>
