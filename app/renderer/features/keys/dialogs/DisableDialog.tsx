import { useState } from 'react'
import type { Key } from '../../../../shared/contracts/keys.ts'
import { useText } from '../../../i18n/language.ts'
import { useKeys } from '../../../shell/keys-mirror.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { applicable, disableKeys, nameThem } from '../key-actions.tsx'
import styles from './Dialogs.module.css'
import { unserved } from './unserved.ts'

const longest = 200

/** Asks why, so that whoever finds the key disabled knows; an empty reason is one too. */
export function DisableDialog({ keys, onClose }: { readonly keys: readonly Key[]; readonly onClose: () => void }) {
  const t = useText()
  const [reason, setReason] = useState('')
  const those = applicable('disable', keys)
  const lost = unserved(those, [...useKeys((state) => state.byId).values()])
  const confirm = () => {
    onClose()
    void disableKeys(those, reason.trim())
  }
  return (
    <Dialog
      title={t('keys.disableTitle', { name: nameThem(those, t) })}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={confirm}>
            {t('keys.disable')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('keys.reason')}
        hint={t('keys.reasonHint')}
        value={reason}
        onChange={(next) => setReason(next.slice(0, longest))}
        onEnter={confirm}
      />
      {lost.length > 0 && <p className={styles['warn']}>{t('keys.removeUnserved', { services: lost.join(', ') })}</p>}
    </Dialog>
  )
}
