import { expect, test } from 'vitest'
import { createEngine } from './engine.ts'
import { failed, request, START, sampleCandidate, sampleKey, sampleQuestion, sampleRules } from './engine-samples.ts'

test('a name that a key maps to a model of the route is served by that key alone, and only where it is asked for', () => {
  const engine = createEngine()
  engine.setKeys([sampleKey('plain'), sampleKey('mapping', { modelMapping: { Fast: 'SMALL', large: 'huge' } })])
  engine.setFeatures([
    { name: 'talk', revision: 1, rules: sampleRules(['small', 'large'].map((one) => sampleCandidate(one))) },
  ])
  const ask = (model: string | null, models: string[] | null = null) => {
    const { selected, fallbacks, rejected } = engine.ask(sampleQuestion({ model, models }), START)
    const chosen = [selected, ...fallbacks].map(
      (one) => one && `${one.keyId} ${one.model}${one.vendorModel === undefined ? '' : ` as ${one.vendorModel}`}`,
    )
    return [chosen, rejected.filter(({ reason }) => reason === 'model-mismatch').length]
  }
  expect([ask('fast'), ask('large'), ask(null), ask('fast', ['fast']), ask('fast', ['small']), ask('huge')]).toEqual([
    [['mapping Fast as SMALL'], 4],
    [['plain large', 'mapping large as huge'], 2],
    [['plain small', 'mapping small', 'plain large', 'mapping large as huge'], 0],
    [['mapping Fast as SMALL'], 4],
    [[null], 4],
    [[null], 4],
  ])
})

test('a model that fails rests under each of its names', () => {
  const engine = createEngine()
  engine.setKeys([sampleKey('mapping', { modelMapping: { fast: 'small' } })])
  engine.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules([sampleCandidate('small')]) }])
  for (let i = 0; i < 5; i++) request(engine, START, failed('vendor'), { model: 'fast' })
  const { choices } = engine.state('talk', START + 1)
  expect(choices.map(({ model, state }) => [model, state.kind])).toEqual([
    ['small', 'broken'],
    ['fast', 'broken'],
  ])
  // What waits is tried once as the least bad, and never under a name that nobody asked for.
  expect(engine.ask(sampleQuestion(), START + 1).selected?.model).toBe('small')
})

test('the cheapest is found by what the vendor calls the model', () => {
  const engine = createEngine()
  engine.setKeys([sampleKey('dear'), sampleKey('cheap', { modelMapping: { small: 'tiny' } })])
  const rules = sampleRules([sampleCandidate('small')], { strategy: 'lowest_cost' })
  engine.setFeatures([{ name: 'talk', revision: 1, rules }])
  engine.setPrices(
    new Map([
      ['openai-compatible/small', 2],
      ['openai-compatible/tiny', 1],
    ]),
  )
  expect(engine.ask(sampleQuestion(), START).selected?.keyId).toBe('cheap')
})
