import type { Currency, Vendor } from '../../../shared/contracts/keys.ts'
import type { Use } from './vendor.ts'

// List prices of standard calls in the vendor's first price step, as copies of their pages and notes of 2026-08 to 2026-11
// tell them: without the discounts of caches and batches and without the surcharge on very long inputs. The vendor's bill is
// the truth; this is for budgets and charts.

/** In the vendor's currency, for a million tokens and for one image. */
interface Price {
  readonly input?: number
  readonly output?: number
  readonly image?: number
}

const currencies: Readonly<Record<Vendor, Currency>> = {
  openai: 'USD',
  aliyun: 'CNY',
  'openai-compatible': 'USD',
  sandbox: 'USD',
}

const openai: Readonly<Record<string, Price>> = {
  'gpt-6.2-sol': { input: 2, output: 10 },
  'gpt-6.1-sol': { input: 2, output: 10 },
  'gpt-6.1-terra': { input: 1, output: 5 },
  'gpt-6-astra': { input: 10, output: 50 },
  'gpt-6-sol': { input: 2, output: 10 },
  'gpt-6-luna': { input: 0.1, output: 0.5 },
  'gpt-5.6-sol': { input: 4, output: 20 },
  'gpt-5.6-terra': { input: 2, output: 12 },
  'gpt-5.6-luna': { input: 0.2, output: 1.2 },
  'gpt-5.4-mini': { input: 0.75, output: 4.5 },
  'gpt-5.2': { input: 1.75, output: 14 },
  'gpt-5.1': { input: 1.25, output: 10 },
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  // Images are billed by the tokens that they are made of, which the answer counts.
  'gpt-image-2.6-sunburst': { input: 5, output: 30 },
  'text-embedding-3-small': { input: 0.02 },
  'text-embedding-3-large': { input: 0.13 },
}
/** Of the region Beijing, by the vendor's pages of prices of 2026-08 and 2026-09. */
const aliyun: Readonly<Record<string, Price>> = {
  'qwen3.8-max': { input: 12, output: 36 },
  'qwen3.7-max': { input: 12, output: 36 },
  'qwen3.7-plus': { input: 2, output: 8 },
  'qwen3.7-flash': { input: 0.2, output: 0.8 },
  'qwen3.6-plus': { input: 2, output: 12 },
  'qwen3.6-flash': { input: 1.2, output: 7.2 },
  'qwen3.5-plus': { input: 0.8, output: 4.8 },
  'qwen3.5-flash': { input: 0.2, output: 2 },
  'qwen3-max': { input: 2.5, output: 10 },
  // These two are dearer than what came of them.
  'qwen3-max-2025-09-23': { input: 6, output: 24 },
  'qwen3-max-preview': { input: 6, output: 24 },
  'qwen-max': { input: 2.4, output: 9.6 },
  'qwen-plus': { input: 0.8, output: 2 },
  'qwen-flash': { input: 0.15, output: 1.5 },
  'qwen-turbo': { input: 0.3, output: 0.6 },
  'qwen-long': { input: 0.5, output: 2 },
  'qwen-image-3.0': { image: 0.18 },
  'qwen-image-2.0-pro': { image: 0.5 },
  'qwen-image-2.0': { image: 0.2 },
  'qwen-image-max': { image: 0.5 },
  'qwen-image-plus': { image: 0.2 },
  'qwen-image': { image: 0.25 },
  'wan2.7-image-pro': { image: 0.5 },
  'wan2.7-image': { image: 0.2 },
  'wan2.6-image': { image: 0.2 },
  'wan2.6-t2i': { image: 0.2 },
  'wan2.5-t2i-preview': { image: 0.2 },
  'wan2.2-t2i-plus': { image: 0.2 },
  'wan2.2-t2i-flash': { image: 0.14 },
  'wanx2.1-t2i-plus': { image: 0.2 },
  'wanx2.1-t2i-turbo': { image: 0.14 },
  'wanx2.0-t2i-turbo': { image: 0.04 },
  'wanx-v1': { image: 0.16 },
  'text-embedding-v4': { input: 0.5 },
  'text-embedding-v3': { input: 0.5 },
  'text-embedding-v2': { input: 0.7 },
  'text-embedding-v1': { input: 0.7 },
  'qwen3-rerank': { input: 0.5 },
  'gte-rerank-v2': { input: 0.8 },
}
const tables: Readonly<Partial<Record<Vendor, Readonly<Record<string, Price>>>>> = { openai, aliyun }

export interface Cost {
  /** Millionths of the currency, whole. */
  readonly amount: number
  readonly currency: Currency
  /** False where the table does not know the model: the amount is 0 then. */
  readonly known: boolean
}

/** What a call costs by the table. A model of a server of one's own has no price; the sandbox is free. */
export function costOf(vendor: Vendor, model: string, use: Use): Cost {
  const currency = currencies[vendor]
  if (vendor === 'sandbox') return { amount: 0, currency, known: true }
  const price = priceOf(vendor, model)
  if (price === null) return { amount: 0, currency, known: false }
  // A price for a million tokens is the price of one in millionths.
  const tokens = use.inputTokens * (price.input ?? 0) + use.outputTokens * (price.output ?? 0)
  // Rounded up, so that many small calls never cost nothing together.
  return { amount: Math.ceil(round(tokens + use.images * (price.image ?? 0) * 1e6)), currency, known: true }
}
/** Floating point says 3.0000000000000004: that is 3. */
const round = (amount: number): number => Math.round(amount * 1e6) / 1e6

/** Dated snapshots (`gpt-4.1-2025-04-14`, `qwen-plus-0112`) and `-latest` without a line cost what the model costs. */
function priceOf(vendor: Vendor, model: string): Price | null {
  const table = tables[vendor]
  if (!table) return null
  const name = model.toLowerCase()
  const plain = name.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{4}|latest)$/, '')
  for (const one of [name, plain]) if (Object.hasOwn(table, one)) return table[one] ?? null
  return null
}
