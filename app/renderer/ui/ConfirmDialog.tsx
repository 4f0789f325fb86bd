import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { type ReactNode, useRef, useState } from 'react'
import { useText } from '../i18n/language.ts'
import { Button } from './Button.tsx'
import styles from './Dialog.module.css'
import { TextField } from './TextField.tsx'

export interface ConfirmDialogProps {
  readonly title: string
  /** Names what it happens to, and what is lost. */
  readonly children?: ReactNode
  /** The word on the button that goes on: what it does, never "OK". */
  readonly confirm: string
  readonly danger?: boolean | undefined
  /** For what cannot be brought back: the button works once exactly this was typed. */
  readonly typeToConfirm?: string | undefined
  readonly busy?: boolean | undefined
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks before something that has no undo. Open for as long as it is rendered; the focus starts on the safe side. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { danger, typeToConfirm, busy, onConfirm, onCancel } = props
  const t = useText()
  const [typed, setTyped] = useState('')
  const cancel = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const ready = typeToConfirm === undefined || typed === typeToConfirm
  return (
    <Base.Root open onOpenChange={(open) => !open && onCancel()}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup
          className={styles['popup']}
          data-layer=""
          initialFocus={typeToConfirm === undefined ? cancel : field}
        >
          <div className={styles['header']}>
            <Base.Title className={styles['title']}>{props.title}</Base.Title>
          </div>
          <div className={styles['body']}>
            {props.children}
            {typeToConfirm !== undefined && (
              <TextField
                ref={field}
                label={t('common.typeToConfirm', { text: typeToConfirm })}
                value={typed}
                onChange={setTyped}
                onEnter={() => ready && onConfirm()}
              />
            )}
          </div>
          <div className={styles['footer']}>
            <Button ref={cancel} onClick={onCancel}>
              {t('common.cancel')}
            </Button>
            <Button variant={danger ? 'danger' : 'primary'} disabled={!ready} busy={busy} onClick={onConfirm}>
              {props.confirm}
            </Button>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
