import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../i18n/language.ts'
import styles from './Dialog.module.css'
import { IconButton } from './IconButton.tsx'

/** A question or a form above the page. Escape closes it, and the focus goes back to where it was. */
export function Dialog({
  title,
  open,
  onClose,
  children,
  footer,
}: {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** Its buttons; the one that goes on comes last. */
  readonly footer?: ReactNode
}) {
  const t = useText()
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup className={styles['popup']} data-layer="">
          <header className={styles['header']}>
            <Base.Title className={styles['title']}>{title}</Base.Title>
            <IconButton icon={X} label={t('common.close')} shortcut="Escape" onClick={onClose} />
          </header>
          <div className={styles['body']}>{children}</div>
          {footer && <footer className={styles['footer']}>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
