import type { CallFigures } from '../../../shared/contracts/plugins.ts'

const MINUTE = 60_000
const MINUTES = 60
/** Bounds of the histogram grow by a quarter from 0.25 ms on: what a percentile is read from is within 12 % of the truth. */
const BINS = 64
const FIRST_MS = 0.25
const STEP = Math.log(1.25)

interface Bucket {
  readonly minute: number
  calls: number
  errors: number
  longest: number
  readonly bins: Uint32Array
}
interface Figures {
  buckets: Bucket[]
  lastAt: number
}
export interface Counted {
  readonly pluginId: string
  readonly at: number
  readonly durationMs: number
  readonly failed: boolean
}

/** What happened in the last hour, by plugin: an hour of minutes, so that counting a call costs nothing and old ones fall out. */
export function createCallFigures(clock: () => number) {
  const byPlugin = new Map<string, Figures>()

  function trim(figures: Figures): void {
    const first = Math.floor(clock() / MINUTE) - MINUTES + 1
    if (figures.buckets.length > 0 && figures.buckets[0]!.minute < first)
      figures.buckets = figures.buckets.filter(({ minute }) => minute >= first)
  }
  function bucketOf(figures: Figures, at: number): Bucket | null {
    const minute = Math.floor(at / MINUTE)
    const newest = figures.buckets.at(-1)
    if (newest?.minute === minute) return newest
    const known = figures.buckets.find((bucket) => bucket.minute === minute)
    if (known) return known
    if (minute < Math.floor(clock() / MINUTE) - MINUTES + 1) return null
    const bucket = { minute, calls: 0, errors: 0, longest: 0, bins: new Uint32Array(BINS) }
    figures.buckets = [...figures.buckets, bucket].sort((a, b) => a.minute - b.minute)
    return bucket
  }

  return {
    count({ pluginId, at, durationMs, failed }: Counted): void {
      const figures = byPlugin.get(pluginId) ?? { buckets: [], lastAt: 0 }
      byPlugin.set(pluginId, figures)
      trim(figures)
      figures.lastAt = Math.max(figures.lastAt, at)
      const bucket = bucketOf(figures, at)
      if (!bucket) return
      bucket.calls++
      if (failed) bucket.errors++
      bucket.longest = Math.max(bucket.longest, durationMs)
      bucket.bins[binOf(durationMs)]!++
    },
    /** Of a plugin whose newest call is older than the hour. */
    seen(pluginId: string, at: number): void {
      const figures = byPlugin.get(pluginId)
      if (figures) figures.lastAt = Math.max(figures.lastAt, at)
      else byPlugin.set(pluginId, { buckets: [], lastAt: at })
    },
    of(pluginId: string): CallFigures {
      const figures = byPlugin.get(pluginId)
      if (!figures) return { calls: 0, errors: 0, p95Ms: null, lastAt: null }
      trim(figures)
      const sum = (of: 'calls' | 'errors') => figures.buckets.reduce((total, bucket) => total + bucket[of], 0)
      return { calls: sum('calls'), errors: sum('errors'), p95Ms: p95(figures.buckets), lastAt: figures.lastAt }
    },
    /** Plugins whose figures change by time alone. */
    ageing: (): string[] => [...byPlugin].filter(([, { buckets }]) => buckets.length > 0).map(([id]) => id),
    forget: (pluginId: string): void => void byPlugin.delete(pluginId),
  }
}
export type FiguresOfCalls = ReturnType<typeof createCallFigures>

const binOf = (ms: number) => Math.min(BINS - 1, Math.max(0, Math.ceil(Math.log(ms / FIRST_MS) / STEP)))

function p95(buckets: readonly Bucket[]): number | null {
  const calls = buckets.reduce((sum, bucket) => sum + bucket.calls, 0)
  if (calls === 0) return null
  const longest = Math.max(...buckets.map((bucket) => bucket.longest))
  let left = Math.ceil(calls * 0.95)
  for (let bin = 0; bin < BINS; bin++) {
    for (const { bins } of buckets) left -= bins[bin]!
    // The middle of the bin that holds it.
    if (left <= 0) return Math.min(longest, FIRST_MS * Math.exp(STEP * (bin - 0.5)))
  }
  return longest
}
