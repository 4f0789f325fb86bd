import { useEffect, useRef, useState } from 'react'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { run } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { bytes, dateTime } from '../../../ui/format.ts'
import { Progress } from '../../../ui/Progress.tsx'
import { sendPackage } from '../importing/send-package.ts'
import styles from './Dialogs.module.css'

type Preview = Awaited<ReturnType<typeof rpc.plugins.restoreBackup>>
type Step =
  | { readonly kind: 'sending'; readonly sent: number }
  | { readonly kind: 'known'; readonly uploadId: string; readonly preview: Preview }
  | { readonly kind: 'failed'; readonly error: unknown }
const mostNamed = 12

/** Says what a backup would bring back before it does. Closing it takes the file away again. */
export function RestoreBackupDialog({ file, onClose }: { readonly file: File; readonly onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const [step, setStep] = useState<Step>({ kind: 'sending', sent: 0 })
  const [busy, setBusy] = useState(false)
  const applied = useRef(false)
  useEffect(() => {
    const stop = new AbortController()
    let known: string | null = null
    const tell = (next: Step) => !stop.signal.aborted && setStep(next)
    const look = async () => {
      const picked = { name: file.name, files: [{ path: file.name, file }] }
      const onSent = (sent: number) => tell({ kind: 'sending', sent })
      const uploadId = await sendPackage(rpc.plugins, picked, { signal: stop.signal, onSent })
      known = uploadId
      const preview = await rpc.plugins.restoreBackup({ uploadId, apply: false })
      tell({ kind: 'known', uploadId, preview })
    }
    look().catch((error: unknown) => tell({ kind: 'failed', error }))
    return () => {
      stop.abort()
      if (known !== null && !applied.current) void rpc.plugins.abandonUpload({ uploadId: known }).catch(() => {})
    }
  }, [file])

  const apply = async () => {
    if (step.kind !== 'known') return
    setBusy(true)
    const done = await run(rpc.plugins.restoreBackup({ uploadId: step.uploadId, apply: true }))
    setBusy(false)
    if (!done) return
    applied.current = true
    onClose()
    toast({ text: t('plugins.doneRestoreBackup', { count: done.added.length + done.replaced.length }) })
  }
  return (
    <Dialog
      title={t('plugins.restoreTitle', { file: file.name })}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={step.kind !== 'known'} busy={busy} onClick={() => void apply()}>
            {t('plugins.restoreConfirm')}
          </Button>
        </>
      }
    >
      {step.kind === 'sending' && (
        <>
          <p>{t('plugins.uploadSent', { sent: bytes(step.sent, language), all: bytes(file.size, language) })}</p>
          <Progress
            value={file.size === 0 ? null : step.sent / file.size}
            label={t('plugins.uploadSending', { name: file.name })}
          />
        </>
      )}
      {step.kind === 'failed' && <Failed error={step.error} />}
      {step.kind === 'known' && (
        <>
          <p>{t('plugins.backupFrom', { time: dateTime(step.preview.createdAt, language) })}</p>
          <Names title={t('plugins.restoreAdds', { count: step.preview.added.length })} names={step.preview.added} />
          <Names
            title={t('plugins.restoreReplaces', { count: step.preview.replaced.length })}
            names={step.preview.replaced}
          />
          {step.preview.unreadableSecrets > 0 && (
            <p className={styles['warn']}>{t('plugins.restoreSecrets', { count: step.preview.unreadableSecrets })}</p>
          )}
        </>
      )}
    </Dialog>
  )
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  const t = useText()
  if (names.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <p>
        {names.slice(0, mostNamed).join(', ')}
        {names.length > mostNamed && ` ${t('common.andMore', { count: names.length - mostNamed })}`}
      </p>
    </section>
  )
}
