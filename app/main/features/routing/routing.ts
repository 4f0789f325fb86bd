import type {
  routing as contract,
  FeatureRules,
  ReplaySummary,
  RouteStandings,
  RouteState,
} from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Audit } from '../../lib/audit.ts'
import { createLive } from '../../lib/live.ts'
import type { Log } from '../../lib/log.ts'
import type { PeerHandlers } from '../../lib/peer.ts'
import { createScope } from '../../lib/scope.ts'
import type { GatewayAsks } from '../../platform/gateway/gateway-messages.ts'
import type { GatewayWorker } from '../../platform/gateway/gateway-worker.ts'
import type { DecisionText } from '../../platform/gateway/journal-line.ts'
import { createDecisions, type DecisionLimits } from './decisions.ts'
import type { Named } from './engine/plan.ts'
import { createFeatures } from './features.ts'
import { replayAll } from './replay.ts'
import { createRouteStates } from './route-states.ts'

export interface RoutingOptions {
  readonly db: Db
  readonly worker: GatewayWorker
  readonly audit: Audit
  readonly log: Log
  /** Where the keys are for, one by one. */
  readonly keys: () => readonly Named[]
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** For tests. */
  readonly stateEveryMs?: number
  readonly decisionLimits?: DecisionLimits
}
export type RoutingAsks = Pick<
  GatewayAsks,
  'featureList' | 'featureSet' | 'featureRemove' | 'featureHistory' | 'featureRollback' | 'featureReplay'
>

/** Loaded with the first text: most consoles start without. */
const yamlLibrary = () => import('./yaml.ts')

/** Everything that main knows and does about features and the decisions that followed from them. */
export function createRouting(options: RoutingOptions) {
  const { db, worker, audit, log, keys, clock = Date.now, stateEveryMs, decisionLimits } = options
  const scope = createScope()
  const features = createFeatures({ db, audit, log, clock, keys })
  const decisions = createDecisions(db, decisionLimits)
  const pace = { log, ...(stateEveryMs !== undefined && { everyMs: stateEveryMs }) }
  const states = createRouteStates<RouteState>({ ask: (feature) => worker.ask('routeState', { feature }), ...pace })
  scope.add(states.stop)
  const standings = createRouteStates<RouteStandings>({ ask: () => worker.ask('routeStandings', undefined), ...pace })
  scope.add(standings.stop)
  const newest = createLive({
    answer: ({ feature }: { readonly feature: string | null }) => ({ id: decisions.newestId(feature) }),
    failed: (error) => log.warn('routing', 'newest decision not read', { error }),
    everyMs: stateEveryMs,
  })
  scope.add(newest.stop)

  // Whole every time: a table of features is small, and the worker cannot miss a change.
  const fill = () => worker.tell('features', features.engineFeatures())
  scope.add(features.onChange(fill))
  scope.add(worker.onStarted(fill))

  let replaying = false
  /** Fails with CALL_TOO_MANY while there is another one: the worker that replays answers calls as well. */
  async function replay(name: string, draft: FeatureRules): Promise<ReplaySummary> {
    features.find(name)
    if (replaying) throw new AppError('CALL_TOO_MANY', { most: 1 })
    replaying = true
    try {
      return await replayAll(decisions, (question) => worker.ask('replayRoute', question), name, draft)
    } finally {
      replaying = false
    }
  }
  const handlers: Handlers<typeof contract> = {
    setFeature: ({ name, revision, rules }, { actor }) => ({
      revision: features.set(name, revision, rules, { actor }).revision,
    }),
    removeFeature: ({ name, revision }, { actor }) => features.remove(name, revision, { actor }),
    history: ({ name }) => ({ revisions: features.history(name) }),
    rollback: ({ name, revision }, { actor }) => ({ revision: features.rollback(name, revision, { actor }).revision }),
    toYaml: async (rules) => ({ yaml: (await yamlLibrary()).rulesToYaml(rules) }),
    fromYaml: async ({ yaml }) => (await yamlLibrary()).rulesFromYaml(yaml),
    ask: (question) => worker.ask('route', question),
    decisions: (query) => ({ decisions: decisions.page(query) }),
    replay: ({ name, draft }) => replay(name, draft),
    onUpdates: (emit) => features.follow(emit),
    onState(emit, { name }) {
      features.find(name)
      return states.follow(name, emit)
    },
    onStandings: (emit) => standings.follow('all', emit),
    onNewestDecision: (emit, question) => newest.follow(question, emit),
  }
  const asking = (userId: string | null): Asker => ({ actor: 'platform', userId })
  const asks: PeerHandlers<RoutingAsks> = {
    featureList: () => features.list(),
    featureSet: ({ name, revision, rules, userId }) => features.set(name, revision ?? 'any', rules, asking(userId)),
    featureRemove: ({ name, revision, userId }) => features.remove(name, revision ?? 'any', asking(userId)),
    featureHistory: ({ name }) => features.history(name),
    featureRollback: ({ name, revision, userId }) => features.rollback(name, revision, asking(userId)),
    featureReplay: ({ name, draft }) => replay(name, draft),
  }
  return {
    handlers,
    /** What the local platform's worker may ask about features. */
    asks,
    follow: features.follow,
    /** Part of the transaction that the worker's records are written in. */
    keepDecisions(list: readonly DecisionText[]): void {
      decisions.keep(list)
      if (list.length > 0) db.afterCommit(newest.changed)
    },
    stop: scope.close,
  }
}
export type Routing = ReturnType<typeof createRouting>
