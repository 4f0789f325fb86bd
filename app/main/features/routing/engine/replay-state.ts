import type { Choice, Decision, Rejection } from '../../../../shared/contracts/routing.ts'
import { candidateId, type Pair, serviceId } from './plan.ts'

interface Named {
  readonly vendor: string
  readonly service: string
  readonly model: string
  readonly keyId: string
}
export const pairId = (one: Named) => `${one.keyId} ${candidateId(one)}`
export const idOf = (choice: Choice | null) => (choice === null ? null : pairId(choice))

/** What is said of the rules or the request, not of how a key stood. */
const ofRequest: readonly Rejection[] = ['no-key', 'weight-zero', 'model-mismatch', 'out-of-scope']

/** What a decision tells of the state that it met. */
export interface Met {
  /** Services whose keys are all named in it. */
  readonly services: ReadonlySet<string>
  readonly keys: ReadonlySet<string>
  /** Why a key, or a key for one candidate, could not be asked, and when it could. */
  readonly blocked: ReadonlyMap<string, { readonly reason: Rejection; readonly until: number }>
  readonly outOfScope: ReadonlySet<string>
  /** Place in the order in which they would have been tried. */
  readonly ranks: ReadonlyMap<string, number>
}

export function stateOf({ selected, fallbacks, rejected, leastBad }: Decision): Met {
  const services = new Set<string>()
  const keys = new Set<string>()
  const blocked = new Map<string, { reason: Rejection; until: number }>()
  const outOfScope = new Set<string>()
  const chosen = selected === null ? fallbacks : [selected, ...fallbacks]
  const fine = new Set(leastBad ? [] : chosen.map(({ keyId }) => keyId))
  for (const choice of chosen) {
    services.add(serviceId(choice))
    keys.add(choice.keyId)
  }
  // The least bad was resting as well, and would have woken first.
  if (leastBad && selected !== null) blocked.set(pairId(selected), { reason: 'cooling', until: 0 })
  for (const one of rejected) {
    services.add(serviceId(one))
    if (one.reason === 'out-of-scope') outOfScope.add(one.model)
    if (one.keyId === null) continue
    keys.add(one.keyId)
    if (ofRequest.includes(one.reason)) continue
    const state = { reason: one.reason, until: one.until ?? Number.POSITIVE_INFINITY }
    blocked.set(pairId({ ...one, keyId: one.keyId }), state)
    // A breaker may be the candidate's: it is the key's where the key was fine for nothing.
    if (!fine.has(one.keyId)) blocked.set(one.keyId, state)
  }
  return { services, keys, blocked, outOfScope, ranks: new Map(chosen.map((choice, i) => [pairId(choice), i])) }
}

/** A pair as the decision could have met it; null for what could not be asked whatever the state. */
export function standingOf(pair: Pair, { model }: Decision, met: Met) {
  const { candidate, key } = pair
  const id = pairId({ ...candidate, keyId: key.id })
  // A service that the decision looked at had the keys that it names, and no others.
  if (met.services.has(serviceId(candidate)) && !met.keys.has(key.id)) return null
  if (candidate.weight === 0 || met.outOfScope.has(candidate.model)) return null
  if (model === null ? pair.listed !== candidate : model.toLowerCase() !== candidate.model.toLowerCase()) return null
  const blocked = met.blocked.get(id) ?? met.blocked.get(key.id) ?? null
  if (blocked === null && !met.keys.has(key.id) && !key.enabled) return null
  return { id, blocked }
}
