import type { KeyDetails } from '../../../../shared/contracts/keys.ts'

type Hour = KeyDetails['hours'][number]
const hour = 60 * 60 * 1000

/** The last 24 hours up to the present one; those that main left out had no use. */
export function lastHours(known: readonly Hour[], now: number): readonly Hour[] {
  const byTime = new Map(known.map((one) => [Math.floor(one.at / hour), one]))
  const last = Math.floor(now / hour)
  return Array.from({ length: 24 }, (_, index) => {
    const at = last - 23 + index
    return byTime.get(at) ?? { at: at * hour, requests: 0, errors: 0, tokens: 0, cost: 0, unpriced: 0 }
  })
}

/** "17:00" where the operator is. */
export const hourWord = (time: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(time)
