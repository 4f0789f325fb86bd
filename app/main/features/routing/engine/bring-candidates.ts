import type { Candidate, FeatureRules } from '../../../../shared/contracts/routing.ts'
import type { Named } from './plan.ts'

const WEIGHT = 100

/** What a key of a known service can serve without being listed, and with which model. */
const known = [
  // The DALL-E models are gone: keys of that service are for the image model that came after them.
  { vendor: 'openai', service: 'dalle', features: ['text_to_image'], model: 'gpt-image-2.6-sunburst' },
  { vendor: 'openai', service: 'gpt-4', features: ['text_generation', 'chat'], model: 'gpt-6-luna' },
  { vendor: 'aliyun', service: 'wanx', features: ['text_to_image'], model: 'wan2.2-t2i-flash' },
  { vendor: 'aliyun', service: 'qwen', features: ['text_generation', 'chat'], model: 'qwen-plus' },
] as const

/**
 * The rules with the candidates that keys of known services bring by themselves, before those of the sandbox. A service
 * that the rules name already is left to them, so that another model, or weight 0, can be set there.
 */
export function bringCandidates(rules: FeatureRules, feature: string, keys: readonly Named[]): FeatureRules {
  const brought: Candidate[] = []
  for (const { vendor, service, features, model } of known) {
    if (!features.some((name) => name === feature)) continue
    const same = (one: Named) => one.vendor === vendor && one.service === service
    if (rules.candidates.some(same) || !keys.some(same)) continue
    brought.push({ vendor, service, model, tier: null, weight: WEIGHT })
  }
  if (brought.length === 0) return rules
  const sandbox = rules.candidates.findIndex((candidate) => candidate.vendor === 'sandbox')
  const place = sandbox === -1 ? rules.candidates.length : sandbox
  return { ...rules, candidates: rules.candidates.toSpliced(place, 0, ...brought) }
}
