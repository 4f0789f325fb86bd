import { X } from 'lucide-react'
import { useEffect } from 'react'
import { describeError } from '../../shared/errors.ts'
import { useLanguage, useText } from '../i18n/language.ts'
import { Button } from '../ui/Button.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { StateMark } from '../ui/StateMark.tsx'
import styles from './Toasts.module.css'
import { dismissToast, type Toast, useToasts } from './toasts.ts'

const passAfter = 5000

/** What just happened, in the corner. Announced to screen readers; failures at once. */
export function Toasts() {
  const t = useText()
  const toasts = useToasts((state) => state.toasts)
  return (
    <section className={styles['toasts']} aria-label={t('shell.messages')} aria-live="polite" aria-relevant="additions">
      {toasts.map((shown) => (
        <OneToast key={shown.id} shown={shown} />
      ))}
    </section>
  )
}

function OneToast({ shown }: { readonly shown: Toast }) {
  const t = useText()
  const { id, kind, action } = shown
  useEffect(() => {
    if (kind === 'failure') return
    const timer = setTimeout(() => dismissToast(id), passAfter)
    return () => clearTimeout(timer)
  }, [id, kind])
  return (
    <div className={styles['toast']} data-kind={kind} role={kind === 'failure' ? 'alert' : undefined}>
      <span className={styles['mark']}>
        <StateMark state={kind === 'failure' ? 'fail' : 'ok'} />
      </span>
      <div className={styles['text']}>{shown.kind === 'done' ? shown.text : <Failure shown={shown} />}</div>
      {action && (
        <Button
          variant="quiet"
          onClick={() => {
            dismissToast(id)
            action.onClick()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon={X} label={t('common.dismiss')} onClick={() => dismissToast(id)} />
    </div>
  )
}

function Failure({ shown }: { readonly shown: Toast & { readonly kind: 'failure' } }) {
  const t = useText()
  const { sentence, advice } = describeError(shown.code, shown.details, useLanguage())
  return (
    <>
      <p>{sentence}</p>
      {advice && <p className={styles['advice']}>{advice}</p>}
      <p className={styles['code']}>
        <code>{shown.code}</code>
        {shown.times > 1 && <span>× {shown.times}</span>}
        <CopyButton
          text={`${shown.code}\n${sentence}\n${JSON.stringify(shown.details)}`}
          label={t('common.copyDetails')}
        />
      </p>
    </>
  )
}
