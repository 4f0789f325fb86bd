import type { Choice, FeatureRules, RouteState } from '../../../../shared/contracts/routing.ts'
import { AppError } from '../../../../shared/errors.ts'
import { createBoard } from './board.ts'
import { close } from './breaker.ts'
import { bringCandidates } from './bring-candidates.ts'
import { beginCall, endCall, type Running } from './calls.ts'
import { createClock } from './clock.ts'
import { decide, obstacleOf } from './decide.ts'
import type { Engine } from './engine-api.ts'
import type { EngineFeature, EngineKey } from './engine-types.ts'
import { healthOf, takeHealth } from './health.ts'
import { candidateId, createPlan, type Plan, passTurn, type Slot, serviceId, type Turn } from './plan.ts'
import { routeChoices } from './route-state.ts'
import {
  boundStanding,
  createStanding,
  fitsBudget,
  isUsable,
  refresh,
  resetStanding,
  type Standing,
  setKey,
  shiftStanding,
  turnMonth,
} from './standing.ts'

/** So many keys or candidates that nobody names any more are remembered. */
const MAX_FORGOTTEN = 10_000

/** An engine that knows nothing yet. */
export function createEngine(): Engine {
  let keys: readonly EngineKey[] = []
  let keysByService = new Map<string, EngineKey[]>()
  let features = new Map<string, EngineFeature>()
  let prices: ReadonlyMap<string, number> = new Map()
  const board = createBoard()
  /** What a draft names and nobody else. */
  const unknown = createStanding('', board)
  const plans = new Map<string, Plan>()
  const slots = new WeakMap<Choice, Slot>()
  /** By feature and tier, so that round robin goes on where it was when keys change. */
  const turns = new Map<string, Turn>()
  const keyStandings = new Map<string, Standing>()
  const candidateStandings = new Map<string, Standing>()
  const changed = new Set<Standing>()
  const clock = createClock({
    shift: (milliseconds) => each((standing) => shiftStanding(standing, milliseconds)),
    bound: (now, month) =>
      each((standing) => {
        turnMonth(standing, month.start)
        boundStanding(standing, now, month.end)
        changed.add(standing)
      }),
  })

  function each(change: (standing: Standing) => void): void {
    for (const standing of keyStandings.values()) change(standing)
    for (const standing of candidateStandings.values()) change(standing)
  }

  function standingIn(standings: Map<string, Standing>, id: string): Standing {
    let standing = standings.get(id)
    if (standing === undefined) {
      standing = createStanding(id, board)
      standing.monthStart = clock.month().start
      standings.set(id, standing)
    }
    return standing
  }

  /** What nobody names is kept for its return, up to a bound. */
  function forget(standings: Map<string, Standing>, named: ReadonlySet<string>): void {
    if (standings.size - named.size <= MAX_FORGOTTEN) return
    for (const [id, { running }] of standings) {
      // One with calls under way still gets to hear of their end.
      if (named.has(id) || running > 0) continue
      standings.delete(id)
    }
    each(({ failing, answering }) => {
      failing.clear()
      answering.clear()
    })
  }

  const usableKeys = (choice: Choice, now: number): number =>
    (keysByService.get(serviceId(choice)) ?? []).filter(({ id }) => isUsable(standingIn(keyStandings, id), now)).length

  /** Whether a key may be asked that was not asked until now, or elsewhere. */
  function isFresh({ id, enabled, endpoint }: EngineKey): boolean {
    const standing = keyStandings.get(id)
    const before = standing?.key
    return enabled && (standing === undefined || (before != null && (!before.enabled || before.endpoint !== endpoint)))
  }
  /** A candidate is open because all of its keys failed: with one that did not, that is no longer so. */
  function trustCandidatesOf(key: EngineKey): void {
    const prefix = `candidate ${serviceId(key)}/`
    for (const candidate of candidateStandings.values()) {
      if (candidate.breaker.openUntil === 0 || !candidate.id.startsWith(prefix)) continue
      close(candidate.breaker)
      refresh(candidate)
      changed.add(candidate)
    }
  }

  function turnOf(id: string, kept: boolean): Turn {
    let turn = turns.get(id)
    if (turn === undefined) {
      turn = { next: 0 }
      if (kept) turns.set(id, turn)
    }
    return turn
  }

  function build(feature: string, revision: number, given: FeatureRules, kept: boolean): Plan {
    const rules = bringCandidates(given, feature, keys)
    return createPlan({
      feature,
      revision,
      rules,
      keys: keysByService,
      prices,
      keyStanding: (id) => standingIn(keyStandings, id),
      // A draft may name anything: what is not kept leaves nothing behind.
      candidateStanding: (id) => (kept ? standingIn(candidateStandings, id) : (candidateStandings.get(id) ?? unknown)),
      turn: (tier) => turnOf(`${feature} ${tier}`, kept),
    })
  }

  function planOf(name: string): Plan {
    let plan = plans.get(name)
    if (plan !== undefined) return plan
    const feature = features.get(name)
    if (feature === undefined) throw new AppError('FEATURE_NOT_FOUND', { name })
    plan = build(name, feature.revision, feature.rules, true)
    plans.set(name, plan)
    for (const slot of plan.slots) slots.set(slot.choice, slot)
    return plan
  }

  /** Of a choice that was kept somewhere and came back, the same by name. */
  const slotOf = (choice: Choice): Pick<Slot, 'key' | 'candidate' | 'choice'> =>
    slots.get(choice) ?? {
      choice,
      key: standingIn(keyStandings, choice.keyId),
      candidate: standingIn(candidateStandings, candidateId(choice)),
    }

  return {
    setKeys(given) {
      keys = given
      keysByService = Map.groupBy(given, serviceId)
      const fresh = given.filter(isFresh)
      const named = new Set(given.map(({ id }) => id))
      const now = clock.last()
      for (const standing of keyStandings.values()) if (!named.has(standing.id)) setKey(standing, null, now)
      for (const key of given) {
        const standing = standingIn(keyStandings, key.id)
        const { spentAllAt } = standing
        setKey(standing, key, now)
        // Another budget benches a key, or frees it, without any call.
        if (standing.spentAllAt !== spentAllAt) changed.add(standing)
      }
      forget(keyStandings, named)
      for (const key of fresh) trustCandidatesOf(key)
      plans.clear()
    },
    setFeatures(given) {
      features = new Map(given.map((feature) => [feature.name, feature]))
      const named = given.flatMap(({ name, rules }) => bringCandidates(rules, name, keys).candidates.map(candidateId))
      forget(candidateStandings, new Set(named))
      for (const id of turns.keys()) if (!features.has(id.slice(0, id.indexOf(' ')))) turns.delete(id)
      plans.clear()
    },
    setPrices(given) {
      prices = given
      plans.clear()
    },

    ask(question, at) {
      const now = clock.now(at)
      return decide(planOf(question.feature), question, board, now)
    },
    askDraft(question, rules, at) {
      const now = clock.now(at)
      return decide(
        build(question.feature, features.get(question.feature)?.revision ?? 0, rules, false),
        question,
        board,
        now,
      )
    },
    obstacle(choice, tokens, at) {
      const now = clock.now(at)
      const slot = slotOf(choice)
      return slot.key.key === null ? 'no-key' : obstacleOf(slot, tokens, now)
    },
    fits(choice, estimate, at) {
      clock.now(at)
      return fitsBudget(slotOf(choice).key, estimate)
    },
    begin(choice, at, tokens, cost = 0) {
      const now = clock.now(at)
      const slot = slots.get(choice)
      if (slot !== undefined) passTurn(slot)
      return beginCall(slot ?? slotOf(choice), now, tokens, cost)
    },
    end(ticket, end, at) {
      // Every ticket came from `begin`.
      const call = ticket as Running
      if (call.ended) return
      const now = clock.now(at)
      endCall(call, end, now, clock.month().end, () => usableKeys(call.choice, now))
      changed.add(call.key)
      changed.add(call.candidate)
    },

    state(feature, at): RouteState {
      const now = clock.now(at)
      const plan = planOf(feature)
      return {
        feature,
        at: now,
        choices: routeChoices(plan, board, now, clock.month().end),
        without: [...plan.without],
      }
    },
    brought(feature) {
      const { candidates } = planOf(feature).rules
      const named = new Set(features.get(feature)?.rules.candidates)
      return candidates.filter((candidate) => !named.has(candidate))
    },
    leftOut: (feature) => planOf(feature).leftOut,
    health() {
      const healths = [...changed].map((standing) => healthOf(standing, clock.month().end))
      changed.clear()
      return healths
    },
    restore(healths) {
      for (const health of healths) {
        const standings = health.id.startsWith('candidate ') ? candidateStandings : keyStandings
        takeHealth(standingIn(standings, health.id), health)
      }
      clock.doubt()
    },
    reset(keyIds) {
      for (const id of keyIds) {
        const standing = keyStandings.get(id)
        if (standing === undefined) continue
        resetStanding(standing)
        changed.add(standing)
        if (standing.key === null) continue
        const prefix = `candidate ${serviceId(standing.key)}/`
        for (const candidate of candidateStandings.values()) {
          if (!candidate.id.startsWith(prefix)) continue
          resetStanding(candidate)
          changed.add(candidate)
        }
      }
    },
    snapshotFor(name) {
      const feature = features.get(name) ?? null
      const latencies = new Map<string, number>()
      each(({ id, latency }) => {
        if (latency >= 0) latencies.set(id, latency)
      })
      return { feature, keys, prices, latencies }
    },
  }
}
