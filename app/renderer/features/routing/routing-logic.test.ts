import { expect, test } from 'vitest'
import type { Key, KeyState } from '../../../shared/contracts/keys.ts'
import { type Candidate, type Feature, Rejection, type RouteState } from '../../../shared/contracts/routing.ts'
import { textIn } from '../../i18n/text.ts'
import { settled, withBrought } from './brought.ts'
import { conditionOf, countUnserved } from './feature-condition.ts'
import { arrange, type Column } from './picture/arrange.ts'
import { applyFeatures, type RouteKey, type RoutingState, routeKeysSelector } from './routing-store.ts'
import { rejectionSentence, stateWords } from './routing-words.ts'
import { place, removeCandidate, rulesOf, sameRules, step } from './rules-edit.ts'
import { diffLines, hunks, linesOf } from './rules-lines.ts'

const candidate = (model: string, more: Partial<Candidate> = {}): Candidate => ({
  vendor: 'openai',
  service: 'gpt-4',
  model,
  tier: null,
  weight: 10,
  ...more,
})
const feature = (name: string, candidates: Candidate[], more: Partial<Feature> = {}): Feature => ({
  name,
  description: '',
  strategy: 'weighted',
  candidates,
  revision: 1,
  seeded: true,
  updatedAt: 0,
  updatedBy: 'console',
  ...more,
})
const ready: KeyState = { kind: 'ready' }
const key = (id: string, more: Partial<RouteKey> = {}): RouteKey => ({
  id,
  vendor: 'openai',
  service: 'gpt-4',
  name: id,
  tier: 'primary',
  weight: 100,
  state: ready,
  models: null,
  ...more,
})
const keysOf = (...keys: RouteKey[]) => new Map(keys.map((one) => [one.id, one]))
const brief = (columns: readonly Column[]) =>
  columns.map(({ tier, cards }) => [tier, ...cards.map(({ candidate: { model }, keyId }) => `${model}/${keyId}`)])

test('tiers stand from left to right, a candidate once for each of its keys, what has no key last', () => {
  const rules = rulesOf(
    feature('chat', [
      candidate('far', { tier: 'far' }),
      candidate('a'),
      candidate('qwen-max', { vendor: 'aliyun', service: 'qwen' }),
      candidate('echo', { vendor: 'sandbox', service: 'chat', tier: 'last' }),
      candidate('b', { weight: 30, tier: 'primary' }),
    ]),
  )
  const keys = keysOf(key('one'), key('two', { tier: 'backup', weight: 300 }))
  const columns = arrange(rules, keys, null, false)
  expect({ columns: brief(columns), shares: columns.map(({ cards }) => cards.map(({ share }) => share)) }).toEqual({
    columns: [
      ['primary', 'a/one', 'b/one', 'b/two'],
      ['backup', 'a/two'],
      ['far', 'far/one', 'far/two'],
      ['last', 'echo/null'],
      [null, 'qwen-max/null'],
    ],
    shares: [[1000 / 13000, 3000 / 13000, 9000 / 13000], [1], [0.25, 0.75], [null], [null]],
  })
})

test('kept rules stand as the router would try them, a draft as it is written', () => {
  const rules = rulesOf(feature('chat', [candidate('a'), candidate('b')], { strategy: 'least_latency' }))
  const choice = (model: string): RouteState['choices'][number] => ({
    vendor: 'openai',
    service: 'gpt-4',
    model,
    keyId: 'one',
    keyName: 'one',
    tier: 'primary',
    endpoint: 'http://a.test',
    state: ready,
    running: 0,
    latencyMs: 1,
    recentErrors: 0,
    recentCalls: 1,
    rejection: null,
  })
  const state = { feature: 'chat', at: 0, choices: [choice('b'), choice('a')], without: [] }
  expect({
    kept: brief(arrange(rules, null, state, false)),
    draft: brief(arrange(rules, null, state, true)),
  }).toEqual({ kept: [['primary', 'b/one', 'a/one']], draft: [['primary', 'a/one', 'b/one']] })
})

