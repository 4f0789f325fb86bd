import type { Failure } from '../../../shared/contracts/tasks.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { LinkButton } from '../../ui/Button.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Agents.module.css'

/** What the model, its vendor or the rules of its feature are at fault for. */
const routed = new Set(['NO_CANDIDATE', 'VENDOR_FAILED', 'VENDOR_CANNOT', 'MODEL_UNKNOWN', 'FEATURE_NOT_FOUND'])

/** Why there is no answer, and where that can be changed. */
export function Unanswered({ failure }: { readonly failure: Failure }) {
  const t = useText()
  const language = useLanguage()
  const code = knownCode(failure.code)
  if (code === 'CANCELLED')
    return (
      <p className={styles['busy']}>
        <StateMark state="stopped" /> {t('agents.stopped')}
      </p>
    )
  const { sentence, advice } = describeError(code, failure.details, language)
  return (
    <div className={styles['failed']} role="alert">
      <StateMark state="fail" label={t('agents.failed')} />
      <div>
        <p>{sentence}</p>
        {advice && <p>{advice}</p>}
        <code>{failure.code}</code>
      </div>
      {routed.has(failure.code) && <LinkButton href="#/routing">{t('agents.openRouting')}</LinkButton>}
    </div>
  )
}
