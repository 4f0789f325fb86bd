import { type ReactNode, useState } from 'react'
import { useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import styles from './Fields.module.css'
import { formatHint, placeWords, typeSentence } from './field-words.ts'
import type { Problem } from './form-values.ts'
import type { Field } from './schema-form.ts'

/** A name with everything the schema says about the argument, on one line. */
export function FieldName({
  field,
  label,
  htmlFor,
}: {
  readonly field: Field
  readonly label: string
  readonly htmlFor?: string | undefined
}) {
  const t = useText()
  const name = <code className={styles['name']}>{label}</code>
  return (
    <>
      {htmlFor === undefined ? name : <label htmlFor={htmlFor}>{name}</label>}
      {field.required && field.name !== '' && <span className={styles['required']}>{t('tryIt.required')}</span>}
      {field.place && <Badge>{t(placeWords[field.place])}</Badge>}
      <span className={styles['type']}>{typeSentence(field)}</span>
      {field.deprecated && <Badge tone="warn">{t('tryIt.deprecated')}</Badge>}
    </>
  )
}

/** One argument: its name above the control, what is wrong with it and what it is for below. */
export function FieldFrame({
  field,
  label,
  id,
  pointer,
  problem,
  hint,
  bare,
  actions,
  children,
}: {
  readonly field: Field
  readonly label: string
  /** Of the control; what is said below it has this with `-about`. */
  readonly id: string
  readonly pointer: string
  readonly problem: Problem | null
  readonly hint?: string | undefined
  readonly bare?: boolean | undefined
  /** At the end of the name's line: what can be done to an item of a list. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  const t = useText()
  const notes = [hint, formatHint(field, t)].filter(Boolean).join(' · ')
  return (
    <div
      className={styles['field']}
      data-pointer={pointer}
      data-wrong={(problem !== null && !problem.advice) || undefined}
    >
      {!bare && (
        <div className={styles['head']}>
          <FieldName field={field} label={label} htmlFor={id} />
          {actions && <span className={styles['actions']}>{actions}</span>}
        </div>
      )}
      {children}
      <div id={`${id}-about`} className={styles['about']}>
        {problem && (
          <p className={styles[problem.advice ? 'caution' : 'problem']} role="alert">
            {t(problem.key, problem.values)}
          </p>
        )}
        {notes && <p>{notes}</p>}
        <Description text={field.description} />
      </div>
    </div>
  )
}

/** About what three lines of the narrow drawer hold. */
const most = 200

/** What the schema says in prose; a long one is cut until asked for. */
export function Description({ text }: { readonly text: string }) {
  const t = useText()
  const [whole, setWhole] = useState(false)
  if (text === '') return null
  const cut = text.length > most && !whole
  return (
    <p className={styles['description']}>
      {cut ? `${text.slice(0, most).trimEnd()}… ` : text}
      {text.length > most && (
        <button type="button" className={styles['more']} onClick={() => setWhole(!whole)}>
          {t(whole ? 'common.showLess' : 'common.showAll')}
        </button>
      )}
    </p>
  )
}
