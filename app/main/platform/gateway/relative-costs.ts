import type { Choice } from '../../../shared/contracts/routing.ts'
import { askedOf } from '../../features/routing/engine/model-mapping.ts'
import { priceId } from '../../features/routing/engine/plan.ts'
import { costOf } from '../vendors/prices.ts'

/** About what a dollar is worth: only for comparing, never for a sum. */
const YUAN = 7
/** Of a usual request. */
const usual = { inputTokens: 1000, outputTokens: 1000, images: 1 }

/** By `<vendor>/<model>`, as the vendor names it; models without a known price are not in it. */
export function relativeCosts(
  choices: readonly Pick<Choice, 'vendor' | 'model' | 'vendorModel'>[],
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>()
  for (const choice of choices) {
    const { amount, currency, known } = costOf(choice.vendor, askedOf(choice), usual)
    if (known) costs.set(priceId(choice), currency === 'CNY' ? amount / YUAN : amount)
  }
  return costs
}
