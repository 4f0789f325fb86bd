import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../i18n/language.ts'
import styles from './Banner.module.css'
import { classes } from './classes.ts'
import { IconButton } from './IconButton.tsx'
import { type Tone, ToneMark } from './ToneMark.tsx'

/** One line across the page about a state that lasts. */
export function Banner({
  tone,
  children,
  action,
  onDismiss,
}: {
  readonly tone: Tone
  readonly children: ReactNode
  readonly action?: ReactNode
  readonly onDismiss?: (() => void) | undefined
}) {
  const t = useText()
  return (
    <div className={classes(styles['banner'], styles[tone])} role={tone === 'fail' ? 'alert' : 'status'}>
      <ToneMark tone={tone} />
      <div className={styles['text']}>{children}</div>
      {action}
      {onDismiss && <IconButton icon={X} label={t('common.dismiss')} onClick={onDismiss} />}
    </div>
  )
}
