import { describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { asAppError } from '../../../shell/run.ts'
import { Spinner } from '../../../ui/Spinner.tsx'
import { TestResult } from '../TestResult.tsx'
import styles from './Dialogs.module.css'
import type { TryOut } from './use-try-out.ts'

/** What came of asking the vendor; keeps its place, so that the form does not jump when it answers. */
export function Tried({ tried }: { readonly tried: TryOut }) {
  const t = useText()
  const language = useLanguage()
  return (
    <div className={styles['tried']} role="status">
      {tried.kind === 'incomplete' && <p className={styles['quiet']}>{t('keys.tryHint')}</p>}
      {tried.kind === 'waiting' && (
        <p className={styles['looking']}>
          <Spinner /> {t('keys.trying')}
        </p>
      )}
      {tried.kind === 'answered' && <TestResult test={tried.test} />}
      {tried.kind === 'failed' && (
        <p className={styles['warn']}>
          {describeError(asAppError(tried.error).code, asAppError(tried.error).details, language).sentence}
        </p>
      )}
    </div>
  )
}
