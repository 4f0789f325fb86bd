import { expect, test } from 'vitest'
import type { Decision } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Health } from '../../features/routing/engine/engine-types.ts'
import { memoryJournal } from '../test-world.ts'
import type { GatewayAsks, UseRecord } from './gateway-messages.ts'
import { createGatewayRecords, type GatewayMain } from './gateway-records.ts'

const use = (id: string): UseRecord => ({
  ...{ id, at: 1, feature: 'chat', model: 'm', keyId: 'k', vendor: 'sandbox', tokenId: 't1', statusCode: 200 },
  ...{ failed: false, inputTokens: 1, outputTokens: 1, images: 0, cost: 0, currency: 'USD' as const },
  ...{ durationMs: 1, firstTokenMs: null },
})
const health = (id: string, spent: number) => ({ id, spent }) as Health

test('a decision over a thousand candidates is kept with the first fifty, and how many more there were', () => {
  const main = { ask: async () => {}, tell: () => {} } as unknown as GatewayMain
  const journal = memoryJournal()
  const records = createGatewayRecords({ main, journal, health: () => [], minuteOf: () => null })
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
  const decisions = [
    { id: 'wide', feature: 'chat', fallbacks: numbers(60), rejected: numbers(1000) },
    { id: 'small', feature: 'chat', fallbacks: numbers(50), rejected: numbers(2) },
  ] as unknown as Decision[]
  for (const decision of decisions) records.decided(decision, null)
  expect(journal.entries().map(({ decision }) => JSON.parse(decision!.text))).toEqual([
    { ...decisions[0], fallbacks: numbers(50), rejected: numbers(50), fallbacksMore: 10, rejectedMore: 950 },
    decisions[1],
  ])
})

test('each use is written down as it ends; main hears that there is more, and again until it took it', async () => {
  const told: GatewayAsks['gatewayRecords']['input'][] = []
  let refusals = 2
  const main = {
    async ask(_name: string, input: GatewayAsks['gatewayRecords']['input']) {
      if (refusals-- > 0) throw new AppError('INTERNAL', { incident: 'x' })
      told.push(input)
    },
    tell: () => {},
  } as unknown as GatewayMain
  const journal = memoryJournal()
  let news = [health('k', 1)]
  const records = createGatewayRecords({ main, journal, health: () => news.splice(0), minuteOf: () => null })
  for (let i = 0; i < 1500; i++) records.used(use(String(i)), [])
  expect(new Set(journal.uses().map(({ id }) => id)).size).toBe(1500)
  records.failed('k', 1, 'rate-limit', 'slow down')
  records.failed('k', 2, 'quota', 'no more')
  await records.settle()
  news = [health('k', 2)]
  records.changed()
  await records.settle()
  records.used(use('last'), [])
  await records.settle()

  const failures = [{ keyId: 'k', at: 2, code: 'quota', message: 'no more' }]
  const tokensUsed = [{ id: 't1', at: 1, minute: null }]
  expect(told).toEqual([
    { health: [health('k', 1)], failures, tokensUsed },
    { health: [health('k', 2)], failures: [], tokensUsed: [] },
    { health: [], failures: [], tokensUsed },
  ])
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
  const records = createGatewayRecords({
    ...{ main, journal: memoryJournal() },
    ...{ health: () => news.splice(0), minuteOf: () => null },
  })
  records.changed()
  await second
  expect(told).toEqual([[health('k', 1)], [health('k', 0)]])
})

test('what was written is kept although ever more is written meanwhile', async () => {
  const journal = memoryJournal()
  let asked = 0
  const main = {
    async ask() {
      asked++
      records.used(use(`more ${asked}`), [])
    },
    tell: () => {},
  } as unknown as GatewayMain
  const records = createGatewayRecords({ main, journal, health: () => [], minuteOf: () => null })
  records.used(use('first'), [])
  await records.kept()
  expect(asked).toBe(1)
})
