import { describe, expect, test } from 'vitest'
import type { FeatureRules } from '../../../../shared/contracts/routing.ts'
import { createEngine } from './engine.ts'
import {
  failed,
  request,
  START,
  sampleCandidate,
  sampleKey,
  sampleQuestion,
  sampleRules,
  seeded,
  succeeded,
} from './engine-samples.ts'
import type { EngineKey, Verdict } from './engine-types.ts'

const SECOND = 1000
const ids = (verdict: Verdict) => [verdict.selected, ...verdict.fallbacks].map((choice) => choice?.keyId)
const reasons = (verdict: Verdict) => verdict.rejected.map(({ keyId, reason, until }) => [keyId, reason, until])

function engineWith(keys: EngineKey[], rules: FeatureRules = sampleRules([sampleCandidate('m')])) {
  const engine = createEngine()
  engine.setKeys(keys)
  engine.setFeatures([{ name: 'talk', revision: 7, rules }])
  return engine
}

describe('who is asked', () => {
  test('tier goes before anything else: primary, backup, then the others as listed', () => {
    const engine = engineWith([
      sampleKey('night', { tier: 'night' }),
      sampleKey('spare', { tier: 'backup' }),
      sampleKey('day', { tier: 'day' }),
      sampleKey('main'),
    ])
    expect(engine.ask(sampleQuestion(), START)).toEqual({
      feature: 'talk',
      revision: 7,
      strategy: 'weighted',
      selected: {
        vendor: 'openai-compatible',
        service: 'local',
        model: 'm',
        keyId: 'main',
        keyName: 'main',
        tier: 'primary',
        endpoint: 'http://vendor.test/v1',
      },
      fallbacks: [
        expect.objectContaining({ keyId: 'spare' }),
        expect.objectContaining({ keyId: 'night' }),
        expect.objectContaining({ keyId: 'day' }),
      ],
      rejected: [],
      leastBad: false,
    })
  })

  test('weights hold within 3 % over 20,000 requests', () => {
    const engine = engineWith([
      sampleKey('a', { weight: 1 }),
      sampleKey('b', { weight: 3 }),
      sampleKey('c', { weight: 6 }),
    ])
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 }
    const random = seeded(1)
    for (let i = 0; i < 20_000; i++) counts[request(engine, START, succeeded(), { random: random() })!]!++
    for (const [id, share] of [
      ['a', 0.1],
      ['b', 0.3],
      ['c', 0.6],
    ] as const) {
      expect(Math.abs(counts[id]! / 20_000 - share)).toBeLessThan(0.03 * share + 0.003)
    }
  })

  test('round robin goes on with calls, not with questions, and over changes of keys', () => {
    const keys = ['a', 'b', 'c'].map((id) => sampleKey(id))
    const engine = engineWith(keys, sampleRules([sampleCandidate('m')], { strategy: 'round_robin' }))
    const seen = [ids(engine.ask(sampleQuestion(), START)), ids(engine.ask(sampleQuestion(), START))]
    expect(seen).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    const asked = [1, 2].map(() => request(engine, START, succeeded()))
    engine.setKeys(keys)
    asked.push(...[1, 2].map(() => request(engine, START, succeeded())))
    expect(asked).toEqual(['a', 'b', 'c', 'a'])
  })

  test('least latency, least busy and lowest cost compare what they say', () => {
    const keys = ['a', 'b', 'c'].map((id) => sampleKey(id))
    const rules = (strategy: FeatureRules['strategy']) => sampleRules([sampleCandidate('m')], { strategy })
    const engine = engineWith(keys, rules('round_robin'))
    const durations = [300, 100, 200]
    for (const durationMs of durations) request(engine, START, succeeded({ durationMs }))
    const latency = ids(engine.askDraft(sampleQuestion(), rules('least_latency'), START))

    const ticket = engine.begin(engine.ask(sampleQuestion(), START).selected!, START, 0)
    const whileBusy = ids(engine.askDraft(sampleQuestion(), rules('least_busy'), START))
    engine.end(ticket, succeeded(), START)

    engine.setPrices(
      new Map([
        ['openai-compatible/cheap', 1],
        ['openai-compatible/dear', 9],
      ]),
    )
    const priced = sampleRules(
      ['unknown', 'dear', 'cheap'].map((model) => sampleCandidate(model)),
      {
        strategy: 'lowest_cost',
      },
    )
    engine.setKeys([keys[0]!])
    const { selected, fallbacks } = engine.askDraft(sampleQuestion(), priced, START)
    expect({ latency, whileBusy, cost: [selected, ...fallbacks].map((choice) => choice?.model) }).toEqual({
      latency: ['b', 'c', 'a'],
      whileBusy: ['b', 'c', 'a'],
      cost: ['cheap', 'dear', 'unknown'],
    })
  })

  test('every reason that stands in the way is told, with its end', () => {
    const soon = START + 1
    const engine = engineWith(
      [
        sampleKey('off', { enabled: false }),
        sampleKey('old', { expiresAt: START }),
        sampleKey('poor', { monthlyBudget: 0 }),
        sampleKey('slow', { rpm: 1 }),
        sampleKey('small', { tpm: 100 }),
        sampleKey('narrow', { concurrency: 1 }),
        sampleKey('fine'),
        sampleKey('nil', { service: 'drained' }),
      ],
      sampleRules([
        sampleCandidate('m'),
        sampleCandidate('z', { service: 'drained', weight: 0 }),
        sampleCandidate('x', { service: 'nobody' }),
      ]),
    )
    for (const keyId of ['slow', 'narrow']) {
      const { fallbacks, selected } = engine.ask(sampleQuestion(), START)
      engine.begin([selected!, ...fallbacks].find((choice) => choice.keyId === keyId)!, START, 0)
    }
    const month = Date.UTC(2026, 5, 1)
    const verdict = engine.ask(sampleQuestion({ tokens: 101 }), soon)
    expect({ ids: ids(verdict), reasons: reasons(verdict) }).toEqual({
      ids: ['fine'],
      reasons: [
        [null, 'no-key', null],
        ['off', 'disabled', null],
        ['old', 'expired', null],
        ['poor', 'budget', month],
        ['slow', 'rpm', START + 61 * SECOND],
        ['small', 'tpm', null],
        ['narrow', 'concurrency', null],
        ['nil', 'weight-zero', null],
      ],
    })
    expect(reasons(engine.ask(sampleQuestion({ model: 'M', models: ['other'] }), soon))).toContainEqual([
      'fine',
      'out-of-scope',
      null,
    ])
    expect(reasons(engine.ask(sampleQuestion({ model: 'other' }), soon))).toContainEqual([
      'fine',
      'model-mismatch',
      null,
    ])
    expect(() => engine.ask(sampleQuestion({ feature: 'nothing' }), soon)).toThrow('There is no feature nothing.')
  })
})

