import type { Currency, Key } from '../../../shared/contracts/keys.ts'
import type { Translate } from '../../i18n/language.ts'
import { percent } from '../../ui/format.ts'

/** Money is told in millionths of its unit. */
export const million = 1_000_000

const formats = new Map<string, Intl.NumberFormat>()

/** "$1,204.50", "¥0.0042": below a unit the first two digits that say something; `whole` leaves a ".00" away. */
export function money(amount: number, currency: Currency, locale: string, whole = false): string {
  const value = amount / million
  const small = value !== 0 && Math.abs(value) < 0.1
  const least = whole && Number.isInteger(value) ? 0 : 2
  const key = `${locale} ${currency} ${small} ${least}`
  const digits = small ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: least, maximumFractionDigits: 2 }
  const format =
    formats.get(key) ??
    new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits })
  formats.set(key, format)
  return format.format(value)
}

/** "≥ $1.20": what calls without a known price cost nobody knows; `cost` is empty where nothing else cost anything. */
export function costBound(cost: string, unpriced: number, t: Translate): string {
  if (unpriced === 0) return cost
  return cost === '' ? t('keys.costUnknown') : t('keys.costAtLeast', { cost })
}
/** The same with the reason: "≥ $1.20, 14 calls without a known price". */
export function costSentence(cost: string, unpriced: number, t: Translate): string {
  if (unpriced === 0) return cost
  return cost === '' ? t('keys.unpriced', { count: unpriced }) : t('keys.costAndUnpriced', { cost, count: unpriced })
}

/** Of today's requests, the share that failed, in percent; null without any. */
export const errorShare = ({ use: { requestsToday, errorsToday } }: Pick<Key, 'use'>): number | null =>
  requestsToday === 0 ? null : (errorsToday / requestsToday) * 100

/** Percent of failed calls in words; a few among very many are not none: "< 0.1 %". */
export const shareWord = (share: number, locale: string): string =>
  share > 0 && share < 0.05 ? `< ${percent(0.1, locale)}` : percent(share, locale)

/** Of this month's budget, what is spent, from 0 upwards; null without a budget. */
export const budgetShare = ({ use, monthlyBudget }: Pick<Key, 'use' | 'monthlyBudget'>): number | null =>
  monthlyBudget === null ? null : monthlyBudget === 0 ? 1 : use.costThisMonth / monthlyBudget

const day = 24 * 60 * 60 * 1000
/** Expiry is said in advance for so long. */
export const expiresSoon = ({ expiresAt }: Pick<Key, 'expiresAt'>, now: number): boolean =>
  expiresAt !== null && expiresAt > now && expiresAt - now <= 14 * day

/** An end of the account is said in advance for so long, as the notice of it is. */
export const balanceEndsSoon = ({ balance }: Pick<Key, 'balance'>, now: number): boolean =>
  balance !== null && (balance.amount <= 0 || (balance.runsOutAt !== null && balance.runsOutAt - now <= 7 * day))

/** Sums of several amounts, one for each currency. */
export function sumByCurrency(
  amounts: Iterable<{ readonly currency: Currency; readonly amount: number }>,
): readonly { readonly currency: Currency; readonly amount: number }[] {
  const sums = new Map<Currency, number>()
  for (const { currency, amount } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].map(([currency, amount]) => ({ currency, amount }))
}
