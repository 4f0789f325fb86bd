import type { JobRow } from '../../../../shared/contracts/gateway.ts'
import type { Translate } from '../../../i18n/language.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import type { Column } from '../../../ui/table/table-types.ts'
import styles from '../Keys.module.css'
import { vendorNames } from '../key-words.ts'
import { jobMarks, jobWords } from './job-words.ts'
import { Took } from './Took.tsx'

/** `left`: jobs that have left the state that is looked at; which they have now was not told. */
export function jobColumns(left: ReadonlySet<string>, t: Translate): readonly Column<JobRow>[] {
  const named = (
    key: string,
    header: string,
    width: number | undefined,
    priority: number,
    of: (job: JobRow) => string,
  ) =>
    ({
      ...{ key, header, width, priority },
      cell: (job: JobRow) => <span title={of(job)}>{of(job)}</span>,
    }) satisfies Column<JobRow>
  return [
    {
      key: 'state',
      header: t('keys.state'),
      width: 136,
      cell: ({ id, state }) => {
        const word = left.has(id) ? t('keys.jobLeft', { state: t(jobWords[state]) }) : t(jobWords[state])
        return (
          <span className={styles['line']} title={state === 'unknown' ? t('keys.jobUnknownText') : word}>
            <StateMark state={left.has(id) ? 'stopped' : jobMarks[state]} />
            <span className={styles['cut']}>{word}</span>
          </span>
        )
      },
    },
    named('feature', t('keys.byFeature'), 136, 3, ({ feature }) => feature),
    named('model', t('keys.byModel'), undefined, 0, ({ model }) => model),
    named('vendor', t('keys.vendor'), 152, 4, ({ vendor }) => (vendor === null ? '–' : vendorNames[vendor])),
    named('key', t('keys.byKey'), undefined, 1, ({ key }) => key ?? t('keys.jobKeyGone')),
    named('caller', t('keys.byCaller'), 136, 2, ({ caller }) => caller ?? t('keys.noToken')),
    {
      key: 'begun',
      header: t('keys.jobBegun'),
      width: 128,
      cell: ({ at }) => <RelativeTime time={at} />,
    },
    {
      key: 'took',
      header: t('keys.jobTook'),
      width: 96,
      align: 'end',
      cell: (job) => <Took job={job} />,
    },
  ]
}
