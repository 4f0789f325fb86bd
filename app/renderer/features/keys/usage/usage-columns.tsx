import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import type { Translate } from '../../../i18n/language.ts'
import { duration } from '../../../ui/format.ts'
import type { Column } from '../../../ui/table/table-types.ts'
import { costBound, costSentence, shareWord } from '../key-figures.ts'
import styles from './Usage.module.css'
import { type By, groupings } from './usage-view.ts'
import { costWord, groupWord } from './usage-words.ts'

const biggest = (of: (row: UsageRow) => number) => (a: UsageRow, b: UsageRow) => of(b) - of(a)
/** Share of failed calls from which on the figure stands out: single ones are life. */
const alarming = 0.05
const none = <span className={styles['none']}>–</span>

/** `most`: requests of the biggest row, the full length of a bar. */
export function usageColumns(by: By, most: number, t: Translate, locale: string): readonly Column<UsageRow>[] {
  const figure = (key: string, header: string, width: number, priority: number, of: (row: UsageRow) => number) =>
    ({
      ...({ key, header, width, priority, align: 'end', sortable: true } as const),
      compare: biggest(of),
      cell: (row: UsageRow) => (of(row) === 0 ? none : of(row).toLocaleString(locale)),
    }) satisfies Column<UsageRow>
  return [
    {
      key: 'group',
      header: t(groupings[by]),
      sortable: true,
      // Hours and days by their time, as ISO 8601 sorts; names as they read.
      text: (row) => (by === 'hour' || by === 'day' ? row.group : groupWord(row, by, t, locale)),
      cell: (row) => {
        const word = groupWord(row, by, t, locale)
        return <span title={word}>{word}</span>
      },
    },
    {
      key: 'requests',
      header: t('keys.requests'),
      sortable: true,
      compare: biggest(({ requests }) => requests),
      cell: ({ requests, errors }) => (
        <span className={styles['share']}>
          <span className={styles['number']}>{requests.toLocaleString(locale)}</span>
          <span className={styles['track']} aria-hidden>
            <span
              className={styles['good']}
              style={{ width: `${most === 0 ? 0 : ((requests - errors) / most) * 100}%` }}
            />
            <span className={styles['bad']} style={{ width: `${most === 0 ? 0 : (errors / most) * 100}%` }} />
          </span>
        </span>
      ),
    },
    {
      ...figure('errors', t('keys.errors'), 112, 0, ({ errors }) => errors),
      cell: ({ errors, requests }) =>
        errors === 0 ? (
          none
        ) : (
          <span className={errors / Math.max(1, requests) >= alarming ? styles['fail'] : undefined}>
            {errors.toLocaleString(locale)} · {shareWord((errors / Math.max(1, requests)) * 100, locale)}
          </span>
        ),
    },
    figure('inputTokens', t('keys.inputTokens'), 96, 3, ({ inputTokens }) => inputTokens),
    figure('outputTokens', t('keys.outputTokens'), 96, 3, ({ outputTokens }) => outputTokens),
    figure('images', t('keys.images'), 72, 5, ({ images }) => images),
    {
      ...figure('cost', t('keys.cost'), 136, 1, ({ cost }) => cost.reduce((sum, { amount }) => sum + amount, 0)),
      cell: ({ cost, unpriced }) => {
        const word = costWord(cost, locale)
        if (unpriced === 0) return word || none
        return <span title={costSentence(word, unpriced, t)}>{costBound(word, unpriced, t)}</span>
      },
    },
    {
      ...figure('average', t('keys.averageTime'), 96, 2, ({ averageMs }) => averageMs),
      cell: ({ averageMs }) => duration(averageMs, locale),
    },
    {
      ...figure('first', t('keys.firstToken'), 96, 4, ({ firstTokenMs }) => firstTokenMs ?? 0),
      cell: ({ firstTokenMs }) => (firstTokenMs === null ? none : duration(firstTokenMs, locale)),
    },
  ]
}
