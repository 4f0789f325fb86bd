import { create } from 'zustand'
import type { UsageQuestion, UsageRow } from '../../../../shared/contracts/gateway.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import type { Sort } from '../../../ui/table/table-types.ts'
import { sumByCurrency } from '../key-figures.ts'

export type Range = '24h' | '7d' | '30d' | '90d'
export type By = UsageQuestion['by']

const hour = 60 * 60 * 1000
const day = 24 * hour
export const ranges: Readonly<Record<Range, { readonly length: number; readonly words: TextKey }>> = {
  '24h': { length: day, words: 'keys.range24h' },
  '7d': { length: 7 * day, words: 'keys.range7d' },
  '30d': { length: 30 * day, words: 'keys.range30d' },
  '90d': { length: 90 * day, words: 'keys.range90d' },
}
export const groupings: Readonly<Record<By, TextKey>> = {
  model: 'keys.byModel',
  key: 'keys.byKey',
  feature: 'keys.byFeature',
  caller: 'keys.byCaller',
  hour: 'keys.byHour',
  day: 'keys.byDay',
}

/** How the operator left the page, kept while the window lives. */
export const useUsageView = create<{ readonly range: Range; readonly by: By; readonly sort: Sort | null }>(() => ({
  range: '24h',
  by: 'model',
  sort: null,
}))

/** Whole hours (of a day or two) or whole days, UTC as main keeps them: the last one is the one that runs. */
export function spanOf(range: Range, now: number): { readonly from: number; readonly to: number } {
  const { length } = ranges[range]
  const step = stepOf(range) === 'hour' ? hour : day
  const to = (Math.floor(now / step) + 1) * step
  return { from: to - length, to }
}
/** The width of a bar in the chart. */
export const stepOf = (range: Range): 'hour' | 'day' => (range === '24h' ? 'hour' : 'day')

/** One row for each step of the span; those without use are zero, so that the chart shows the gap. */
export function filled(
  rows: readonly UsageRow[],
  span: { readonly from: number; readonly to: number },
  step: 'hour' | 'day',
): readonly { readonly at: number; readonly requests: number; readonly errors: number }[] {
  const size = step === 'hour' ? hour : day
  const byStep = new Map(rows.map((row) => [Math.floor(Date.parse(row.group) / size), row]))
  return Array.from({ length: Math.round((span.to - span.from) / size) }, (_, index) => {
    const at = span.from + index * size
    const { requests = 0, errors = 0 } = byStep.get(Math.floor(at / size)) ?? {}
    return { at, requests, errors }
  })
}

/** All rows as one. */
export function totalOf(rows: readonly UsageRow[]) {
  const sum = (of: (row: UsageRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    tokens: sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
    images: sum(({ images }) => images),
    unpriced: sum(({ unpriced }) => unpriced),
    cost: sumByCurrency(rows.flatMap(({ cost }) => cost)),
  }
}
