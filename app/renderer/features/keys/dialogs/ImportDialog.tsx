import { useEffect, useRef, useState } from 'react'
import type { ImportedKey } from '../../../../shared/contracts/keys.ts'
import { type AppError, describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError, run } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { TextArea } from '../../../ui/TextArea.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import styles from './Dialogs.module.css'
import { ImportPreview } from './ImportPreview.tsx'
import { formatOf, type ImportFormat } from './import-format.ts'

/** As the contract has it. */
const largest = 5_000_000
const pause = 300
const formats = [
  ['env', '.env'],
  ['csv', 'CSV'],
  ['one-api', 'one-api JSON'],
  ['pilothouse', 'Pilothouse'],
] as const

interface Entered {
  readonly passphrase: string
}
/** Formats that are not encrypted need no passphrase. */
const none: Partial<Entered> = {}

type Preview =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly keys: readonly ImportedKey[] }
  | { readonly kind: 'failed'; readonly error: AppError }

/** Keys of another program, by paste or as a file: shows what would become of each line before anything is kept. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const [text, setText] = useState('')
  const [format, setFormat] = useState<ImportFormat>('env')
  const [tooLarge, setTooLarge] = useState(false)
  const [busy, setBusy] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const [passphrase, setPassphrase] = useState('')
  // Only what was entered on purpose is tried: each try takes main a while.
  const [entered, setEntered] = useState<Entered | null>(null)
  const sealed = format === 'pilothouse'
  const preview = usePreview(text, format, sealed ? entered : none)
  const refusal = preview.kind === 'failed' ? describeError(preview.error.code, preview.error.details, language) : null
  const refusesPassphrase = preview.kind === 'failed' && preview.error.code === 'KEY_FILE_PASSPHRASE'
  const opening = sealed && entered !== null && preview.kind === 'none' && text.trim() !== ''
  const open = () => {
    if (passphrase !== '' && text.trim() !== '' && !opening) setEntered({ passphrase })
  }
  const added = preview.kind === 'known' ? preview.keys.filter(({ outcome }) => outcome === 'added').length : 0

  const take = (next: string, fileName?: string) => {
    setTooLarge(next.length > largest)
    if (next.length > largest) return
    // What is pasted into the empty field, or picked, chooses its format; typing on does not.
    if (text === '' || fileName !== undefined) setFormat(formatOf(next, fileName))
    setText(next)
  }
  const pick = async (picked: File | undefined) => {
    if (!picked) return
    if (picked.size > largest) setTooLarge(true)
    else take(await picked.text(), picked.name)
  }
  const apply = async () => {
    if (busy || added === 0) return
    setBusy(true)
    const answer = await run(rpc.keys.importText({ format, text, apply: true, ...(sealed && entered) }))
    setBusy(false)
    if (!answer) return
    onClose()
    toast({ text: t('keys.doneImport', { count: answer.keys.filter(({ outcome }) => outcome === 'added').length }) })
  }
  return (
    <Dialog
      wide
      title={t('keys.importTitle')}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={added === 0} busy={busy} onClick={() => void apply()}>
            {t('keys.importConfirm', { count: added })}
          </Button>
        </>
      }
    >
      <p>{t('keys.importText')}</p>
      <div className={styles['bar']}>
        <SegmentedControl
          label={t('keys.format')}
          value={format}
          options={formats.map(([value, label]) => ({ value, label }))}
          onChange={setFormat}
        />
        <Button onClick={() => file.current?.click()}>{t('keys.chooseFile')}</Button>
        <input
          ref={file}
          type="file"
          hidden
          aria-label={t('keys.chooseFile')}
          onChange={(event) => {
            void pick(event.target.files?.[0])
            event.target.value = ''
          }}
        />
      </div>
      <TextArea
        mono
        rows={6}
        label={t('keys.importField')}
        value={text}
        placeholder={'OPENAI_API_KEY=…\nDASHSCOPE_API_KEY=…'}
        onChange={(next) => take(next)}
      />
      {tooLarge && <p className={styles['fail']}>{t('keys.importTooLarge')}</p>}
      {sealed && (
        <div className={styles['open']}>
          <TextField
            type="password"
            label={t('keys.passphrase')}
            value={passphrase}
            hint={t('keys.importPassphraseHint')}
            error={refusesPassphrase ? refusal?.sentence : null}
            onChange={(next) => {
              setEntered(null)
              setPassphrase(next)
            }}
            onEnter={open}
          />
          <Button disabled={passphrase === '' || text.trim() === ''} busy={opening} onClick={open}>
            {t('keys.importOpen')}
          </Button>
        </div>
      )}
      {refusal && !refusesPassphrase && (
        <p className={styles['fail']} role="alert">
          {refusal.sentence}
        </p>
      )}
      {preview.kind === 'known' && <ImportPreview keys={preview.keys} />}
    </Dialog>
  )
}

/** Asks main what it makes of the text, once the typing pauses; null for what has no passphrase yet. */
function usePreview(text: string, format: ImportFormat, secret: Partial<Entered> | null): Preview {
  const [preview, setPreview] = useState<Preview>({ kind: 'none' })
  useEffect(() => {
    // What a passphrase has opened, or has not, is shown no longer than that passphrase stands there.
    if (secret !== none) setPreview({ kind: 'none' })
    if (secret === null) return
    let current = true
    const tell = (next: Preview) => current && setPreview(next)
    const look = () => {
      if (text.trim() === '') return tell({ kind: 'none' })
      rpc.keys.importText({ format, text, apply: false, ...secret }).then(
        ({ keys }) => tell({ kind: 'known', keys }),
        (error: unknown) => tell({ kind: 'failed', error: asAppError(error) }),
      )
    }
    const timer = setTimeout(look, pause)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text, format, secret])
  return preview
}
