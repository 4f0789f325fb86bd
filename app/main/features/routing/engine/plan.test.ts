import { expect, test } from 'vitest'
import { cpuMs } from '../../../../../tests/lib/cpu-time.ts'
import { createEngine } from './engine.ts'
import { START, sampleCandidate, sampleKey, sampleQuestion, sampleRules } from './engine-samples.ts'
import { MOST_SLOTS } from './plan.ts'

test('a million pairs of candidate and key are as many as a plan may have, the first tiers whole', () => {
  const engine = createEngine()
  const keys = Array.from({ length: 998 }, (_, i) => sampleKey(`k${i}`, { tier: 'backup' }))
  engine.setKeys([...keys, sampleKey('main'), sampleKey('night', { tier: 'night' })])
  const rules = sampleRules(Array.from({ length: 1000 }, (_, i) => sampleCandidate(`m${i}`)))
  engine.setFeatures([
    { name: 'talk', revision: 1, rules },
    { name: 'narrow', revision: 2, rules: sampleRules([sampleCandidate('m'), sampleCandidate('m')]) },
  ])
  const begun = cpuMs()
  const { selected, fallbacks, rejected } = engine.ask(sampleQuestion(), START)
  const took = cpuMs() - begun
  const draft = engine.askDraft(
    sampleQuestion(),
    sampleRules([sampleCandidate('m', { tier: 'one' }), ...rules.candidates]),
    START,
  )
  const narrow = engine.ask(sampleQuestion({ feature: 'narrow' }), START)
  expect({
    count: 1 + fallbacks.length + rejected.length,
    first: [selected!.keyId, selected!.model],
    tiers: [...new Set([selected!, ...fallbacks].map(({ tier }) => tier))],
    draft: 1 + draft.fallbacks.length + draft.rejected.length,
    narrow: [1 + narrow.fallbacks.length, narrow.fallbacks.at(-1)!.keyId],
    leftOut: [engine.leftOut('talk'), engine.leftOut('narrow')],
  }).toEqual({
    count: MOST_SLOTS,
    first: ['main', 'm0'],
    tiers: ['primary'],
    draft: MOST_SLOTS,
    narrow: [MOST_SLOTS, 'night'],
    leftOut: [1_000_000 - MOST_SLOTS, 0],
  })
  expect(took).toBeLessThan(2000)
})

test('names that keys map never take the place of what is listed, in whichever tier', () => {
  const engine = createEngine()
  const names = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`name-${i}`, 'm']))
  const many = Array.from({ length: 50 }, (_, i) => sampleKey(`k${i}`, { modelMapping: names }))
  engine.setKeys([...many, sampleKey('spare', { service: 'other', tier: 'backup' })])
  const rules = sampleRules([sampleCandidate('m'), sampleCandidate('m', { service: 'other' })])
  engine.setFeatures([{ name: 'talk', revision: 1, rules }])
  const { selected, fallbacks } = engine.ask(sampleQuestion(), START)
  expect({
    asked: [selected, ...fallbacks].length,
    last: fallbacks.at(-1)?.keyId,
    named: engine.ask(sampleQuestion({ model: 'name-0' }), START).selected?.model,
    leftOut: engine.leftOut('talk'),
  }).toEqual({ asked: 51, last: 'spare', named: 'name-0', leftOut: 51 })
})
