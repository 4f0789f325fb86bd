import { useState } from 'react'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useRefusal } from './use-refusal.tsx'
import styles from './Vault.module.css'

/** One field that opens the vault; what was wrong with it is said below it. */
export function Unlock() {
  const t = useText()
  const refusal = useRefusal()
  const [passphrase, setPassphrase] = useState('')
  const [busy, setBusy] = useState(false)
  const ready = passphrase !== '' && !refusal.waiting
  const unlock = async () => {
    if (busy || !ready) return
    setBusy(true)
    await refusal.attempt(rpc.vault.unlock({ passphrase }))
    // Right or wrong, it is not needed any more.
    setPassphrase('')
    setBusy(false)
  }
  return (
    <div className={styles['unlock']}>
      <TextField
        type="password"
        label={t('vault.passphrase')}
        hideLabel
        placeholder={t('vault.passphrase')}
        value={passphrase}
        error={refusal.said}
        onChange={(value) => {
          refusal.clear()
          setPassphrase(value)
        }}
        onEnter={() => void unlock()}
      />
      <Button disabled={!ready} busy={busy} onClick={() => void unlock()}>
        {t('vault.unlock')}
      </Button>
    </div>
  )
}
