import { useState } from 'react'
import type { Key } from '../../../../shared/contracts/keys.ts'
import { type AppError, describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError, showFailure } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { duration } from '../../../ui/format.ts'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { isSecret } from '../key-draft.ts'
import { Tried } from './Tried.tsx'
import { useTryOut } from './use-try-out.ts'

const hour = 60 * 60 * 1000
const graces = ['0', '1', '24', '168'] as const

/** A new secret for the same key: tried while it is typed, and the former one stays for a while. */
export function RotateDialog({ entry, onClose }: { readonly entry: Key; readonly onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const [secret, setSecret] = useState('')
  const [grace, setGrace] = useState<(typeof graces)[number]>('24')
  const [refused, setRefused] = useState<AppError | null>(null)
  const [busy, setBusy] = useState(false)
  const { id, vendor, service, baseUrl, name } = entry
  const tried = useTryOut(isSecret(secret) ? { vendor, service, baseUrl, secret } : null)
  const answered = tried.kind === 'answered' && tried.test.ok
  const refusal = refused && describeError(refused.code, refused.details, language).sentence
  const save = async () => {
    if (busy || !isSecret(secret)) return
    setBusy(true)
    try {
      await rpc.keys.rotate({ id, secret, graceHours: Number(grace) })
      onClose()
      toast({ text: t('keys.doneRotate', { name }) })
    } catch (error) {
      const known = asAppError(error)
      if (known.code === 'KEY_DUPLICATE_SECRET') setRefused(known)
      else showFailure(error)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('keys.rotateTitle', { name })}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {!answered && (
            <Button disabled={!isSecret(secret)} busy={busy} onClick={() => void save()}>
              {t('keys.saveAnyway')}
            </Button>
          )}
          <Button variant="primary" disabled={!answered} busy={busy && answered} onClick={() => void save()}>
            {t('keys.rotateConfirm')}
          </Button>
        </>
      }
    >
      <TextField
        mono
        type="password"
        label={t('keys.newSecret')}
        value={secret}
        error={refusal ?? (secret !== '' && !isSecret(secret) ? t('keys.wrongSecret') : null)}
        onChange={(value) => {
          setRefused(null)
          setSecret(value.trim())
        }}
        onEnter={() => answered && void save()}
      />
      <Tried tried={tried} />
      <div>
        <p>{t('keys.graceText')}</p>
        <SegmentedControl
          label={t('keys.graceLabel')}
          value={grace}
          options={graces.map((value) => ({
            value,
            label: value === '0' ? t('keys.graceNone') : duration(Number(value) * hour, language),
          }))}
          onChange={setGrace}
        />
      </div>
    </Dialog>
  )
}
