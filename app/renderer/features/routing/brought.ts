import type { Candidate, Choice, FeatureRules } from '../../../shared/contracts/routing.ts'

/** Rules as they are tried: their own candidates, and those that keys of known services bring by themselves. */
export interface Tried {
  readonly rules: FeatureRules
  /** Those that no rule names; they stand for themselves until somebody changes them. */
  readonly brought: ReadonlySet<Candidate>
}

const place = ({ vendor, service }: Pick<Candidate, 'vendor' | 'service'>) => `${vendor} ${service}`

/** Adds what the router tries and the rules do not name, where the router does: before the sandbox. */
export function withBrought(
  rules: FeatureRules,
  choices: Iterable<Pick<Choice, 'vendor' | 'service' | 'model'>>,
): Tried {
  const named = new Set(rules.candidates.map(place))
  const brought = new Map<string, Candidate>()
  for (const choice of choices) {
    if (named.has(place(choice))) continue
    const { vendor, service, model } = choice
    brought.set(`${place(choice)} ${model}`, { vendor, service, model, tier: null, weight: 100 })
  }
  if (brought.size === 0) return { rules, brought: new Set() }
  const sandbox = rules.candidates.findIndex(({ vendor }) => vendor === 'sandbox')
  const at = sandbox < 0 ? rules.candidates.length : sandbox
  const candidates = rules.candidates.toSpliced(at, 0, ...brought.values())
  return { rules: { ...rules, candidates }, brought: new Set(brought.values()) }
}

/** Changed rules without what nobody touched: that comes by itself, so it is not written down. */
export const settled = (rules: FeatureRules, brought: ReadonlySet<Candidate>): FeatureRules => ({
  ...rules,
  candidates: rules.candidates.filter((candidate) => !brought.has(candidate)),
})
