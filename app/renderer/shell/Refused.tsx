import { LogIn } from 'lucide-react'
import { useText } from '../i18n/language.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import styles from './Refused.module.css'

const command = 'npm start'

/** The host does not know this browser: its one-time link was used elsewhere, or it was started anew. */
export function Refused() {
  const t = useText()
  return (
    <main className={styles['page']}>
      <EmptyState
        icon={LogIn}
        level="h1"
        title={t('shell.refusedTitle')}
        action={
          <>
            <span className={styles['label']}>{t('shell.refusedCommand')}</span>
            <code className={styles['command']}>{command}</code>
            <CopyButton text={command} label={t('shell.copyCommand')} />
          </>
        }
      >
        {t('shell.refusedText')}
      </EmptyState>
    </main>
  )
}
