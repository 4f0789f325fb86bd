import { expect, test } from 'vitest'
import { createEngine } from './engine.ts'
import {
  failed,
  START,
  sampleCandidate,
  sampleKey,
  sampleQuestion,
  sampleRules,
  seeded,
  succeeded,
} from './engine-samples.ts'
import type { CallEnd, EngineKey, Verdict } from './engine-types.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

const ids = (verdict: Verdict) => [verdict.selected, ...verdict.fallbacks].map((choice) => choice?.keyId)
const reasons = (verdict: Verdict) => verdict.rejected.map(({ keyId, reason, until }) => [keyId, reason, until])

function engineWith(keys: EngineKey[], models = ['m']) {
  const engine = createEngine()
  engine.setKeys(keys)
  const rules = sampleRules(models.map((model) => sampleCandidate(model)))
  engine.setFeatures([{ name: 'talk', revision: 1, rules }])
  return engine
}
type World = ReturnType<typeof engineWith>
const both = () => engineWith([sampleKey('main'), sampleKey('spare', { tier: 'backup' })])

/** A call of one key for one model, whatever the engine would choose. */
function callOf(engine: World, keyId: string, model: string, end: CallEnd, now: number): void {
  const { selected, fallbacks, rejected } = engine.ask(sampleQuestion({ model }), now)
  const choice = [selected, ...fallbacks].find((one) => one?.keyId === keyId)
  if (!choice) throw new Error(`${keyId} cannot be asked: ${JSON.stringify(rejected)}`)
  engine.end(engine.begin(choice, now, 0), end, now)
}
function breakMain(engine: World, now: number): void {
  for (let i = 0; i < 5; i++) callOf(engine, 'main', 'm', failed('vendor'), now)
}
/** Of a thousand requests, how many the key would get first. */
function shareOf(engine: World, keyId: string, now: number): number {
  const random = seeded(5)
  let count = 0
  for (let i = 0; i < 1000; i++) {
    if (engine.ask(sampleQuestion({ random: random() }), now).selected?.keyId === keyId) count++
  }
  return count / 1000
}

test('a breaker opens, lets one call try, takes longer each time, and gives the share back in steps', () => {
  const engine = both()
  breakMain(engine, START)
  const pauses: number[] = []
  let now = START
  for (let i = 0; i < 7; i++) {
    const { until } = engine.ask(sampleQuestion(), now).rejected[0]!
    pauses.push((until! - now) / SECOND)
    now = until!
    callOf(engine, 'main', 'm', failed('timeout'), now)
  }
  now = engine.ask(sampleQuestion(), now).rejected[0]!.until!
  const trial = engine.begin(engine.ask(sampleQuestion(), now).selected!, now, 0)
  const whileTrying = reasons(engine.ask(sampleQuestion(), now))
  engine.end(trial, succeeded(), now)
  const shares = [0, 29, 30, 59, 60].map((seconds) => shareOf(engine, 'main', now + seconds * SECOND))
  expect({ pauses, trial: trial.choice.keyId, whileTrying }).toEqual({
    pauses: [30, 60, 120, 240, 480, 600, 600],
    trial: 'main',
    whileTrying: [['main', 'breaker-open', null]],
  })
  const wanted = [0.1, 0.1, 0.5, 0.5, 1]
  for (const [i, share] of shares.entries()) expect(Math.abs(share - wanted[i]!)).toBeLessThan(0.05)
})

test('half of the last twenty failing opens too, from ten calls on', () => {
  const engine = both()
  const opened: number[] = []
  for (let i = 1; i <= 10; i++) {
    callOf(engine, 'main', 'm', i % 2 === 0 ? failed('connection') : succeeded(), START)
    if (engine.ask(sampleQuestion(), START).rejected.length > 0) opened.push(i)
  }
  expect(opened).toEqual([10])
})

test('a ramp holds nothing back where there is nobody else', () => {
  const engine = engineWith([sampleKey('main')])
  breakMain(engine, START)
  const now = START + 30 * SECOND
  callOf(engine, 'main', 'm', succeeded(), now)
  expect({ share: shareOf(engine, 'main', now), leastBad: engine.ask(sampleQuestion(), now).leastBad }).toEqual({
    share: 1,
    leastBad: false,
  })
})

