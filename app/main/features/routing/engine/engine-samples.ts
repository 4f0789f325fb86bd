import type { Candidate, FeatureRules } from '../../../../shared/contracts/routing.ts'
import type { Engine } from './engine-api.ts'
import type { CallEnd, EngineKey, FailureKind, Question } from './engine-types.ts'

// What tests and measurements of the engine begin with.

export const START = Date.UTC(2026, 4, 10, 12)

export const sampleKey = (id: string, changes: Partial<EngineKey> = {}): EngineKey => ({
  id,
  vendor: 'openai-compatible',
  service: 'local',
  name: id,
  tier: 'primary',
  weight: 1,
  endpoint: 'http://vendor.test/v1',
  rpm: null,
  tpm: null,
  concurrency: null,
  monthlyBudget: null,
  currency: 'USD',
  enabled: true,
  expiresAt: null,
  modelMapping: {},
  ...changes,
})
export const sampleCandidate = (model: string, changes: Partial<Candidate> = {}): Candidate => ({
  vendor: 'openai-compatible',
  service: 'local',
  model,
  tier: null,
  weight: 1,
  ...changes,
})
export const sampleRules = (candidates: Candidate[], changes: Partial<FeatureRules> = {}): FeatureRules => ({
  description: '',
  strategy: 'weighted',
  candidates,
  ...changes,
})
export const sampleQuestion = (changes: Partial<Question> = {}): Question => ({
  feature: 'talk',
  model: null,
  tokens: 0,
  models: null,
  random: 0,
  ...changes,
})

export const succeeded = (changes: Partial<Extract<CallEnd, { kind: 'succeeded' }>> = {}): CallEnd => ({
  kind: 'succeeded',
  durationMs: 100,
  tokens: 0,
  cost: 0,
  ...changes,
})
export const failed = (failure: FailureKind, retryAfterMs: number | null = null): CallEnd => ({
  kind: 'failed',
  failure,
  durationMs: 100,
  retryAfterMs,
  tokens: 0,
  cost: 0,
})

/** One request of the feature `talk`, from the question to its end, without fallbacks. Answers the key's id. */
export function request(engine: Engine, now: number, end: CallEnd, changes: Partial<Question> = {}): string | null {
  const { selected } = engine.ask(sampleQuestion(changes), now)
  if (selected === null) return null
  engine.end(engine.begin(selected, now, changes.tokens ?? 0), end, now)
  return selected.keyId
}

/** A generator of numbers from 0 up to 1 that always begins the same. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}
