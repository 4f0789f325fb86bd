import { ChevronDown, ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { useText } from '../../../i18n/language.ts'
import { Description, FieldName } from './FieldFrame.tsx'
import styles from './Fields.module.css'
import { FieldView, type FieldViewProps } from './FieldView.tsx'
import { useForm } from './form-context.ts'
import { type Path, type Problem, pointerOf } from './form-values.ts'
import { JsonInput } from './JsonInput.tsx'
import { isObject, type JsonObject } from './json-text.ts'
import type { Field } from './schema-form.ts'
import { edit } from './try-it-store.ts'

type ObjectField = Extract<Field, { kind: 'object' }>

/** An object inside of the arguments. Deep ones are folded until something in them is given, or wrong. */
export function ObjectInput(props: FieldViewProps & { readonly field: ObjectField; readonly problem: Problem | null }) {
  const { field, value, path, label, depth, bare, actions, problem } = props
  const t = useText()
  const id = useId()
  const { problems, refused } = useForm()
  const [asked, setAsked] = useState<boolean | null>(null)
  const pointer = pointerOf(path)
  const within = (one: string) => one.startsWith(`${pointer}/`)
  const wrong = [...problems.keys()].some(within) || [...refused.keys()].some(within)
  const given = isObject(value) ? Object.keys(value).length : 0
  const open = wrong || (asked ?? (depth < 2 || given > 0))
  const fields = (
    <Fields
      fields={field.fields()}
      value={isObject(value) ? value : {}}
      path={path}
      depth={depth + 1}
      open={field.open}
    />
  )
  if (bare) {
    return (
      <div className={styles['inside']} data-pointer={pointer}>
        <Description text={field.description} />
        {fields}
      </div>
    )
  }
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <fieldset> cannot fold its legend and keep actions beside it
    <div role="group" aria-labelledby={`${id}-name`} className={styles['field']} data-pointer={pointer}>
      <div className={styles['head']}>
        <button type="button" className={styles['fold']} aria-expanded={open} onClick={() => setAsked(!open)}>
          <Chevron size={14} strokeWidth={1.5} aria-hidden />
          <span id={`${id}-name`} className={styles['foldName']}>
            <FieldName field={field} label={label} />
          </span>
        </button>
        {!open && (
          <span className={styles['type']}>
            {given > 0 ? t('tryIt.given', { count: given }) : t('tryIt.fields', { count: field.fields().length })}
          </span>
        )}
        {actions && <span className={styles['actions']}>{actions}</span>}
      </div>
      {problem && (
        <p className={styles['problem']} role="alert">
          {t(problem.key, problem.values)}
        </p>
      )}
      <div className={styles['about']}>
        <Description text={field.description} />
      </div>
      {open && <div className={styles['inside']}>{fields}</div>}
    </div>
  )
}

/** The fields of an object, and what is in it beside them. */
export function Fields({
  fields,
  value,
  path,
  depth,
  open,
}: {
  readonly fields: readonly Field[]
  readonly value: JsonObject
  readonly path: Path
  readonly depth: number
  /** More properties than the named ones are taken. */
  readonly open: boolean
}) {
  const names = new Set(fields.map(({ name }) => name))
  const further = Object.entries(value).filter(([name]) => !names.has(name))
  return (
    <>
      {fields.map((field) => (
        <FieldView
          key={field.name}
          field={field}
          value={value[field.name]}
          path={[...path, field.name]}
          label={field.name}
          depth={depth}
        />
      ))}
      {(open || further.length > 0) && (
        <Further further={Object.fromEntries(further)} value={value} names={names} path={path} />
      )}
    </>
  )
}

/** Properties without a field: at the top the tool does not take them, further in the schema may allow them. */
function Further({
  further,
  value,
  names,
  path,
}: {
  readonly further: JsonObject
  readonly value: JsonObject
  readonly names: ReadonlySet<string>
  readonly path: Path
}) {
  const t = useText()
  const id = useId()
  const { draftKey } = useForm()
  // Half-written JSON has no place in the object yet.
  const [typed, setTyped] = useState<Json | undefined>()
  const top = path.length === 0
  const label = t(top ? 'tryIt.furtherTop' : 'tryIt.further')
  const change = (next: Json | undefined) => {
    setTyped(isObject(next) ? undefined : next)
    if (next !== undefined && !isObject(next)) return
    const named = Object.entries(value).filter(([name]) => names.has(name))
    const whole = { ...Object.fromEntries(named), ...next }
    edit(draftKey, path, Object.keys(whole).length > 0 ? whole : undefined)
  }
  return (
    <div className={styles['field']}>
      <div className={styles['head']}>
        <label htmlFor={id}>{label}</label>
      </div>
      <JsonInput
        id={id}
        label={label}
        value={typed ?? (Object.keys(further).length > 0 ? further : undefined)}
        onChange={change}
        describedBy={`${id}-about`}
      />
      <div id={`${id}-about`} className={styles['about']}>
        {typed !== undefined && (
          <p className={styles['problem']} role="alert">
            {t('tryIt.notAnObject')}
          </p>
        )}
        <p>{t(top ? 'tryIt.furtherTopHint' : 'tryIt.furtherHint')}</p>
      </div>
    </div>
  )
}
