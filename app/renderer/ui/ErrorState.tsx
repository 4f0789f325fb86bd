import { OctagonAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../i18n/language.ts'
import { CopyButton } from './CopyButton.tsx'
import { classes } from './classes.ts'
import styles from './EmptyState.module.css'

/** What happened, what to do, and the code to hand to somebody who helps. */
export function ErrorState({
  sentence,
  advice,
  code,
  details,
  action,
}: {
  readonly sentence: string
  readonly advice?: string | null | undefined
  readonly code: string
  /** Copied together with the code; nothing secret. */
  readonly details?: string | undefined
  readonly action?: ReactNode
}) {
  const t = useText()
  return (
    <div className={classes(styles['state'], styles['fail'])} role="alert">
      <OctagonAlert size={24} strokeWidth={1.5} aria-hidden />
      <h2>{sentence}</h2>
      {advice && <p className={styles['text']}>{advice}</p>}
      {action && <div className={styles['action']}>{action}</div>}
      <div className={styles['code']}>
        <code>{code}</code>
        <CopyButton text={[code, sentence, details].filter(Boolean).join('\n')} label={t('common.copyDetails')} />
      </div>
    </div>
  )
}
