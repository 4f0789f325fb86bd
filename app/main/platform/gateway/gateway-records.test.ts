import { expect, test } from 'vitest'
import type { Decision } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Health } from '../../features/routing/engine/engine-types.ts'
import type { GatewayAsks, UseRecord } from './gateway-messages.ts'
import { createGatewayRecords, type GatewayMain } from './gateway-records.ts'

const use = (id: string): UseRecord => ({
  ...{ id, at: 1, feature: 'chat', model: 'm', keyId: 'k', vendor: 'sandbox', tokenId: 't1', statusCode: 200 },
  ...{ failed: false, inputTokens: 1, outputTokens: 1, images: 0, cost: 0, currency: 'USD' as const },
  ...{ durationMs: 1, firstTokenMs: null },
})
const health = (id: string, spent: number) => ({ id, spent }) as Health

test('a decision over a thousand candidates is kept with the first fifty, and how many more there were', async () => {
  const kept: unknown[] = []
  const main = {
    ask: async (_name: string, { decisions }: GatewayAsks['gatewayRecords']['input']) => void kept.push(...decisions),
    tell: () => {},
  } as unknown as GatewayMain
  const records = createGatewayRecords({ main, health: () => [] })
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
  const decisions = [
    { id: 'wide', fallbacks: numbers(60), rejected: numbers(1000) },
    { id: 'small', fallbacks: numbers(50), rejected: numbers(2) },
  ] as unknown as Decision[]
  for (const decision of decisions) records.decided(decision, null)
  await records.settle()
  expect(kept).toEqual([
    {
      decision: { id: 'wide', fallbacks: numbers(50), rejected: numbers(50), fallbacksMore: 10, rejectedMore: 950 },
      outcome: null,
    },
    { decision: { id: 'small', fallbacks: numbers(50), rejected: numbers(2) }, outcome: null },
  ])
})

test('each use is told once, in batches, also when main does not take one at first', async () => {
  const told: GatewayAsks['gatewayRecords']['input'][] = []
  let refusals = 2
  const main = {
    async ask(_name: string, input: GatewayAsks['gatewayRecords']['input']) {
      if (refusals-- > 0) throw new AppError('INTERNAL', { incident: 'x' })
      told.push(input)
    },
    tell: () => {},
  } as unknown as GatewayMain
  let news = [health('k', 1)]
  const records = createGatewayRecords({ main, health: () => news.splice(0) })
  for (let i = 0; i < 1500; i++) records.use(use(String(i)))
  records.failed('k', 1, 'rate-limit', 'slow down')
  records.failed('k', 2, 'quota', 'no more')
  await records.settle()
  news = [health('k', 2)]
  records.changed()
  await records.settle()

  expect(told.map((batch) => [batch.uses.length, batch.failures, batch.tokensUsed, batch.health])).toEqual([
    [1000, [{ keyId: 'k', at: 2, code: 'quota', message: 'no more' }], [{ id: 't1', at: 1 }], [health('k', 1)]],
    [500, [], [], []],
    [0, [], [], [health('k', 2)]],
  ])
  expect(new Set(told.flatMap((batch) => batch.uses.map(({ id }) => id))).size).toBe(1500)
})

test('what changes while a batch is under way is told with the next', async () => {
  const told: Health[][] = []
  let news = [health('k', 1)]
  let resolve = () => {}
  const second = new Promise<void>((done) => {
    resolve = done
  })
  const main = {
    async ask(_name: string, input: GatewayAsks['gatewayRecords']['input']) {
      told.push([...input.health])
      await Promise.resolve()
      if (told.length === 2) return resolve()
      news = [health('k', 0)]
      records.changed()
    },
    tell: () => {},
  } as unknown as GatewayMain
  const records = createGatewayRecords({ main, health: () => news.splice(0) })
  records.changed()
  await second
  expect(told).toEqual([[health('k', 1)], [health('k', 0)]])
})