test('a bad key does not take its model from the other keys, a bad model does not take the key from other models', () => {
  const twoKeys = engineWith([sampleKey('main'), sampleKey('spare')])
  breakMain(twoKeys, START)
  const oneKey = engineWith([sampleKey('main')], ['m', 'other'])
  for (let i = 0; i < 5; i++) {
    callOf(oneKey, 'main', 'other', succeeded(), START)
    callOf(oneKey, 'main', 'm', failed('garbage'), START)
  }
  const verdict = oneKey.ask(sampleQuestion(), START)
  expect({
    keys: ids(twoKeys.ask(sampleQuestion(), START)),
    models: [verdict.selected?.model, ...verdict.rejected.map(({ model, reason }) => `${model} ${reason}`)],
  }).toEqual({ keys: ['spare'], models: ['other', 'm breaker-open'] })
})

test('when all rest the one that wakes first is tried, one call at a time', () => {
  const engine = engineWith(
    ['later', 'sooner', 'off', 'bad', 'poor'].map((id) =>
      sampleKey(id, { enabled: id !== 'off', monthlyBudget: id === 'poor' ? 0 : null }),
    ),
  )
  callOf(engine, 'later', 'm', failed('rate-limit', 90_000), START)
  callOf(engine, 'sooner', 'm', failed('rate-limit', 60_000), START)
  callOf(engine, 'bad', 'm', failed('bad-key'), START)
  const first = engine.ask(sampleQuestion(), START)
  const ticket = engine.begin(first.selected!, START, 0)
  const second = engine.ask(sampleQuestion(), START)
  engine.begin(second.selected!, START, 0)
  const third = engine.ask(sampleQuestion(), START)
  engine.end(ticket, succeeded(), START)
  const woken = engine.ask(sampleQuestion(), START)
  expect([first, second, third, woken].map((one) => [one.selected?.keyId, one.leastBad, one.rejected.length])).toEqual([
    ['sooner', true, 4],
    ['later', true, 4],
    [undefined, false, 5],
    ['sooner', false, 4],
  ])
})

test('one that rests is tried once in half a minute, then whoever asks gets the rest of the pause', () => {
  const engine = engineWith([sampleKey('main')])
  const tried: number[] = []
  for (let second = 0; second < 95; second++) {
    const now = START + second * SECOND
    const { selected, leastBad, rejected } = engine.ask(sampleQuestion(), now)
    if (selected === null) {
      expect(rejected.map(({ reason, until }) => [reason, until! > now])).toEqual([['cooling', true]])
      continue
    }
    if (leastBad) tried.push(second)
    engine.end(engine.begin(selected, now, 0), failed('rate-limit', 40_000), now)
  }
  engine.reset(['main'])
  callOf(engine, 'main', 'm', failed('rate-limit', 40_000), START + 95 * SECOND)
  expect({ tried, afterReset: engine.ask(sampleQuestion(), START + 96 * SECOND).leastBad }).toEqual({
    tried: [1, 31, 61, 91],
    afterReset: true,
  })
})

test('limits of the operator hold for the least bad too', () => {
  const engine = engineWith([sampleKey('main', { rpm: 1 })])
  callOf(engine, 'main', 'm', failed('rate-limit', 10_000), START)
  expect(engine.ask(sampleQuestion(), START + SECOND).selected).toBeNull()
})

test('a clock that goes back neither benches for ever nor frees everything', () => {
  const engine = engineWith([
    sampleKey('cooling'),
    sampleKey('limited', { rpm: 1 }),
    sampleKey('fine', { tier: 'backup' }),
    sampleKey('spent'),
  ])
  callOf(engine, 'cooling', 'm', failed('rate-limit', 20_000), START)
  callOf(engine, 'limited', 'm', succeeded(), START)
  callOf(engine, 'spent', 'm', failed('quota'), START)
  const back = START - 40 * 24 * 3600 * SECOND
  const months = [Date.UTC(2026, 3, 1), Date.UTC(2026, 4, 1)]
  const seen = [back, back + 20 * SECOND, back + 61 * SECOND, months[0]! + MINUTE].map((now) =>
    reasons(engine.ask(sampleQuestion(), now)),
  )
  const limited = ['limited', 'rpm', back + 61 * SECOND]
  expect(seen).toEqual([
    [['cooling', 'cooling', back + 20 * SECOND], limited, ['spent', 'quota', months[0]]],
    [limited, ['spent', 'quota', months[0]]],
    [['spent', 'quota', months[0]]],
    [],
  ])
})

test('clocks that are read a little apart move nothing', () => {
  const engine = both()
  callOf(engine, 'main', 'm', failed('rate-limit', 20_000), START)
  for (let i = 0; i < 100; i++) engine.ask(sampleQuestion(), START - (i % 2) * 500)
  expect(reasons(engine.ask(sampleQuestion(), START))).toEqual([['main', 'cooling', START + 20_000]])
})

