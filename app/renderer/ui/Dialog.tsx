import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useText } from '../i18n/language.ts'
import { classes } from './classes.ts'
import styles from './Dialog.module.css'
import { IconButton } from './IconButton.tsx'

/** A question or a form above the page. Escape closes it, and the focus goes back to where it was. */
export function Dialog({
  title,
  open,
  onClose,
  children,
  footer,
  wide = false,
}: {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** Its buttons; the one that goes on comes last. */
  readonly footer?: ReactNode
  /** For what is read rather than answered. */
  readonly wide?: boolean | undefined
}) {
  const t = useText()
  const popup = useRef<HTMLDivElement>(null)
  // A field if there is one, else the dialog: starting on the close button would only show its tooltip.
  const first = () => popup.current?.querySelector<HTMLElement>('input, textarea') ?? popup.current
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup
          ref={popup}
          className={classes(styles['popup'], wide && styles['wide'])}
          data-layer=""
          initialFocus={first}
        >
          <div className={styles['header']}>
            <Base.Title className={styles['title']}>{title}</Base.Title>
            <IconButton icon={X} label={t('common.close')} shortcut="Escape" onClick={onClose} />
          </div>
          <div className={styles['body']}>{children}</div>
          {footer && <div className={styles['footer']}>{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
