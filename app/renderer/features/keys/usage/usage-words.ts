import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import type { Translate } from '../../../i18n/language.ts'
import { money } from '../key-figures.ts'
import type { By } from './usage-view.ts'

/** An hour where the operator is; a day as main counts it, in UTC. */
export function stepWord(time: number, step: 'hour' | 'day', locale: string): string {
  const options: Intl.DateTimeFormatOptions =
    step === 'day'
      ? { month: 'short', day: 'numeric', timeZone: 'UTC' }
      : { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  return new Intl.DateTimeFormat(locale, options).format(time)
}

/** What the row stands for. */
export function groupWord({ group, label }: UsageRow, by: By, t: Translate, locale: string): string {
  if (by !== 'hour' && by !== 'day') return label || group || t(by === 'caller' ? 'keys.noToken' : 'keys.unnamed')
  const time = Date.parse(group)
  return Number.isNaN(time) ? label || group : stepWord(time, by, locale)
}

/** "$1.20 + ¥3.00"; what costs nothing says nothing. */
export const costWord = (cost: readonly UsageRow['cost'][number][], locale: string): string =>
  cost
    .filter(({ amount }) => amount > 0)
    .map(({ amount, currency }) => money(amount, currency, locale))
    .join(' + ')
