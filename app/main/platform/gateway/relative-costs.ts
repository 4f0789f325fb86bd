import type { Choice } from '../../../shared/contracts/routing.ts'
import { costOf } from '../vendors/prices.ts'

/** About what a dollar is worth: only for comparing, never for a sum. */
const YUAN = 7
/** Of a usual request. */
const usual = { inputTokens: 1000, outputTokens: 1000, images: 1 }

/** By `<vendor>/<model>`; models without a known price are not in it. */
export function relativeCosts(choices: readonly Pick<Choice, 'vendor' | 'model'>[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>()
  for (const { vendor, model } of choices) {
    const { amount, currency, known } = costOf(vendor, model, usual)
    if (known) costs.set(`${vendor}/${model}`, currency === 'CNY' ? amount / YUAN : amount)
  }
  return costs
}
