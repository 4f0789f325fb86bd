// biome-ignore-all lint/style/noRestrictedImports: tests build what stands around the feature.
import { join } from 'node:path'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Decision, DecisionOutcome, FeatureRules } from '../../../shared/contracts/routing.ts'
import type { Db } from '../../db/db.ts'
import { silentLog } from '../../lib/log.ts'
import type { GatewayWorkerAsks } from '../../platform/gateway/gateway-messages.ts'
import type { GatewayWorker } from '../../platform/gateway/gateway-worker.ts'
import type { DecisionText } from '../../platform/gateway/journal-line.ts'
import { createAudit } from '../audit/audit.ts'

type Name = keyof GatewayWorkerAsks

/** A worker that notes what it is told, and answers what the test gives it. */
export function fakeGatewayWorker() {
  const told: { readonly name: Name; readonly input: never }[] = []
  const answers: { [K in Name]?: (input: GatewayWorkerAsks[K]['input']) => unknown } = {}
  const starts: (() => void)[] = []
  const worker: GatewayWorker = {
    ask: (async (name: Name, input: never) => await answers[name]!(input)) as GatewayWorker['ask'],
    tell: (name, input) => void told.push({ name, input: input as never }),
    onStarted(listener) {
      starts.push(listener)
      listener()
      return () => {}
    },
  }
  return {
    ...{ worker, answers },
    told: <K extends Name>(name: K): GatewayWorkerAsks[K]['input'][] =>
      told.filter((one) => one.name === name).map(({ input }) => input),
    restart: () => {
      for (const start of starts) start()
    },
  }
}

/** A database with an audit trail, a clock that stands, and a worker. */
export function openStoreWorld(db: Db = tempDatabase(tempFolder())) {
  const journalFolder = join(tempFolder(), 'gateway')
  const audit = createAudit({ db, log: silentLog, notify: () => {} })
  audit.stop()
  const now = { ms: Date.UTC(2026, 2, 31, 22, 30) }
  const lines = () =>
    db
      .all<{ line: string }>(
        `SELECT actor || ' ' || action || ' ' || target || coalesce(' ' || after, '') AS line FROM audit ORDER BY sequence`,
      )
      .map(({ line }) => line)
  const keyPlaces: { vendor: string; service: string }[] = []
  const keys = () => keyPlaces
  const parts = { db, audit, log: silentLog, clock: () => now.ms, keys }
  return { ...parts, journalFolder, now, lines, keyPlaces, ...fakeGatewayWorker() }
}

export const rulesOf = (model: string, change: Partial<FeatureRules> = {}): FeatureRules => ({
  ...{ description: '', strategy: 'weighted' },
  candidates: [{ vendor: 'openai', service: 'dalle', model, tier: null, weight: 100 }],
  ...change,
})

export const decisionOf = (id: string, change: Partial<Decision> = {}): Decision => ({
  ...{ id, at: 1_700_000_000_000, feature: 'chat', revision: 4, strategy: 'weighted' },
  ...{ selected: null, fallbacks: [], rejected: [], leastBad: false, durationUs: 0.7 },
  ...{ model: null, tokens: 12, caller: null },
  ...change,
})

/** As the worker writes it down. */
export const textOf = (decision: Decision, outcome: DecisionOutcome | null = null): DecisionText => ({
  ...{ id: decision.id, feature: decision.feature, text: JSON.stringify(decision) },
  outcome: outcome === null ? null : JSON.stringify(outcome),
})
