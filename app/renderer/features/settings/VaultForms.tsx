import { useState } from 'react'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { toast } from '../../shell/toasts.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { type PassphraseRefusal, useRefusal } from '../vault/use-refusal.tsx'
import styles from '../vault/Vault.module.css'

/** Sets, changes or removes the passphrase of an open vault. */
export function PassphraseForm({ hasPassphrase }: { readonly hasPassphrase: boolean }) {
  const t = useText()
  const refusal = useRefusal()
  const [present, setPresent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [busy, setBusy] = useState(false)
  const open = !refusal.waiting && (!hasPassphrase || present !== '')
  const right = open && next.length >= 8 && next === again
  const keep = async (wanted: string | null) => {
    if (busy) return
    setBusy(true)
    const former = hasPassphrase ? present : null
    const done = await refusal.attempt(rpc.vault.setPassphrase({ former, next: wanted }).then(() => true))
    setBusy(false)
    if (!done) return
    for (const clear of [setPresent, setNext, setAgain]) clear('')
    toast({ text: t(wanted === null ? 'vault.doneRemoved' : hasPassphrase ? 'vault.doneChanged' : 'vault.doneSet') })
  }
  return (
    <div className={styles['fields']}>
      {hasPassphrase && <Present value={present} onChange={setPresent} refusal={refusal} />}
      <TextField
        type="password"
        label={t('vault.next')}
        value={next}
        onChange={setNext}
        error={next !== '' && next.length < 8 ? t('vault.tooShort') : null}
      />
      <TextField
        type="password"
        label={t('vault.again')}
        value={again}
        onChange={setAgain}
        onEnter={() => right && void keep(next)}
        error={again !== '' && again !== next ? t('vault.differs') : null}
      />
      <div className={styles['buttons']}>
        <Button disabled={!right} busy={busy} onClick={() => void keep(next)}>
          {t(hasPassphrase ? 'vault.change' : 'vault.set')}
        </Button>
        {hasPassphrase && (
          <Button variant="danger" disabled={!open || busy} onClick={() => void keep(null)}>
            {t('vault.remove')}
          </Button>
        )}
      </div>
    </div>
  )
}

/** Takes a new data key. */
export function RotateForm({ hasPassphrase }: { readonly hasPassphrase: boolean }) {
  const t = useText()
  const refusal = useRefusal()
  const [present, setPresent] = useState('')
  const [busy, setBusy] = useState(false)
  const ready = !refusal.waiting && (!hasPassphrase || present !== '')
  const rotate = async () => {
    if (busy || !ready) return
    setBusy(true)
    const done = await refusal.attempt(rpc.vault.rotate({ passphrase: hasPassphrase ? present : null }))
    setBusy(false)
    setPresent('')
    if (done) toast({ text: t('vault.rotateDone', { count: done.resealed }) })
  }
  return (
    <div className={styles['fields']}>
      {hasPassphrase && (
        <Present value={present} onChange={setPresent} onEnter={() => void rotate()} refusal={refusal} />
      )}
      <div className={styles['buttons']}>
        <Button disabled={!ready} busy={busy} onClick={() => void rotate()}>
          {t('vault.rotate')}
        </Button>
      </div>
    </div>
  )
}

/** The passphrase that the vault has, which what is asked for needs; a refusal is said at it. */
function Present({
  value,
  refusal,
  onChange,
  onEnter,
}: {
  readonly value: string
  readonly refusal: PassphraseRefusal
  readonly onChange: (value: string) => void
  readonly onEnter?: () => void
}) {
  const t = useText()
  return (
    <TextField
      type="password"
      label={t('vault.present')}
      value={value}
      error={refusal.said}
      onChange={(next) => {
        refusal.clear()
        onChange(next)
      }}
      onEnter={onEnter}
    />
  )
}
