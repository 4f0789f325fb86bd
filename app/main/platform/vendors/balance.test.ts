import { expect, onTestFinished, test } from 'vitest'
import type { Vendor } from '../../../shared/contracts/keys.ts'
import type { Json } from '../../features/plugins/packages/package-types.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import { askBalance } from './balance.ts'

const now = Date.UTC(2026, 0, 2)

test('a balance is read where a vendor tells it, and asked for only where one may', async () => {
  const asked: string[] = []
  const ask = async (vendor: Vendor, baseUrl: string, answers: Readonly<Record<string, Json>>) =>
    await askBalance(
      vendor,
      { baseUrl, secret: 'sk-test' },
      async ({ url, headers }) => {
        asked.push(`${headers['authorization']} ${url}`)
        return Object.entries(answers).find(([path]) => url.includes(path))?.[1]
      },
      now,
    )
  const billed = (limit: Json, used: Json) => ({
    'billing/subscription': { hard_limit_usd: limit },
    'billing/usage': { total_usage: used },
  })
  const other = 'http://one.test/v1'

  expect([
    await ask('openai', 'https://a.test/v1', {}),
    await ask('aliyun', 'https://a.test', {}),
    await ask('sandbox', 'http://s.test', { '/v1/balance': { balance: '12.5', currency: 'USD' } }),
    await ask('openai-compatible', 'http://deep.test', {
      '/user/balance': {
        balance_infos: [
          { currency: 'EUR', total_balance: '1' },
          { currency: 'CNY', total_balance: '110.07' },
        ],
      },
    }),
    await ask('openai-compatible', other, billed(20, 1234.5)),
    await ask('openai-compatible', other, billed(100_000_000, 0)),
    await ask('openai-compatible', other, billed('much', 0)),
    await ask('openai-compatible', other, { '/user/balance': [null], 'billing/usage': 'no' }),
    asked.slice(0, 4),
  ]).toEqual([
    null,
    null,
    { amount: 12_500_000, currency: 'USD' },
    { amount: 110_070_000, currency: 'CNY' },
    { amount: 7_655_000, currency: 'USD' },
    null,
    null,
    null,
    [
      'Bearer sk-test http://s.test/v1/balance',
      'Bearer sk-test http://deep.test/user/balance',
      'Bearer sk-test http://one.test/user/balance',
      'Bearer sk-test http://one.test/v1/dashboard/billing/subscription',
    ],
  ])
})

test('the sandbox tells its own over HTTP', async () => {
  const sandbox = createSandbox()
  onTestFinished(sandbox.close)
  const { url: baseUrl } = await sandbox.listen()
  const ask = async ({ url, headers }: { url: string; headers: Readonly<Record<string, string>> }) => {
    const response = await fetch(url, { headers })
    return response.ok ? ((await response.json()) as Json) : undefined
  }

  expect([
    await askBalance('sandbox', { baseUrl, secret: 'sandbox' }, ask, now),
    await askBalance('sandbox', { baseUrl, secret: 'sk-test-fail-401' }, ask, now),
  ]).toEqual([{ amount: 100_000_000, currency: 'USD' }, null])
})
