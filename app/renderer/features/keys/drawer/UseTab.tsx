import type { Key, KeyDetails } from '../../../../shared/contracts/keys.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Chart, type ChartBar } from '../../../ui/Chart.tsx'
import { compact } from '../../../ui/format.ts'
import { useNow } from '../../../ui/use-now.ts'
import { costSentence, money } from '../key-figures.ts'
import styles from './Drawer.module.css'
import { hourWord, lastHours } from './hours.ts'

/** Share of failed calls from which on the figure stands out: single ones are life. */
const alarming = 0.05

/** What the key was used for in the last 24 hours, and which limits it has. */
export function UseTab({ entry, details }: { readonly entry: Key; readonly details: KeyDetails }) {
  const t = useText()
  const language = useLanguage()
  const hours = lastHours(details.hours, useNow('minute'))
  const { currency } = entry
  const bars = (of: 'requests' | 'tokens' | 'cost'): ChartBar[] =>
    hours.map((hour) => ({
      label: hourWord(hour.at, language),
      value: hour[of],
      bad: of === 'requests' ? hour.errors : 0,
    }))
  const count = (value: number) => value.toLocaleString(language)
  const short = (value: number) => compact(value, language)
  const cost = (value: number) => money(value, currency, language)
  const used = hours.filter(({ requests }) => requests > 0).reverse()
  return (
    <div className={styles['tab']}>
      <Chart
        label={t('keys.chartRequests')}
        bars={bars('requests')}
        tick={short}
        top={(value) => t('keys.chartTop', { value: count(value) })}
        write={({ value, bad = 0 }) => t('keys.chartOne', { count: value, errors: bad })}
        table="beside"
      />
      <Chart
        label={t('keys.chartTokens')}
        bars={bars('tokens')}
        tick={short}
        top={(value) => t('keys.chartTop', { value: count(value) })}
        write={({ value }) => t('keys.tokensCount', { count: value })}
        table="beside"
      />
      <Chart
        label={t('keys.chartCost')}
        bars={bars('cost')}
        tick={(value) => money(value, currency, language, true)}
        top={(value) => t('keys.chartTop', { value: cost(value) })}
        write={({ value }) => cost(value)}
        table="beside"
      />
      {used.length === 0 ? (
        <p className={styles['quiet']}>{t('keys.unused')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section aria-label={t('keys.hours')} tabIndex={0}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t('keys.hour')}</th>
                <th scope="col">{t('keys.requests')}</th>
                <th scope="col">{t('keys.errors')}</th>
                <th scope="col">{t('keys.tokensUsed')}</th>
                <th scope="col">{t('keys.cost')}</th>
              </tr>
            </thead>
            <tbody>
              {used.map(({ at, requests, errors, tokens, cost: amount, unpriced }) => (
                <tr key={at}>
                  <th scope="row">{hourWord(at, language)}</th>
                  <td>{count(requests)}</td>
                  <td className={errors / requests >= alarming ? styles['fail'] : undefined}>{count(errors)}</td>
                  <td>{count(tokens)}</td>
                  <td>{costSentence(amount === 0 && unpriced > 0 ? '' : cost(amount), unpriced, t)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}