describe('what a failure means', () => {
  const two = () => engineWith([sampleKey('main'), sampleKey('spare', { tier: 'backup' })])
  const month = Date.UTC(2026, 5, 1)

  test('a bad key waits for a reset, a spent quota for the next month', () => {
    const engine = two()
    request(engine, START, failed('bad-key'))
    const bad = reasons(engine.ask(sampleQuestion(), START + 90 * 24 * 3600 * SECOND))
    engine.reset(['main'])
    const after = START + 90 * 24 * 3600 * SECOND
    const reset = ids(engine.ask(sampleQuestion(), after))
    expect({ bad, reset }).toEqual({ bad: [['main', 'bad-key', null]], reset: ['main', 'spare'] })

    const other = two()
    request(other, START, failed('quota'))
    expect([reasons(other.ask(sampleQuestion(), month - 1)), reasons(other.ask(sampleQuestion(), month))]).toEqual([
      [['main', 'quota', month]],
      [],
    ])
  })

  test('a pause lasts as long as the vendor asks, or 5 s and twice that each time, up to a minute', () => {
    const engine = two()
    request(engine, START, failed('rate-limit', 7_000))
    const asked = reasons(engine.ask(sampleQuestion(), START + 6_999))
    let now = START + 7_000
    request(engine, now, succeeded())
    const pauses = []
    for (let i = 0; i < 6; i++) {
      request(engine, now, failed('rate-limit'))
      const until = engine.ask(sampleQuestion(), now).rejected[0]!.until!
      pauses.push((until - now) / SECOND)
      now = until
    }
    expect({ asked, pauses }).toEqual({
      asked: [['main', 'cooling', START + 7_000]],
      pauses: [5, 10, 20, 40, 60, 60],
    })
  })

  test('calls that are refused together make one pause', () => {
    const engine = two()
    const { selected } = engine.ask(sampleQuestion(), START)
    const tickets = [1, 2, 3, 4].map(() => engine.begin(selected!, START, 0))
    for (const ticket of tickets) engine.end(ticket, failed('rate-limit'), START + 1)
    expect(reasons(engine.ask(sampleQuestion(), START + 1))).toEqual([['main', 'cooling', START + 5_001]])
  })

  test('a budget is spent to the last unit and comes back with the month, a ticket counts once', () => {
    const engine = engineWith([sampleKey('main', { monthlyBudget: 1_000_000 }), sampleKey('spare', { tier: 'backup' })])
    const { selected } = engine.ask(sampleQuestion(), START)
    const ticket = engine.begin(selected!, START, 0)
    engine.end(ticket, succeeded({ cost: 999_999 }), START)
    engine.end(ticket, succeeded({ cost: 999_999 }), START)
    const seen = [ids(engine.ask(sampleQuestion(), START))]
    request(engine, START, succeeded({ cost: 1 }))
    seen.push(ids(engine.ask(sampleQuestion(), START)))
    const health = engine.health().find(({ id }) => id === 'main')
    seen.push(ids(engine.ask(sampleQuestion(), month)))
    // A clock that was a month ahead for a moment frees nothing.
    seen.push(ids(engine.ask(sampleQuestion(), START)))
    expect({ seen, spent: health?.spent, bench: health?.bench }).toEqual({
      seen: [['main', 'spare'], ['spare'], ['main', 'spare'], ['spare']],
      spent: 1_000_000,
      bench: { reason: 'budget', at: START, until: month },
    })
  })

  test('the fault of the caller says nothing of the key', () => {
    const engine = two()
    for (let i = 0; i < 30; i++) request(engine, START, failed('caller'))
    expect(ids(engine.ask(sampleQuestion(), START))).toEqual(['main', 'spare'])
  })

  test('tokens are estimated, corrected, and counted over a sliding minute', () => {
    const engine = engineWith([sampleKey('main', { tpm: 1000 })])
    request(engine, START, succeeded({ tokens: 400 }), { tokens: 900 })
    const fits = ids(engine.ask(sampleQuestion({ tokens: 600 }), START + SECOND))
    const tooMany = reasons(engine.ask(sampleQuestion({ tokens: 601 }), START + SECOND))
    const later = ids(engine.ask(sampleQuestion({ tokens: 601 }), START + 61 * SECOND))
    expect({ fits, tooMany, later }).toEqual({
      fits: ['main'],
      tooMany: [['main', 'tpm', START + 61 * SECOND]],
      later: ['main'],
    })
  })
})
