import { useState } from 'react'
import { type AppError, describeError } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { asAppError } from '../../shell/run.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './Vault.module.css'

/** One field that opens the vault; what was wrong with it is said below it. */
export function Unlock() {
  const t = useText()
  const language = useLanguage()
  const [passphrase, setPassphrase] = useState('')
  const [refused, setRefused] = useState<AppError | null>(null)
  const [busy, setBusy] = useState(false)
  const unlock = async () => {
    if (busy || passphrase === '') return
    setBusy(true)
    try {
      await rpc.vault.unlock({ passphrase })
    } catch (error) {
      setRefused(asAppError(error))
    } finally {
      // Right or wrong, it is not needed any more.
      setPassphrase('')
      setBusy(false)
    }
  }
  return (
    <div className={styles['unlock']}>
      <TextField
        type="password"
        label={t('vault.passphrase')}
        hideLabel
        placeholder={t('vault.passphrase')}
        value={passphrase}
        error={refused && describeError(refused.code, refused.details, language).sentence}
        onChange={(value) => {
          setRefused(null)
          setPassphrase(value)
        }}
        onEnter={() => void unlock()}
      />
      <Button disabled={passphrase === ''} busy={busy} onClick={() => void unlock()}>
        {t('vault.unlock')}
      </Button>
    </div>
  )
}