test('a restart decides the same, and what another clock kept is bounded', () => {
  const keys = ['a', 'b', 'c', 'd', 'e'].map((id) => sampleKey(id, { monthlyBudget: id === 'e' ? 5 : null }))
  const engine = engineWith(keys)
  for (let i = 0; i < 5; i++) callOf(engine, 'a', 'm', failed('cut'), START)
  callOf(engine, 'b', 'm', failed('rate-limit', 50_000), START)
  callOf(engine, 'c', 'm', failed('bad-key'), START)
  callOf(engine, 'e', 'm', succeeded({ cost: 5 }), START)
  const health = engine.health()
  expect(engine.health()).toEqual([])
  const restarted = createEngine()
  restarted.restore(JSON.parse(JSON.stringify(health)))
  restarted.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules([sampleCandidate('m')]) }])
  restarted.setKeys(keys)
  expect(restarted.ask(sampleQuestion(), START + 1)).toEqual(engine.ask(sampleQuestion(), START + 1))

  const other = createEngine()
  other.restore(health)
  other.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules([sampleCandidate('m')]) }])
  other.setKeys(keys)
  const early = START - 9 * 24 * 3600 * SECOND
  expect(reasons(other.ask(sampleQuestion(), early))).toEqual([
    ['a', 'breaker-open', early + 30 * SECOND],
    ['b', 'cooling', early + 24 * 3600 * SECOND],
    ['c', 'bad-key', null],
    ['e', 'budget', Date.UTC(2026, 5, 1)],
  ])
})

test('the state names every choice in the order of trying, with why not', () => {
  const engine = engineWith([sampleKey('main'), sampleKey('spare', { tier: 'backup' })])
  engine.setFeatures([
    {
      name: 'talk',
      revision: 1,
      rules: sampleRules([sampleCandidate('m'), sampleCandidate('x', { service: 'none' })]),
    },
  ])
  callOf(engine, 'main', 'm', failed('rate-limit', 20_000), START)
  const { choices, without } = engine.state('talk', START)
  expect({
    choices: choices.map(({ keyId, state, rejection, recentCalls }) => [keyId, state, rejection, recentCalls]),
    without: without.map(({ service }) => service),
  }).toEqual({
    choices: [
      ['main', { kind: 'cooling', until: START + 20_000 }, 'cooling', 0],
      ['spare', { kind: 'ready' }, null, 0],
    ],
    without: ['none'],
  })
})

test('a fallback is looked at again before it is asked', () => {
  const engine = engineWith([sampleKey('main'), sampleKey('spare', { tier: 'backup', concurrency: 1 })])
  const { fallbacks } = engine.ask(sampleQuestion(), START)
  const before = engine.obstacle(fallbacks[0]!, 0, START)
  engine.begin(fallbacks[0]!, START, 0)
  const during = engine.obstacle(fallbacks[0]!, 0, START)
  engine.setKeys([sampleKey('main')])
  expect([before, during, engine.obstacle(fallbacks[0]!, 0, START)]).toEqual([null, 'concurrency', 'no-key'])
})

test('a key that nobody asked yet is asked, though all others of its candidate failed; locking the vault tells nothing new', () => {
  const main = sampleKey('main')
  const engine = engineWith([main])
  const chosen = () => {
    const { selected, leastBad } = engine.ask(sampleQuestion(), START)
    return leastBad ? null : selected!.keyId
  }
  breakMain(engine, START)
  const seen = [chosen()]
  engine.setKeys([])
  engine.setKeys([main])
  seen.push(chosen())
  engine.setKeys([main, sampleKey('good')])
  seen.push(chosen())
  for (let i = 0; i < 5; i++) callOf(engine, 'good', 'm', failed('vendor'), START)
  seen.push(chosen())
  engine.setKeys([{ ...main, enabled: false }, sampleKey('good')])
  seen.push(chosen())
  engine.setKeys([{ ...main, enabled: false }, sampleKey('good', { endpoint: 'http://other.test/v1' })])
  seen.push(
    engine
      .state('talk', START)
      .choices.map(({ state }) => state.kind)
      .join(),
  )
  // Its own breaker stays; that of the candidate says nothing any more.
  expect(seen).toEqual([null, null, 'good', null, null, 'disabled,broken'])
})

