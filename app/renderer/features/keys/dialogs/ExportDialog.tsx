import { useState } from 'react'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { keepFile } from '../../../shell/keep-file.ts'
import { useKeys } from '../../../shell/keys-mirror.ts'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { TextField } from '../../../ui/TextField.tsx'

const shortest = 8

/** All keys with their secrets in one file; twice the passphrase, since nobody can open it without. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const count = useKeys(({ byId }) => byId.size)
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const short = passphrase.length < shortest
  const differs = passphrase !== again
  const save = async () => {
    setChecked(true)
    if (busy || short || differs) return
    setBusy(true)
    const saved = await run(rpc.keys.export({ passphrase }))
    setBusy(false)
    if (!saved) return
    onClose()
    keepFile(saved)
  }
  return (
    <Dialog
      title={t('keys.exportTitle')}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={count === 0} busy={busy} onClick={() => void save()}>
            {t('keys.exportConfirm', { count })}
          </Button>
        </>
      }
    >
      <p>{t('keys.exportText')}</p>
      <TextField
        type="password"
        label={t('keys.passphrase')}
        value={passphrase}
        hint={t('keys.passphraseHint', { shortest })}
        error={checked && short ? t('keys.passphraseShort', { shortest }) : null}
        onChange={setPassphrase}
        onEnter={() => void save()}
      />
      <TextField
        type="password"
        label={t('keys.passphraseAgain')}
        value={again}
        error={checked && !short && differs ? t('keys.passphraseDiffers') : null}
        onChange={setAgain}
        onEnter={() => void save()}
      />
    </Dialog>
  )
}
