import { useState } from 'react'
import type { Key } from '../../../../shared/contracts/keys.ts'
import { type AppError, describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError, run, showFailure } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { type ChangeDraft, IdentityFields, LimitFields, wordsOf } from '../dialogs/FactsFields.tsx'
import {
  changedFacts,
  type DraftField,
  draftOf,
  isEdited,
  isSecret,
  type KeyDraft,
  movesSecret,
  readDraft,
} from '../key-draft.ts'
import styles from './Drawer.module.css'

/** Only what was typed is kept here, so that a change from elsewhere shows in the other fields at once. */
export function EditForm({ entry }: { readonly entry: Key }) {
  const t = useText()
  const language = useLanguage()
  const [edits, setEdits] = useState<Partial<Omit<KeyDraft, 'vendor'>>>({})
  const [secret, setSecret] = useState('')
  const [refused, setRefused] = useState<{ readonly at: DraftField | 'secret'; readonly error: AppError } | null>(null)
  const [busy, setBusy] = useState(false)
  const before = draftOf(entry)
  const draft = { ...before, ...edits }
  const { facts, wrong } = readDraft(draft)
  const edited = (Object.keys(edits) as DraftField[]).some((field) => isEdited(field, before, draft))
  const moves = facts !== null && movesSecret(entry.baseUrl, facts.baseUrl)
  const savable = edited && facts !== null && (!moves || isSecret(secret))
  const sentence = refused && describeError(refused.error.code, refused.error.details, language).sentence
  const clear = () => {
    setEdits({})
    setSecret('')
    setRefused(null)
  }

  const save = async () => {
    if (busy || !savable) return
    setBusy(true)
    const wanted = changedFacts(before, draft, facts)
    const former = Object.fromEntries(Object.keys(wanted).map((field) => [field, entry[field as DraftField]]))
    try {
      await rpc.keys.change({ id: entry.id, facts: wanted, ...(moves && { secret }) })
      clear()
      const undo = () => void run(rpc.keys.change({ id: entry.id, facts: former }))
      // The secret does not go back to the former address by itself either.
      const action = moves ? {} : { action: { label: t('common.undo'), onClick: undo } }
      toast({ text: t('keys.doneChange', { name: entry.name }), ...action })
    } catch (error) {
      const known = asAppError(error)
      if (known.code === 'KEY_NAME_TAKEN') setRefused({ at: 'name', error: known })
      else if (known.code === 'KEY_DUPLICATE_SECRET') setRefused({ at: 'secret', error: known })
      else if (known.code === 'KEY_NEEDS_ADDRESS') setRefused({ at: 'baseUrl', error: known })
      else showFailure(error)
    }
    setBusy(false)
  }
  const fields = {
    draft,
    wrong: {
      ...wordsOf(wrong, 'all', t),
      ...(refused && { [refused.at]: sentence }),
    },
    onChange: ((field, value) => {
      setRefused(null)
      setEdits({ ...edits, [field]: value })
    }) satisfies ChangeDraft,
    onEnter: () => void save(),
  }
  return (
    <div className={styles['form']}>
      <IdentityFields {...fields} />
      {moves && (
        <TextField
          mono
          type="password"
          label={t('keys.secretForAddress')}
          value={secret}
          error={
            (refused?.at === 'secret' ? sentence : null) ??
            (secret !== '' && !isSecret(secret) ? t('keys.wrongSecret') : null)
          }
          onChange={(value) => {
            setRefused(null)
            setSecret(value.trim())
          }}
          onEnter={() => void save()}
        />
      )}
      <LimitFields {...fields} />
      <div className={styles['buttons']}>
        <Button variant="primary" disabled={!savable} busy={busy} onClick={() => void save()}>
          {t('keys.save')}
        </Button>
        <Button disabled={!edited} onClick={clear}>
          {t('keys.discard')}
        </Button>
      </div>
    </div>
  )
}
