import { expect, test } from 'vitest'
import type { Decision } from '../../../../shared/contracts/routing.ts'
import { bringCandidates } from './bring-candidates.ts'
import { describeRejections, describeVerdict } from './describe-verdict.ts'
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
import { replay } from './replay.ts'

/** A thousand decisions by weight, with failures between. */
function decided() {
  const engine = createEngine()
  const keys = [
    sampleKey('a', { weight: 1 }),
    sampleKey('b', { weight: 3 }),
    sampleKey('off', { enabled: false }),
    sampleKey('spare', { tier: 'backup' }),
    sampleKey('dear', { service: 'other' }),
  ]
  const rules = sampleRules([sampleCandidate('m')])
  engine.setKeys(keys)
  engine.setFeatures([{ name: 'talk', revision: 1, rules }])
  const random = seeded(9)
  const decisions: Decision[] = []
  for (let i = 0; i < 1000; i++) {
    const question = sampleQuestion({ random: random() })
    const now = START + i * 1000
    const facts = { id: `d${i}`, at: now, durationUs: 1, model: null, tokens: 0, caller: null }
    const { fallbacks, rejected, ...verdict } = engine.ask(question, now)
    decisions.push({ ...facts, ...verdict, fallbacks: [...fallbacks], rejected: [...rejected] })
    request(engine, now, random() < 0.2 ? failed('rate-limit') : succeeded(), question)
  }
  return { decisions, rules, snapshot: engine.snapshotFor('talk') }
}

test('a replay by the same rules changes nothing', () => {
  const { decisions, rules, snapshot } = decided()
  const { decisions: count, same, changed, changedCount, keys } = replay(decisions, 'talk', rules, snapshot)
  expect({
    count,
    same,
    changed,
    changedCount,
    unchanged: keys.every(({ before, after }) => before === after),
  }).toEqual({
    count: 1000,
    same: 1000,
    changed: [],
    changedCount: 0,
    unchanged: true,
  })
})

test('a replay by a draft says who would have answered instead, and never who could not', () => {
  const { decisions, snapshot } = decided()
  const served = decisions.filter(({ selected }) => selected !== null).length
  const draft = sampleRules([
    sampleCandidate('m', { tier: 'backup' }),
    sampleCandidate('x', { service: 'other', tier: 'primary' }),
  ])
  const all = replay(decisions, 'talk', draft, snapshot)
  const drained = replay(decisions, 'talk', sampleRules([sampleCandidate('m', { weight: 0 })]), snapshot)
  expect({
    all: [all.changedCount, all.changed.length, all.keys.find(({ keyName }) => keyName === 'dear')],
    drained: [drained.changedCount, drained.changed[0]?.after],
  }).toEqual({
    all: [1000, 100, { keyName: 'dear', before: 0, after: 1000 }],
    drained: [served, null],
  })
  const tiers = replay(decisions, 'talk', sampleRules([sampleCandidate('m', { tier: 'one' })]), snapshot)
  // In one tier the spare key gets its share of what the other two had; the key that is off gets nothing.
  expect(tiers.keys.find(({ keyName }) => keyName === 'off')).toBeUndefined()
  const [a, b, spare] = ['a', 'b', 'spare'].map((name) => tiers.keys.find(({ keyName }) => keyName === name)!)
  expect(spare!.after).toBeGreaterThan(spare!.before)
  expect(a!.after + b!.after + spare!.after).toBe(served)
})

test('keys of known services bring their candidates, before the sandbox and unless they are listed', () => {
  const keys = [
    sampleKey('o', { vendor: 'openai', service: 'dalle' }),
    sampleKey('q', { vendor: 'aliyun', service: 'qwen' }),
  ]
  const sandbox = sampleCandidate('sandbox-image', { vendor: 'sandbox', service: 'sandbox' })
  const own = sampleCandidate('my-model', { vendor: 'openai', service: 'dalle', weight: 0 })
  const brought = (feature: string, candidates = [sandbox]) =>
    bringCandidates(sampleRules(candidates), feature, keys).candidates.map(
      ({ service, model }) => `${service} ${model}`,
    )
  expect({
    image: brought('text_to_image'),
    chat: brought('chat'),
    listed: brought('text_to_image', [own, sandbox]),
    other: brought('embedding', []),
  }).toEqual({
    image: ['dalle gpt-image-2.6-sunburst', 'sandbox sandbox-image'],
    chat: ['qwen qwen-plus', 'sandbox sandbox-image'],
    listed: ['dalle my-model', 'sandbox sandbox-image'],
    other: [],
  })
})

test('a decision is told in a sentence', () => {
  const engine = createEngine()
  engine.setKeys([sampleKey('main'), sampleKey('spare', { tier: 'backup' })])
  engine.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules([sampleCandidate('m')]) }])
  const before = describeVerdict(engine.ask(sampleQuestion(), START))
  request(engine, START, failed('rate-limit', 20_000))
  const after = describeVerdict(engine.ask(sampleQuestion(), START))
  request(engine, START, failed('rate-limit', 30_000))
  const resting = describeVerdict(engine.ask(sampleQuestion(), START))
  const none = engine.ask(sampleQuestion({ model: 'none' }), START)
  expect([before, after, resting, describeVerdict(none), describeRejections([])]).toEqual([
    'openai-compatible m with key main (primary) is asked first, by weight within its tier; 1 can follow.',
    'openai-compatible m with key spare (backup) is asked first, by weight within its tier; nobody can follow; passed over: main: pausing as the vendor asked until 2026-05-10T12:00:20.000Z.',
    'Everything rests; openai-compatible m with key main (primary) is tried once, as it may be asked soonest; passed over: spare: pausing as the vendor asked until 2026-05-10T12:00:30.000Z.',
    'Nothing can serve talk now: main: another model; spare: another model.',
    'no candidates',
  ])
})

test('a key that is gone is replayed with the names that it mapped', () => {
  const engine = createEngine()
  const rules = sampleRules([sampleCandidate('small')])
  engine.setKeys([sampleKey('gone', { modelMapping: { fast: 'small' } })])
  engine.setFeatures([{ name: 'talk', revision: 1, rules }])
  const { fallbacks, rejected, ...verdict } = engine.ask(sampleQuestion({ model: 'fast' }), START)
  const facts = { id: 'd', at: START, durationUs: 1, model: 'fast', tokens: 0, caller: null }
  const decision: Decision = { ...facts, ...verdict, fallbacks: [...fallbacks], rejected: [...rejected] }
  engine.setKeys([])
  const { same, changedCount } = replay([decision], 'talk', rules, engine.snapshotFor('talk'))
  expect([decision.selected?.vendorModel, same, changedCount]).toEqual(['small', 1, 0])
})
