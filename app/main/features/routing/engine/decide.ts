import type { Choice, RejectedChoice, Rejection } from '../../../../shared/contracts/routing.ts'
import type { Board } from './board.ts'
import type { Question, Verdict } from './engine-types.ts'
import { leastBad } from './least-bad.ts'
import { sortTier } from './order.ts'
import type { Plan, Slot } from './plan.ts'
import { holdsUntil, isHeldBack, limitOf, restOf, untilOf, wakeOf } from './standing.ts'

// Runs for every request: plain loops over columns, nothing made that is not answered.

/** Of the call under way only: what is found goes here before it is known how much there is. */
let usable = new Int32Array(64)
const choices: Choice[] = []
const rejections: RejectedChoice[] = []
let heldBack = false

export interface Asked {
  readonly tokens: number
  readonly random: number
  /** Number of the plan's model; -1 for any, -2 for one that the plan does not have. */
  readonly model: number
  /** By number of the plan's model. */
  readonly scope: Uint8Array | null
  readonly now: number
  readonly heedRamps: boolean
}

/** Nobody else has it yet. */
export interface FreshVerdict extends Verdict {
  selected: Choice | null
  readonly rejected: RejectedChoice[]
  leastBad: boolean
}

/** Who is asked by this plan, who after that, and why nobody else. */
export function decide(plan: Plan, question: Question, board: Board, now: number): Verdict {
  const asked: Asked = {
    tokens: question.tokens,
    random: question.random,
    model: question.model === null ? -1 : (plan.models.get(question.model.toLowerCase()) ?? -2),
    scope: question.models === null ? null : scopeOf(plan, question.models),
    now,
    heedRamps: true,
  }
  const verdict = pass(plan, asked, board)
  if (verdict.selected !== null) return verdict
  // A ramp spares one that recovered while others serve; where there is no other it holds nothing back.
  if (heldBack) return pass(plan, { ...asked, heedRamps: false }, board)
  return leastBad(plan, verdict, asked)
}

function pass(plan: Plan, asked: Asked, board: Board): FreshVerdict {
  const { order, keyAt, candidateAt, weights, modelAt, mapped, kept, keptUntil, keptVersion, slots } = plan
  const { clearUntil, room, versions } = board
  const { tokens, model, scope, now } = asked
  const { strategy } = plan.rules
  if (usable.length < slots.length) usable = new Int32Array(slots.length * 2)
  let chosen = 0
  let refused = 0
  heldBack = false
  for (const missing of plan.missing) rejections[refused++] = missing
  for (const tier of plan.tiers) {
    sortTier(plan, tier, board)
    let count = 0
    let weight = 0
    for (let i = tier.from; i < tier.to; i++) {
      const at = order[i]!
      if (model === -1) {
        if (mapped[at] === 1) continue
      } else if (modelAt[at] !== model) {
        // Of a model with many names one is enough to tell.
        if (mapped[at] === 0) rejections[refused++] = mismatchOf(slots[at]!)
        continue
      }
      if (scope !== null && scope[modelAt[at]!] === 0) {
        rejections[refused++] = outOfScopeOf(slots[at]!)
        continue
      }
      const key = keyAt[at]!
      const candidate = candidateAt[at]!
      const itsWeight = weights[at]!
      if (itsWeight > 0 && now < clearUntil[key]! && now < clearUntil[candidate]! && tokens <= room[key]!) {
        usable[count++] = at
        weight += itsWeight
      } else if (now < keptUntil[at]! && versions[key]! + versions[candidate]! === keptVersion[at]) {
        rejections[refused++] = kept[at]!
      } else {
        const rejection = lookAt(plan, at, asked, board)
        if (rejection !== null) rejections[refused++] = rejection
        else {
          usable[count++] = at
          weight += itsWeight
        }
      }
    }
    if (count === 0) continue
    let first = 0
    if (strategy === 'weighted') first = byWeight(weights, count, asked.random * weight)
    else if (strategy === 'round_robin') first = byTurn(count, tier.from + tier.turn.next)
    // The others follow from there on, so that one that fails does not send everybody to the same next one.
    for (let i = first; i < count; i++) choices[chosen++] = plan.choices[usable[i]!]!
    for (let i = 0; i < first; i++) choices[chosen++] = plan.choices[usable[i]!]!
  }
  return {
    feature: plan.feature,
    revision: plan.revision,
    strategy,
    selected: chosen === 0 ? null : choices[0]!,
    fallbacks: chosen < 2 ? [] : choices.slice(1, chosen),
    rejected: refused === 0 ? [] : rejections.slice(0, refused),
    leastBad: false,
  }
}

