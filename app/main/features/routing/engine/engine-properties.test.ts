import { expect, test } from 'vitest'
import { Strategy } from '../../../../shared/contracts/routing.ts'
import { createEngine } from './engine.ts'
import type { Ticket } from './engine-api.ts'
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
import type { EngineKey, FailureKind, Question, Verdict } from './engine-types.ts'

// Random worlds, always the same ones: what must hold of every decision, whatever happened before.

const failures: FailureKind[] = [
  'bad-key',
  'quota',
  'rate-limit',
  'vendor',
  'timeout',
  'connection',
  'caller',
  'cut',
  'garbage',
]
const models = ['m0', 'm1', 'm2']

function worldOf(seed: number) {
  const random = seeded(seed)
  const below = (count: number) => Math.floor(random() * count)
  const maybe = <Value>(value: Value): Value | null => (random() < 0.3 ? value : null)
  const keyOf = (i: number): EngineKey =>
    sampleKey(`key-${i}`, {
      service: `s${below(3)}`,
      tier: ['primary', 'backup', 'night'][below(3)]!,
      weight: 1 + below(5),
      enabled: random() < 0.85,
      expiresAt: maybe(START + below(600_000)),
      monthlyBudget: maybe(below(500)),
      rpm: maybe(1 + below(20)),
      tpm: maybe(100 + below(2000)),
      concurrency: maybe(1 + below(3)),
    })
  const keys = Array.from({ length: 1 + below(8) }, (_, i) => keyOf(i))
  const candidates = Array.from({ length: 4 }, (_, i) =>
    sampleCandidate(models[below(3)]!, { service: `s${i}`, weight: below(4), tier: maybe('backup') }),
  )
  const strategy = Strategy.options[below(5)]!
  const engine = createEngine()
  const features = [{ name: 'talk', revision: 1, rules: sampleRules(candidates, { strategy }) }]
  engine.setKeys(keys)
  engine.setFeatures(features)
  const question = (): Question =>
    sampleQuestion({
      tokens: below(500),
      random: random(),
      model: random() < 0.2 ? models[below(3)]! : null,
      models: random() < 0.1 ? [models[below(3)]!] : null,
    })
  return { random, below, keys, candidates, features, engine, question }
}

const pairOf = (one: { keyId: string | null; service: string; model: string }) =>
  `${one.keyId} ${one.service} ${one.model}`
const pairsOf = ({ selected, fallbacks, rejected }: Verdict) =>
  [...(selected === null ? [] : [selected]), ...fallbacks, ...rejected].map(pairOf).sort()

test('of every decision: a partition of all choices, the same again, and nothing that must not be asked', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { random, below, keys, candidates, features, engine, question } = worldOf(seed)
    const all = candidates
      .flatMap(({ service, model }) => {
        const own = keys.filter((key) => key.service === service)
        return own.length === 0
          ? [pairOf({ keyId: null, service, model })]
          : own.map((key) => pairOf({ keyId: key.id, service, model }))
      })
      .sort()
    const spent = new Map<string, number>()
    const starts = new Map<string, { at: number; tokens: number }[]>()
    const open: Ticket[] = []
    let now = START
    for (let step = 0; step < 300; step++) {
      now += below(4000)
      const asked = question()
      const verdict = engine.ask(asked, now)
      expect(pairsOf(verdict)).toEqual(all)
      expect(engine.ask({ ...asked }, now)).toEqual(verdict)
      for (const choice of verdict.selected === null ? [] : [verdict.selected, ...verdict.fallbacks]) {
        const key = keys.find(({ id }) => id === choice.keyId)!
        const recent = (starts.get(key.id) ?? []).filter(({ at }) => at > now - 60_000)
        const running = open.filter((ticket) => ticket.choice.keyId === key.id).length
        expect(key.enabled && (key.expiresAt ?? Infinity) > now).toBe(true)
        expect(spent.get(key.id) ?? 0).toBeLessThan(key.monthlyBudget ?? Infinity)
        expect(recent.length).toBeLessThan(key.rpm ?? Infinity)
        expect(running).toBeLessThan(key.concurrency ?? Infinity)
      }
      if (verdict.selected !== null && random() < 0.9) {
        open.push(engine.begin(verdict.selected, now, asked.tokens))
        const { keyId } = verdict.selected
        starts.set(keyId, [...(starts.get(keyId) ?? []), { at: now, tokens: asked.tokens }])
      }
      while (open.length > 3 || (open.length > 0 && random() < 0.5)) {
        const ticket = open.splice(below(open.length), 1)[0]!
        const cost = below(20)
        const end =
          random() < 0.6 ? succeeded({ cost, durationMs: below(900) }) : { ...failed(failures[below(9)]!), cost }
        engine.end(ticket, end, now)
        spent.set(ticket.choice.keyId, (spent.get(ticket.choice.keyId) ?? 0) + cost)
      }
      if (random() < 0.02) engine.reset([keys[below(keys.length)]!.id])
      if (random() < 0.02) engine.setKeys(keys)
      if (random() < 0.02) engine.setFeatures(features)
    }
  }
})

test('what was kept of all changes decides as the engine itself does once nothing runs', () => {
  for (let seed = 100; seed < 160; seed++) {
    const { random, below, keys, features, engine, question } = worldOf(seed)
    const kept = new Map<string, unknown>()
    let now = START
    for (let step = 0; step < 200; step++) {
      now += below(4000)
      const asked = question()
      const { selected } = engine.ask(asked, now)
      if (selected !== null) {
        const end = random() < 0.5 ? succeeded({ cost: below(20) }) : failed(failures[below(9)]!)
        engine.end(engine.begin(selected, now, asked.tokens), end, now)
      }
      for (const health of engine.health()) kept.set(health.id, health)
    }
    const restarted = createEngine()
    restarted.restore(JSON.parse(JSON.stringify([...kept.values()])))
    restarted.setKeys(keys)
    restarted.setFeatures(features)
    // After a minute nothing is left in the windows, which are not kept.
    now += 61_000
    const asked = { ...question(), random: 0.5 }
    if (features[0]!.rules.strategy === 'round_robin') continue
    expect(restarted.ask(asked, now)).toEqual(engine.ask(asked, now))
  }
})