test('of a budget calls under way hold what they may cost; one without a bound goes alone', () => {
  const engine = engineWith([sampleKey('main', { monthlyBudget: 100 })])
  const choice = engine.ask(sampleQuestion(), START).selected!
  const fits = (cost: number, bounded = true) => engine.fits(choice, { cost, bounded }, START)
  const seen = [fits(100), fits(101), fits(101, false)]
  const first = engine.begin(choice, START, 0, 60)
  seen.push(fits(40), fits(41), fits(41, false))
  engine.end(first, succeeded({ cost: 20 }), START)
  seen.push(fits(80), fits(81))
  const second = engine.begin(choice, START, 0, 500)
  engine.end(second, failed('vendor'), START)
  seen.push(fits(80))
  expect(seen).toEqual([...[true, false, true], ...[true, false, false], ...[true, false], true])
})

test('what a key took in its last minute is known after a restart', () => {
  const key = sampleKey('main', { rpm: 3, tpm: 100 })
  const before = engineWith([key])
  for (const second of [0, 20]) {
    const choice = before.ask(sampleQuestion({ tokens: 30 }), START + second * SECOND).selected!
    before.end(before.begin(choice, START + second * SECOND, 30), succeeded({ tokens: 30 }), START + second * SECOND)
  }
  const kept = JSON.parse(JSON.stringify(before.health()))
  const after = createEngine()
  after.restore(kept)
  after.setKeys([key])
  after.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules([sampleCandidate('m')]) }])
  const reasonAt = (second: number, tokens: number) =>
    after.ask(sampleQuestion({ tokens }), START + second * SECOND).rejected[0]?.reason ?? null
  const seen = [reasonAt(21, 40), reasonAt(21, 41), reasonAt(62, 41), reasonAt(62, 71), reasonAt(82, 100)]
  expect(seen).toEqual([null, 'tpm', null, 'tpm', null])
})

test('what a key took outlives a locked vault, and is no older than now for a clock that went back over a restart', () => {
  const key = sampleKey('main', { rpm: 1 })
  const engine = engineWith([key])
  engine.begin(engine.ask(sampleQuestion(), START).selected!, START, 0)
  engine.setKeys([])
  engine.setKeys([key])
  const reasonAt = (asked: typeof engine, at: number) => asked.ask(sampleQuestion(), at).rejected[0]?.reason ?? null
  expect([reasonAt(engine, START + SECOND), reasonAt(engine, START + 61 * SECOND)]).toEqual(['rpm', null])

  const hour = 3600 * SECOND
  const counts = [[Math.floor(START / SECOND), 1]] as const
  const after = createEngine()
  const before = engineWith([key])
  before.end(before.begin(before.ask(sampleQuestion(), START).selected!, START, 0), succeeded({}), START)
  const [kept] = before.health().filter(({ id }) => id === key.id)
  expect(kept!.minute).toEqual({ requests: counts, tokens: [] })
  after.restore([kept!])
  after.setKeys([key])
  after.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules([sampleCandidate('m')]) }])
  expect([reasonAt(after, START - hour), reasonAt(after, START - hour + 61 * SECOND)]).toEqual(['rpm', null])
})

test('another budget benches a key or frees it, and that is told, without any call', () => {
  const engine = engineWith([sampleKey('main', { monthlyBudget: 10 })])
  callOf(engine, 'main', 'm', succeeded({ cost: 10 }), START)
  const told = () => engine.health().flatMap(({ id, bench }) => (id === 'main' ? [bench?.reason ?? 'none'] : []))
  const seen = [told()]
  for (const monthlyBudget of [50, 50, 5]) {
    engine.setKeys([sampleKey('main', { monthlyBudget })])
    seen.push(told())
  }
  expect(seen).toEqual([['budget'], ['none'], [], ['budget']])
})

test.each([
  ['expired', { expiresAt: START - 1 }, null],
  ['refused by its vendor', {}, failed('bad-key')],
  ['out of budget', { monthlyBudget: 1 }, succeeded({ cost: 1 })],
])('a key that is %s does not keep a bad model from resting, so the good key goes on with others', (_, more, end) => {
  const engine = engineWith([sampleKey('main'), sampleKey('other', more)], ['bad', 'good'])
  callOf(engine, 'main', 'good', succeeded(), START)
  if (end) callOf(engine, 'other', 'good', end, START)
  for (let i = 0; i < 5; i++) callOf(engine, 'main', 'bad', failed('vendor'), START)
  expect(engine.ask(sampleQuestion({ model: 'good' }), START + 1).selected?.keyId).toBe('main')
})