function byWeight(weights: Float64Array, count: number, point: number): number {
  let rest = point
  for (let i = 0; i < count; i++) {
    rest -= weights[usable[i]!]!
    if (rest < 0) return i
  }
  return count - 1
}

function byTurn(count: number, next: number): number {
  for (let i = 0; i < count; i++) if (usable[i]! >= next) return i
  return 0
}

/** The long look at a slot that may not be asked; what it finds is kept as long as it holds. */
function lookAt(plan: Plan, at: number, asked: Asked, board: Board): RejectedChoice | null {
  const slot = plan.slots[at]!
  const { key, candidate } = slot
  const { now } = asked
  const reason = plan.weights[at] === 0 ? 'weight-zero' : reasonAgainst(slot, asked)
  plan.keptUntil[at] = Number.NEGATIVE_INFINITY
  plan.wakesAt[at] = Number.POSITIVE_INFINITY
  if (reason === null) return null
  if (reason === 'ramping') heldBack = true
  const until = endOf(slot, reason, asked.tokens, now)
  let rejection = slot.rejected
  if (rejection === null || rejection.reason !== reason || rejection.until !== until) {
    rejection = rejectionOf(slot, reason, until)
    slot.rejected = rejection
  }
  plan.kept[at] = rejection
  plan.keptUntil[at] = holdsUntil(key, reason, until)
  plan.keptVersion[at] = board.versions[key.place]! + board.versions[candidate.place]!
  if (reason === 'cooling' || reason === 'breaker-open' || reason === 'quota') {
    plan.wakesAt[at] = Math.max(wakeOf(key), wakeOf(candidate), now)
  }
  return rejection
}

/** Why a slot must not be asked now, whatever the request asks for; ramps aside. */
export const obstacleOf = ({ key, candidate }: Pick<Slot, 'key' | 'candidate'>, tokens: number, now: number) =>
  restOf(key, now) ?? restOf(candidate, now) ?? limitOf(key, tokens, now)

function reasonAgainst(slot: Slot, { tokens, random, now, heedRamps }: Asked): Rejection | null {
  const { key, candidate } = slot
  const reason = obstacleOf(slot, tokens, now)
  if (reason !== null || !heedRamps) return reason
  if (key.breaker.recoveredAt === 0 && candidate.breaker.recoveredAt === 0) return null
  // One roll for both, so that two ramps at 10 % are together 10 % and not 1 %.
  const roll = rollOf(random, key.salt)
  return isHeldBack(key, roll, now) || isHeldBack(candidate, roll, now) ? 'ramping' : null
}

/** From 0 up to 1 and independent of `random` itself, which chooses by weight. */
function rollOf(random: number, salt: number): number {
  let bits = (random * 4294967296) ^ salt
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b)
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b)
  return ((bits ^ (bits >>> 16)) >>> 0) / 4294967296
}

function endOf({ key, candidate }: Slot, reason: Rejection, tokens: number, now: number): number | null {
  const ofKey = untilOf(key, reason, tokens, now)
  if (reason !== 'breaker-open' && reason !== 'ramping') return ofKey
  const ofCandidate = untilOf(candidate, reason, tokens, now)
  return ofKey === null || ofCandidate === null ? (ofKey ?? ofCandidate) : Math.max(ofKey, ofCandidate)
}

function rejectionOf({ choice }: Slot, reason: Rejection, until: number | null): RejectedChoice {
  const { vendor, service, model, keyId, keyName, tier } = choice
  return { vendor, service, model, keyId, keyName, tier, reason, until }
}
function mismatchOf(slot: Slot): RejectedChoice {
  slot.mismatch ??= rejectionOf(slot, 'model-mismatch', null)
  return slot.mismatch
}
function outOfScopeOf(slot: Slot): RejectedChoice {
  slot.outOfScope ??= rejectionOf(slot, 'out-of-scope', null)
  return slot.outOfScope
}

function scopeOf(plan: Plan, models: readonly string[]): Uint8Array {
  let scope = plan.scopes.get(models)
  if (scope === undefined) {
    scope = new Uint8Array(plan.models.size)
    for (const model of models) {
      const number = plan.models.get(model.toLowerCase())
      if (number !== undefined) scope[number] = 1
    }
    plan.scopes.set(models, scope)
  }
  return scope
}
