import { createEngine } from '../../app/main/features/routing/engine/engine.ts'
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
} from '../../app/main/features/routing/engine/engine-samples.ts'
import type { FeatureRules } from '../../app/shared/contracts/routing.ts'
import type { Figure } from '../lib/figure.ts'

const RUNS = 7
/** Microseconds for one decision. */
const targets = { 10: 1, 1000: 20 } as const

type Count = keyof typeof targets
const strategies = ['weighted', 'round_robin', 'least_latency', 'least_busy', 'lowest_cost'] as const

/** One key for each candidate; with limits, so that nothing passes with one look. */
function engineOf(count: Count, strategy: FeatureRules['strategy'], resting: number) {
  const engine = createEngine()
  const services = Array.from({ length: count }, (_, i) => `local ${i}`)
  engine.setKeys(services.map((service, i) => sampleKey(`key-${i}`, { service, rpm: 1e9, weight: 1 + (i % 7) })))
  const candidates = services.map((service, i) => sampleCandidate(`model-${i}`, { service }))
  engine.setPrices(new Map(candidates.map(({ vendor, model }, i) => [`${vendor}/${model}`, (i * 7919) % count])))
  engine.setFeatures([{ name: 'talk', revision: 1, rules: sampleRules(candidates, { strategy }) }])
  const random = seeded(3)
  for (let i = 0; i < count; i++) {
    request(engine, START, succeeded({ durationMs: 50 + 200 * random() }), { random: random() })
  }
  const { selected, fallbacks } = engine.ask(sampleQuestion(), START)
  for (const [i, choice] of [selected!, ...fallbacks].entries()) {
    if (i < resting) engine.end(engine.begin(choice, START, 0), failed('rate-limit', 3_600_000), START)
  }
  return engine
}

function measure(count: Count, strategy: FeatureRules['strategy'], resting: number, calls = false): number[] {
  const engine = engineOf(count, strategy, resting)
  const random = seeded(1)
  const times = Math.round(2_000_000 / count)
  const runs: number[] = []
  let seen = 0
  const ended = succeeded({ durationMs: 120, tokens: 100 })
  for (let run = -2; run < RUNS; run++) {
    const from = process.threadCpuUsage()
    for (let i = 0; i < times; i++) {
      const verdict = engine.ask(sampleQuestion({ random: random(), tokens: 100 }), START + i)
      if (calls) engine.end(engine.begin(verdict.selected!, START + i, 100), ended, START + i)
      seen += verdict.fallbacks.length + verdict.rejected.length
    }
    // The first two warm up.
    const { user, system } = process.threadCpuUsage(from)
    if (run >= 0) runs.push((user + system) / times)
  }
  if (seen === 0) throw new Error('nothing was decided')
  return runs
}

/** What deciding costs, every strategy, with none, half and all of the keys resting. */
export async function router(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const count of [10, 1000] as const) {
    for (const strategy of strategies) {
      for (const resting of [0, count / 2, count]) {
        figures.push({
          name: `decision, ${count} candidates, ${strategy}, ${resting} resting`,
          unit: 'µs',
          runs: measure(count, strategy, resting),
          target: targets[count],
          note: 'time on the processor, as decisions never wait; the collector included where it stops the thread',
        })
      }
      figures.push({
        name: `decision and call, ${count} candidates, ${strategy}`,
        unit: 'µs',
        runs: measure(count, strategy, 0, true),
        target: null,
        note: 'with what the beginning and the end of the call change, so that each decision meets another state',
      })
    }
  }
  return figures
}
