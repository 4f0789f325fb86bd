import { useState } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { Vendor } from '../../../../shared/contracts/keys.ts'
import { type AppError, describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { useKeys } from '../../../shell/keys-mirror.ts'
import { asAppError, showFailure } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { keyPath } from '../key-address.ts'
import { type DraftField, freeName, isSecret, newDraft, readDraft } from '../key-draft.ts'
import { knownServices, needsAddress, vendorNames } from '../key-words.ts'
import styles from './Dialogs.module.css'
import { type ChangeDraft, IdentityFields, LimitFields, wordsOf } from './FactsFields.tsx'
import { Tried } from './Tried.tsx'
import { type Attempt, useTryOut } from './use-try-out.ts'

/** Where main's refusal belongs in the form. */
const refusedAt: Readonly<Record<string, DraftField | 'secret'>> = {
  KEY_DUPLICATE_SECRET: 'secret',
  KEY_NAME_TAKEN: 'name',
  KEY_NEEDS_ADDRESS: 'baseUrl',
}

/** One form that asks the vendor while it is filled in, and saves what answered; anything else only on purpose. */
export function AddDialog({
  vendor: given = 'openai',
  service,
  onClose,
}: {
  readonly vendor?: Vendor | undefined
  readonly service?: string | undefined
  readonly onClose: () => void
}) {
  const t = useText()
  const language = useLanguage()
  const [typed, setTyped] = useState(() => newDraft(given, service ?? knownServices[given][0] ?? ''))
  const [named, setNamed] = useState(false)
  const [secret, setSecret] = useState('')
  const [limits, setLimits] = useState(false)
  const [touched, setTouched] = useState<ReadonlySet<DraftField>>(new Set())
  const [refused, setRefused] = useState<{ readonly at: DraftField | 'secret'; readonly error: AppError } | null>(null)
  const [busy, setBusy] = useState(false)
  const byId = useKeys((state) => state.byId)

  // Until the operator names it, the key is called after what it opens.
  const draft = named ? typed : { ...typed, name: freeName(typed.vendor, typed.service, byId.values()) }
  const { facts, wrong } = readDraft(draft)
  const addressMissing = needsAddress(draft.vendor) && draft.baseUrl.trim() === ''
  const complete = isSecret(secret) && !addressMissing && !wrong.service && !wrong.baseUrl
  const attempt: Attempt | null = complete
    ? { vendor: draft.vendor, service: draft.service.trim(), baseUrl: draft.baseUrl.trim() || null, secret }
    : null
  const tried = useTryOut(attempt)
  const answered = tried.kind === 'answered' && tried.test.ok
  const savable = facts !== null && isSecret(secret) && !addressMissing

  const edit: ChangeDraft = (field, value) => {
    setRefused(null)
    if (field === 'name') setNamed(true)
    setTouched(new Set(touched).add(field))
    setTyped({ ...draft, [field]: value })
  }
  const choose = (vendor: Vendor) => {
    setRefused(null)
    setTyped({ ...draft, vendor, service: knownServices[vendor][0] ?? '' })
  }
  const save = async () => {
    if (busy || !savable || facts === null) return
    setBusy(true)
    try {
      const { id } = await rpc.keys.add({ ...facts, secret })
      onClose()
      const action = { label: t('keys.show'), onClick: () => navigate(keyPath(id, 'summary')) }
      toast({ text: t('keys.doneAdd', { name: facts.name }), action })
    } catch (error) {
      const known = asAppError(error)
      const at = refusedAt[known.code]
      if (at === undefined) showFailure(error)
      else setRefused({ at, error: known })
      setBusy(false)
    }
  }
  const enter = () => {
    if (answered) void save()
  }
  const words = wordsOf(wrong, touched, t)
  const refusal = refused && describeError(refused.error.code, refused.error.details, language).sentence
  const fields = {
    draft,
    wrong: refused && refused.at !== 'secret' ? { ...words, [refused.at]: refusal } : words,
    onChange: edit,
    onEnter: enter,
  }
  const badSecret = secret !== '' && !isSecret(secret)
  return (
    <Dialog
      wide
      title={t('keys.addTitle')}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {!answered && (
            <Button disabled={!savable} busy={busy} onClick={() => void save()}>
              {t('keys.saveAnyway')}
            </Button>
          )}
          <Button
            variant="primary"
            disabled={!answered || !savable}
            busy={busy && answered}
            onClick={() => void save()}
          >
            {t('keys.save')}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <Select
          label={t('keys.vendor')}
          value={draft.vendor}
          options={Vendor.options.map((value) => ({ value, label: vendorNames[value] }))}
          onChange={choose}
        />
        <IdentityFields {...fields} />
        <TextField
          mono
          type="password"
          label={t('keys.secret')}
          value={secret}
          hint={t('keys.secretHint')}
          error={refused?.at === 'secret' ? refusal : badSecret ? t('keys.wrongSecret') : null}
          onChange={(value) => {
            setRefused(null)
            setSecret(value.trim())
          }}
          onEnter={enter}
        />
        <Tried tried={tried} />
        {limits ? (
          <LimitFields {...fields} />
        ) : (
          <div>
            <Button variant="quiet" onClick={() => setLimits(true)}>
              {t('keys.setLimits')}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  )
}