test('a candidate is moved past all the keys of its neighbour, into another tier, and taken out', () => {
  const rules = rulesOf(feature('chat', [candidate('a'), candidate('b'), candidate('c')]))
  const [column] = arrange(rules, keysOf(key('one'), key('two')), null, true)
  const models = (changed: typeof rules | null) => changed?.candidates.map(({ model, tier }) => `${model}${tier ?? ''}`)
  const card = (index: number) => column!.cards.find((one) => one.index === index)!
  expect({
    down: models(step(rules, column!, card(0), 1)),
    up: models(step(rules, column!, card(2), -1)),
    end: step(rules, column!, card(2), 1),
    start: step(rules, column!, card(0), -1),
    tier: models(place(rules, 0, null, 'backup')),
    before: models(place(rules, 2, 0)),
    onto: place(rules, 1, 1) === rules,
    out: models(removeCandidate(rules, 1)),
    same: sameRules(rules, structuredClone(rules)),
    other: sameRules(rules, place(rules, 0, 3)),
  }).toEqual({
    down: ['b', 'a', 'c'],
    up: ['a', 'c', 'b'],
    end: null,
    start: null,
    tier: ['b', 'c', 'abackup'],
    before: ['c', 'a', 'b'],
    onto: true,
    out: ['a', 'c'],
    same: true,
    other: false,
  })
})

test('what keys bring by themselves is shown before the sandbox, and written down only once it was touched', () => {
  const sandbox = candidate('echo', { vendor: 'sandbox', service: 'sandbox', tier: 'sandbox' })
  const rules = rulesOf(feature('chat', [sandbox]))
  const one = { model: 'gpt', keyId: 'one', keyName: 'one', tier: 'primary', endpoint: 'http://a.test' }
  const figures = { running: 0, latencyMs: null, recentErrors: 0, recentCalls: 0, rejection: null, state: ready }
  const choices = [
    { ...one, ...figures, vendor: 'openai' as const, service: 'gpt-4' },
    { ...one, ...figures, vendor: 'sandbox' as const, service: 'sandbox', model: 'echo' },
  ]
  const tried = withBrought(rules, choices)
  const columns = arrange(tried.rules, keysOf(key('one')), null, false, tried.brought)
  const written = (changed: typeof rules) =>
    settled(changed, tried.brought).candidates.map(({ model, tier }) => [model, tier])
  expect({
    cards: columns.flatMap(({ cards }) => cards.map((card) => [card.candidate.model, card.brought])),
    untouched: written(tried.rules),
    moved: written(place(tried.rules, 0, null)),
    tier: written(place(tried.rules, 0, null, 'backup')),
    again: withBrought(settled(place(tried.rules, 0, null), tried.brought), []).brought.size,
  }).toEqual({
    cards: [
      ['gpt', true],
      ['echo', false],
    ],
    untouched: [['echo', 'sandbox']],
    moved: [
      ['echo', 'sandbox'],
      ['gpt', null],
    ],
    tier: [
      ['echo', 'sandbox'],
      ['gpt', 'backup'],
    ],
    again: 0,
  })
})

test('a difference names what was taken out and put in, with its neighbours', () => {
  const before = linesOf(feature('chat', [candidate('a'), candidate('b'), candidate('c'), candidate('d')]))
  const after = linesOf(
    feature('chat', [candidate('a'), candidate('c', { weight: 0 }), candidate('d'), candidate('e')]),
  )
  const line = (model: string, weight = 10) => `openai · gpt-4 · ${model} · tier – · weight ${weight}`
  expect(hunks(diffLines(before, after))).toEqual([
    { kind: 'same', text: line('a') },
    { kind: 'removed', text: line('b') },
    { kind: 'removed', text: line('c') },
    { kind: 'added', text: line('c', 0) },
    { kind: 'same', text: line('d') },
    { kind: 'added', text: line('e') },
  ])
  expect(hunks(diffLines(before, before))).toEqual([])
})

test('a feature is served by every key, by some, by none or has none; keys turned off on purpose do not count', () => {
  const cooling: KeyState = { kind: 'cooling', until: 9 }
  const off: KeyState = { kind: 'disabled', reason: '', at: 0 }
  const chat = feature('chat', [candidate('a')])
  const of = (...states: KeyState[]) =>
    conditionOf(chat, keysOf(...states.map((state, at) => key(`${at}`, { state }))), undefined)
  expect([of(ready, off), of(ready, cooling), of(cooling), of(off), of(), conditionOf(chat, null, undefined)]).toEqual([
    'every',
    'some',
    'none',
    'no-key',
    'no-key',
    'unknown',
  ])
})

