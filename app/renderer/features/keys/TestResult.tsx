import type { KeyTest } from '../../../shared/contracts/keys.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { duration } from '../../ui/format.ts'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Keys.module.css'

const mostNamed = 6

/** What a vendor answered: how fast and which models, or why not. */
export function TestResult({ test }: { readonly test: Omit<KeyTest, 'models'> & Partial<Pick<KeyTest, 'models'>> }) {
  const t = useText()
  const language = useLanguage()
  const time = duration(test.latencyMs, language)
  const models = test.models ?? []
  const failure = test.failure && describeError(knownCode(test.failure.code), test.failure.details, language)
  return (
    <div className={styles['result']}>
      <StateMark state={test.ok ? 'ok' : 'fail'} />
      <div>
        <p>
          {test.ok ? t('keys.answeredIn', { time }) : (failure?.sentence ?? t('keys.notAnswered'))}
          {test.ok && models.length > 0 && ` · ${t('keys.modelsCount', { count: models.length })}`}
        </p>
        {test.ok && models.length > 0 && (
          <p className={styles['small']}>
            {models.slice(0, mostNamed).join(', ')}
            {models.length > mostNamed && ` ${t('common.andMore', { count: models.length - mostNamed })}`}
          </p>
        )}
        {!test.ok && (
          <p className={styles['small']}>
            {[test.statusCode === null ? null : `HTTP ${test.statusCode}`, time, failure?.advice]
              .filter(Boolean)
              .join(' · ')}
          </p>
        )}
      </div>
    </div>
  )
}
