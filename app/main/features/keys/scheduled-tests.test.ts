import { expect, onTestFinished, test, vi } from 'vitest'
import type { StoredUse } from './key-use.ts'
import { me, openKeys } from './test-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const pace = { lookMs: 1, gapMs: 1 }

test('every key in use is tested so often after its last test, and one that no longer works is told of', async () => {
  let now = Date.UTC(2026, 0, 1)
  let choose: (hours: number | null) => void = () => {}
  const world = await openKeys({
    clock: () => now,
    testPace: pace,
    testHours(listener) {
      choose = listener
      listener(null)
      return () => {}
    },
  })
  const id = await world.add({ name: 'Main' })
  const spare = await world.add({ name: 'Spare', secret: 'sk-test-spare-0123' })
  await world.handlers.remove({ ids: ['sandbox'] }, me)
  await world.handlers.disable({ ids: [spare], reason: 'spare' }, me)
  const passed = world.state.answer
  const failed = {
    ...{ ok: false, statusCode: 401, models: null },
    failure: { code: 'VENDOR_FAILED', details: { reason: 'invalid key sk-test-0123456789' } },
  } as const
  const answer = (change: object) => {
    world.state.answer = { ...passed, at: now, ...change }
  }
  const tested = async (times: number) => {
    await vi.waitFor(() => expect(world.asked).toHaveLength(times))
    await vi.waitFor(() => expect(world.key(id).lastTest?.at).toBe(now))
  }

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  /** Time enough to look several times. */
  const looks = () => vi.advanceTimersByTimeAsync(10 * pace.lookMs)

  answer({})
  choose(6)
  await tested(1)
  now += 5.9 * HOUR
  answer(failed)
  // Not yet: a change elsewhere makes it look, and it finds nothing due.
  choose(7)
  await looks()
  const early = world.asked.length
  now += 2 * HOUR
  answer(failed)
  await tested(2)
  const once = [...world.notices]
  now += 8 * HOUR
  answer(failed)
  await tested(3)
  choose(null)
  now += 100 * HOUR
  await looks()

  expect({
    early,
    once,
    all: world.notices,
    asked: world.asked.length,
    spare: world.key(spare).lastTest,
    audited: world
      .audited()
      .filter(({ action }) => action === 'key.test')
      .map(({ actor }) => actor),
  }).toEqual({
    early: 1,
    once: ['KEY_TEST_FAILED Main openai invalid key ***'],
    all: ['KEY_TEST_FAILED Main openai invalid key ***'],
    asked: 3,
    spare: null,
    audited: ['console', 'console', 'console'],
  })
})

test('models that came and went are told, and a balance is kept with the day on which it ends', async () => {
  const now = Date.UTC(2026, 0, 10)
  const used: StoredUse[] = []
  const world = await openKeys({ clock: () => now, loadUse: (since) => used.filter(({ hour }) => hour >= since) })
  const id = await world.add({ vendor: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' })
  const passed = world.state.answer
  const testWith = async (change: object) => {
    world.state.answer = { ...passed, at: now, ...change }
    await world.handlers.test({ id }, me)
    return world.key(id).balance
  }
  const balance = { amount: 30_000_000, currency: 'USD' }
  const none = await testWith({ models: ['a', 'B'] })
  const unused = await testWith({ models: ['b', 'A'], balance })
  // 14 units in the last week, and more before, which do not count.
  for (const [days, cost] of [
    [6.9, 7_000_000],
    [1, 7_000_000],
    [20, 900_000_000],
  ] as const)
    used.push({
      keyId: id,
      hour: now - days * DAY,
      requests: 1,
      errors: 0,
      inputTokens: 0,
      outputTokens: 0,
      cost,
      unpriced: 0,
    })
  used.push({ ...used[0]!, keyId: 'another' })
  const forecast = await testWith({ models: ['a', 'c'], balance })
  const low = await testWith({ models: ['a', 'c'], balance: { ...balance, amount: 5_000_000 } })
  const other = await testWith({ models: ['a', 'c'], balance: { ...balance, currency: 'CNY' } })
  const retiring = [{ model: 'a', on: '2026-12-11' }]
  for (let i = 0; i < 2; i++) await testWith({ models: ['a', 'c'], balance: { ...balance, currency: 'CNY' }, retiring })
  const failed = await testWith({ ok: false, models: null })
  await world.close()
  const kept = (await openKeys({ folder: world.folder })).key(id).balance

  expect({ none, unused, forecast, low, other, failed, kept, notices: world.notices }).toEqual({
    none: null,
    unused: { ...balance, at: now, runsOutAt: null },
    forecast: { ...balance, at: now, runsOutAt: Math.round(now + (30 / (14 / 6.9)) * DAY) },
    low: { amount: 5_000_000, currency: 'USD', at: now, runsOutAt: Math.round(now + (5 / (14 / 6.9)) * DAY) },
    other: { amount: 30_000_000, currency: 'CNY', at: now, runsOutAt: null },
    failed: other,
    kept: other,
    notices: [
      'KEY_MODELS_ADDED Main openai-compatible c',
      'KEY_MODELS_GONE Main openai-compatible b',
      'KEY_BALANCE_LOW Main openai-compatible 2',
      // Once: the second list told nothing new.
      'KEY_MODELS_RETIRING Main openai-compatible a 2026-12-11',
    ],
  })
})