test('what the router says of the choices counts before what the keys look like', () => {
  const idle = feature('idle', [])
  const keys = keysOf(key('a', { state: { kind: 'cooling', until: 9 } }))
  const said = (choices: number, ready: number) => conditionOf(idle, keys, { choices, ready })
  const listed = feature('chat', [candidate('a')])
  const standings = new Map([['idle', { name: 'idle', choices: 2, ready: 0, brought: [] }]])
  expect({
    said: [said(2, 2), said(2, 1), said(2, 0), said(0, 0)],
    // While the vault is locked the router has no keys to tell of.
    silent: conditionOf(listed, keys, { choices: 0, ready: 0 }),
    unserved: [countUnserved([listed, idle], keys, new Map()), countUnserved([listed, idle], keys, standings)],
  }).toEqual({ said: ['every', 'some', 'none', 'no-key'], silent: 'none', unserved: [1, 2] })
})

test('features follow snapshot and changes; keys change only by what routing looks at', () => {
  const empty: RoutingState = { byName: new Map(), heard: false, failure: new Error('no') }
  const heard = applyFeatures(empty, { kind: 'snapshot', features: [feature('a', []), feature('b', [])] })
  const later = applyFeatures(heard, { kind: 'change', upserted: [feature('a', [], { revision: 7 })], removed: ['b'] })
  expect([...later.byName.values()].map(({ name, revision }) => [name, revision, later.failure])).toEqual([
    ['a', 7, null],
  ])

  const whole = { ...key('one'), use: { requestsToday: 1 } } as unknown as Key
  const used = { ...whole, use: { requestsToday: 2 } } as unknown as Key
  const cooled: Key = { ...used, state: { kind: 'cooling', until: 5 } }
  const look = routeKeysSelector()
  const at = (...keys: Key[]) => look({ byId: new Map(keys.map((one) => [one.id, one])), heard: true, failure: null })
  const unheard = look({ byId: new Map(), heard: false, failure: null })
  const known = at(whole)
  expect({
    unheard,
    quiet: at(used) === known,
    state: at(cooled)?.get('one')?.state,
    gone: at()?.size,
  }).toEqual({ unheard: null, quiet: true, state: { kind: 'cooling', until: 5 }, gone: 0 })
})

test('every reason is a sentence of its own in both languages, with nothing left to fill', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const sentences = Rejection.options.map((reason) =>
      rejectionSentence(
        { reason, vendor: 'aliyun', service: 'wanx', model: 'wan2.5-t2i', keyName: 'wanx 主用' },
        (textKey, values) => textIn(language, textKey, values),
      ),
    )
    expect(new Set(sentences).size).toBe(Rejection.options.length)
    expect(sentences.filter((sentence) => !/[.。]$/.test(sentence) || sentence.includes('{'))).toEqual([])
  }
})

test('states count down, and never below a second', () => {
  const say = (state: KeyState | null, now: number) => {
    const { mark, words } = stateWords(state, now, (textKey, values) => textIn('en', textKey, values), 'en')
    return `${mark}: ${words}`
  }
  expect([
    say(ready, 0),
    say({ kind: 'cooling', until: 90_000 }, 0),
    say({ kind: 'broken', until: 5 }, 9000),
    say({ kind: 'benched', reason: 'quota', at: 0, until: 3_600_000 }, 0),
    say({ kind: 'benched', reason: 'bad-key', at: 0, until: null }, 0),
    say({ kind: 'disabled', reason: 'leaked', at: 0 }, 0),
    say(null, 0),
  ]).toEqual([
    'ok: ready',
    'warn: cooling down, 1 min 30 s',
    'fail: breaker open, 1 s',
    'fail: benched: quota used up, again in 1 h',
    'fail: benched: the vendor refuses the key',
    'stopped: disabled: leaked',
    'unknown: not known yet',
  ])
})
