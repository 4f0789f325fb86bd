import { useMemo } from 'react'
import type { FeatureRules } from '../../../shared/contracts/routing.ts'
import { useText } from '../../i18n/language.ts'
import { classes } from '../../ui/classes.ts'
import styles from './Diff.module.css'
import { diffLines, hunks, linesOf } from './rules-lines.ts'

/** More lines than anybody reads; the rest is counted. */
const most = 200
const signs = { added: '+', removed: '−', same: ' ' }

/** What lies between two states of the rules, a line a fact. */
export function DiffView({
  label,
  before,
  after,
}: {
  readonly label: string
  readonly before: FeatureRules
  readonly after: FeatureRules
}) {
  const t = useText()
  const parts = useMemo(() => hunks(diffLines(linesOf(before), linesOf(after))), [before, after])
  if (parts.length === 0) return <p className={styles['none']}>{t('routing.noDifference')}</p>
  return (
    <section aria-label={label}>
      <ul className={styles['diff']}>
        {parts.slice(0, most).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and the list never moves
          <li key={index} className={classes(styles['line'], part !== 'gap' && styles[part.kind])}>
            {part === 'gap' ? (
              <span role="img" aria-label={t('routing.linesLeftOut')}>
                ⋯
              </span>
            ) : (
              <>
                <span aria-hidden className={styles['sign']}>
                  {signs[part.kind]}
                </span>
                {part.kind !== 'same' && (
                  <span className={styles['spoken']}>
                    {t(part.kind === 'added' ? 'routing.added' : 'routing.takenOut')}:{' '}
                  </span>
                )}
                <code>{part.text}</code>
              </>
            )}
          </li>
        ))}
      </ul>
      {parts.length > most && (
        <p className={styles['none']}>{t('routing.moreTurnedDown', { count: parts.length - most })}</p>
      )}
    </section>
  )
}
