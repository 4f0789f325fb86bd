import { expect, test } from 'vitest'
import type { FeatureRules } from '../../../shared/contracts/routing.ts'
import { bringCandidates } from '../../features/routing/engine/bring-candidates.ts'
import { countInputTokens, countTokens } from './count-tokens.ts'
import { costOf } from './prices.ts'

const use = (inputTokens: number, outputTokens = 0, images = 0) => ({ inputTokens, outputTokens, images })

test('what a call costs, in whole millionths', () => {
  expect([
    costOf('openai', 'gpt-4.1', use(1000, 500)),
    costOf('openai', 'GPT-4.1-2025-04-14', use(1000, 500)),
    costOf('openai', 'text-embedding-3-small', use(10)),
    costOf('aliyun', 'qwen-plus-latest', use(1_000_000, 1_000_000)),
    costOf('aliyun', 'qwen3-max-2026-01-23', use(1_000_000, 1_000_000)),
    costOf('aliyun', 'qwen3-max-2025-09-23', use(1_000_000, 1_000_000)),
    costOf('aliyun', 'qwen-image-2.0', use(0, 0, 3)),
    costOf('aliyun', 'qwen3-rerank', use(10)),
    costOf('openai', 'gpt-99', use(1000)),
    costOf('openai', 'constructor', use(1000)),
    costOf('openai-compatible', 'gpt-4.1', use(1000)),
    costOf('sandbox', 'sandbox-chat', use(1000)),
  ]).toEqual([
    { amount: 6000, currency: 'USD', known: true },
    { amount: 6000, currency: 'USD', known: true },
    { amount: 1, currency: 'USD', known: true },
    { amount: 2_800_000, currency: 'CNY', known: true },
    { amount: 12_500_000, currency: 'CNY', known: true },
    { amount: 30_000_000, currency: 'CNY', known: true },
    { amount: 600_000, currency: 'CNY', known: true },
    { amount: 5, currency: 'CNY', known: true },
    { amount: 0, currency: 'USD', known: false },
    { amount: 0, currency: 'USD', known: false },
    { amount: 0, currency: 'USD', known: false },
    { amount: 0, currency: 'USD', known: true },
  ])
})

test('every model that keys bring by themselves has a price', () => {
  const keys = [
    { vendor: 'openai', service: 'dalle' },
    { vendor: 'openai', service: 'gpt-4' },
    { vendor: 'aliyun', service: 'wanx' },
    { vendor: 'aliyun', service: 'qwen' },
  ] as const
  const empty: FeatureRules = { description: '', strategy: 'weighted', candidates: [] }
  const brought = ['chat', 'text_to_image'].flatMap((feature) => bringCandidates(empty, feature, keys).candidates)
  expect(brought.map(({ vendor, model }) => [vendor, costOf(vendor, model, use(1000, 1000, 1))])).toEqual([
    ['openai', { amount: 600, currency: 'USD', known: true }],
    ['aliyun', { amount: 2800, currency: 'CNY', known: true }],
    ['openai', { amount: 35_000, currency: 'USD', known: true }],
    ['aliyun', { amount: 140_000, currency: 'CNY', known: true }],
  ])
})

test('tokens are guessed from what is written, and bounded', () => {
  let deep: unknown = 'x'
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  expect([
    countInputTokens({ input: 'abcdefgh' }),
    countInputTokens({ input: '你好世界' }),
    countInputTokens({ input: [1, 2, 3] }),
    countInputTokens({ model: 'gpt-4.1', temperature: 1 }),
    countInputTokens({ input: 'a'.repeat(4_000_000) }),
    countInputTokens({ input: deep }),
    countTokens({ input: 'abcd', max_tokens: 100 }),
    countTokens({ input: 'abcd', max_tokens: -3 }),
    countInputTokens({
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(9e6)}` } }],
        },
      ],
    }) < 1000,
  ]).toEqual([2, 4, 3, 1, 1_000_000, 1, 101, 1, true])
})
