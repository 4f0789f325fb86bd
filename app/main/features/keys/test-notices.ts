import type { KeyBalance, KeyTest, ModelMapping, Retiring } from '../../../shared/contracts/keys.ts'
import type { Notify } from '../../lib/host.ts'
import { difference, withNames } from './details.ts'
import type { KeyRow } from './key-rows.ts'
import type { StoredUse } from './key-use.ts'

const DAY_MS = 24 * 3_600_000
const WEEK = 7
/** Models that a notice names; the page has them all. */
const NAMED = 10

/** Tells the operator which models a vendor offers more, or no longer, than at the test before, and whose end is told now. */
export function tellModels(notify: Notify, row: KeyRow, test: Pick<KeyTest, 'models' | 'retiring'>): void {
  const { name, vendor, models, modelMapping } = row
  const wordOf = (one: Retiring) => endWord(one, modelMapping)
  const known = new Set(row.retiring.map(wordOf))
  const told = (test.retiring ?? []).map(wordOf).filter((one) => !known.has(one))
  if (told.length > 0)
    notify({ severity: 'warn', code: 'KEY_MODELS_RETIRING', details: { name, vendor, models: listed(told) } })
  if (models === null || test.models === null) return
  const { added, gone } = difference(models, test.models, modelMapping)
  if (added.length > 0)
    notify({ severity: 'info', code: 'KEY_MODELS_ADDED', details: { name, vendor, models: listed(added) } })
  if (gone.length > 0)
    notify({ severity: 'warn', code: 'KEY_MODELS_GONE', details: { name, vendor, models: listed(gone) } })
}
/** "a → b 2026-12-11" */
const endWord = ({ model, on }: Retiring, mapping: ModelMapping) => `${withNames(model, mapping)} ${on}`

/** Reminds of models that end, of all of a key whose same reminder is due at once. */
export function tellEnds(
  notify: Notify,
  { name, vendor, modelMapping }: KeyRow,
  ending: readonly Retiring[],
  days: number,
) {
  const details = { name, vendor, models: listed(ending.map((one) => endWord(one, modelMapping))) }
  if (days === 0) notify({ severity: 'warn', code: 'KEY_MODELS_ENDED', details })
  else notify({ severity: 'warn', code: 'KEY_MODELS_END_SOON', details: { ...details, days } })
}
const listed = (models: readonly string[]) =>
  models.length > NAMED ? `${models.slice(0, NAMED).join(', ')}, … (${models.length})` : models.join(', ')

/** A balance with the time at which it ends, if the days to come are as the last seven were. */
export function forecast(
  { amount, currency }: NonNullable<KeyTest['balance']>,
  used: { readonly uses: readonly StoredUse[]; readonly currency: KeyBalance['currency'] },
  now: number,
): KeyBalance {
  const since = now - WEEK * DAY_MS
  const week = used.uses.filter(({ hour, cost }) => hour >= since && cost > 0)
  const cost = week.reduce((sum, one) => sum + one.cost, 0)
  // A key that was first used yesterday tells of one day, not of seven.
  const days = Math.max(1, (now - Math.min(now, ...week.map(({ hour }) => hour))) / DAY_MS)
  const unknown = cost === 0 || used.currency !== currency
  const left = (Math.max(0, amount) / (cost / days)) * DAY_MS
  return { amount, currency, at: now, runsOutAt: unknown ? null : Math.min(Math.round(now + left), MOST_TIME) }
}
const MOST_TIME = 8.64e15

/** Reminds of a balance that ends within a week. */
export function tellBalance(notify: Notify, { name, vendor }: KeyRow, { at, runsOutAt }: KeyBalance): void {
  if (runsOutAt === null || runsOutAt - at > WEEK * DAY_MS) return
  const days = Math.floor((runsOutAt - at) / DAY_MS)
  notify({ severity: 'warn', code: 'KEY_BALANCE_LOW', details: { name, vendor, days } })
}
