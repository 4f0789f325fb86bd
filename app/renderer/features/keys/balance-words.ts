import type { KeyBalance } from '../../../shared/contracts/keys.ts'
import type { Translate } from '../../i18n/language.ts'
import { relative } from '../../ui/format.ts'
import { money } from './key-figures.ts'

const year = 365 * 24 * 60 * 60 * 1000

/** What is left on the account of a key. */
export const balanceAmount = ({ amount, currency }: KeyBalance, locale: string): string =>
  money(amount, currency, locale, true)

/** When that ends; null where there is nothing to tell it by. */
export function balanceForecast({ amount, runsOutAt }: KeyBalance, now: number, locale: string, t: Translate) {
  if (amount <= 0) return t('keys.balanceSpent')
  if (runsOutAt === null) return null
  // A test of some days ago may have said so of a time that is over now.
  if (runsOutAt <= now) return t('keys.balanceOver')
  // Nobody plans by a week's use for longer than that.
  if (runsOutAt - now > year) return t('keys.balanceLong')
  return t('keys.balanceEnds', { time: relative(runsOutAt, now, locale) })
}
