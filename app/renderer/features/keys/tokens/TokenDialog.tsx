import { useState } from 'react'
import type { Token } from '../../../../shared/contracts/gateway.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { useKnownNames } from '../../../shell/known-names.ts'
import { run } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { NamePicker } from '../../../ui/NamePicker.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import styles from '../dialogs/Dialogs.module.css'
import { MadeToken } from './MadeToken.tsx'
import { newTokenDraft, readTokenDraft, type TokenDraft, tokenDraftOf } from './token-draft.ts'
import { type ScopeKind, scopeKinds, scopeWords } from './token-rules.ts'

/** A feature or a model may come later, or be called by other names; a plugin has its id once it is there. */
const othersOpen: Readonly<Record<ScopeKind, boolean>> = { features: true, models: true, plugins: false }

/** Creates a token (`token` null) or changes one; a new one is shown in the same place, once. */
export function TokenDialog({ token, onClose }: { readonly token: Token | null; readonly onClose: () => void }) {
  const t = useText()
  const [draft, setDraft] = useState<TokenDraft>(() => (token === null ? newTokenDraft : tokenDraftOf(token)))
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const known = useKnownNames()
  const { facts, wrong } = readTokenDraft(draft)
  const words = (field: keyof typeof wrong) => (checked && wrong[field] ? t(wrong[field]) : null)
  const edit = (part: Partial<TokenDraft>) => setDraft({ ...draft, ...part })
  const editScope = (kind: ScopeKind, part: Partial<TokenDraft['scopes'][ScopeKind]>) =>
    edit({ scopes: { ...draft.scopes, [kind]: { ...draft.scopes[kind], ...part } } })

  const save = async () => {
    setChecked(true)
    if (busy || facts === null) return
    setBusy(true)
    if (token === null) {
      const answer = await run(rpc.gateway.createToken(facts))
      if (answer) setMade(answer.token)
    } else {
      // A date that nobody touched keeps its hour.
      const { expiresAt, ...rest } = facts
      const kept = draft.expiresAt === tokenDraftOf(token).expiresAt ? rest : { ...rest, expiresAt }
      const done = await run(rpc.gateway.changeToken({ id: token.id, facts: kept }).then(() => true))
      if (done) {
        toast({ text: t('keys.doneChangeToken', { name: facts.name }) })
        onClose()
      }
    }
    setBusy(false)
  }
  if (made !== null) return <MadeToken name={draft.name.trim()} token={made} onClose={onClose} />
  return (
    <Dialog
      title={token === null ? t('keys.createTokenTitle') : t('keys.changeTokenTitle', { name: token.name })}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={() => void save()}>
            {token === null ? t('keys.create') : t('keys.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('keys.name')}
        value={draft.name}
        error={words('name')}
        onChange={(name) => edit({ name })}
        onEnter={() => void save()}
      />
      {scopeKinds.map((kind) => {
        const { kind: choice, names } = draft.scopes[kind]
        return (
          <div key={kind} className={styles['scope']}>
            <span aria-hidden>{t(scopeWords[kind])}</span>
            <SegmentedControl
              label={t(scopeWords[kind])}
              value={choice}
              options={[
                { value: 'all', label: t('keys.scopeAll') },
                { value: 'some', label: t('keys.scopeSome') },
                { value: 'none', label: t('keys.scopeNone') },
              ]}
              onChange={(next) => editScope(kind, { kind: next })}
            />
            {choice === 'some' && (
              <div className={styles['scopeNames']}>
                <NamePicker
                  label={t(scopeWords[kind])}
                  hideLabel
                  placeholder={t(othersOpen[kind] ? 'keys.scopeNames' : 'keys.scopePick')}
                  names={names}
                  options={known[kind]}
                  others={othersOpen[kind]}
                  error={words(kind)}
                  onChange={(next) => editScope(kind, { names: next })}
                />
              </div>
            )}
          </div>
        )
      })}
      <div className={styles['triple']}>
        <TextField
          label={t('keys.rpm')}
          placeholder={t('keys.noLimit')}
          value={draft.rpm}
          error={words('rpm')}
          onChange={(rpm) => edit({ rpm })}
        />
        <TextField
          label={t('keys.tpm')}
          placeholder={t('keys.noLimit')}
          value={draft.tpm}
          error={words('tpm')}
          onChange={(tpm) => edit({ tpm })}
        />
        <TextField
          type="date"
          label={t('keys.validThrough')}
          value={draft.expiresAt}
          error={words('expiresAt')}
          onChange={(expiresAt) => edit({ expiresAt })}
        />
      </div>
    </Dialog>
  )
}
