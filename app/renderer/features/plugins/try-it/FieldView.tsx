import { memo, type ReactNode, useId } from 'react'
import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { useText } from '../../../i18n/language.ts'
import { classes } from '../../../ui/classes.ts'
import input from '../../../ui/Field.module.css'
import { Select } from '../../../ui/Select.tsx'
import { TextArea } from '../../../ui/TextArea.tsx'
import { FieldFrame } from './FieldFrame.tsx'
import { FileInput } from './FileInput.tsx'
import { placeholderOf, shortValue } from './field-words.ts'
import { useForm } from './form-context.ts'
import { fits, optionIndex, type Path, type Problem, pointerOf, problemOf, typedNumber } from './form-values.ts'
import { isPlainText, JsonInput } from './JsonInput.tsx'
import { ListInput } from './ListInput.tsx'
import { ObjectInput } from './ObjectInput.tsx'
import type { Field } from './schema-form.ts'
import { edit } from './try-it-store.ts'
import { VariantsInput } from './VariantsInput.tsx'

export interface FieldViewProps {
  readonly field: Field
  readonly value: Json | undefined
  readonly path: Path
  /** What it is called: its name, or "Item 2". */
  readonly label: string
  /** How many objects it is inside of. */
  readonly depth: number
  /** Its name stands above it already: that of the variants of which it is one. */
  readonly bare?: boolean
  /** What can be done to an item of a list. */
  readonly actions?: ReactNode
}

/** One part of the form, by the kind of its field. Drawn anew only when its own value or the state of the form changes. */
export const FieldView = memo(
  PlainFieldView,
  (a, b) =>
    a.field === b.field &&
    a.value === b.value &&
    a.label === b.label &&
    a.depth === b.depth &&
    a.bare === b.bare &&
    a.actions === b.actions &&
    pointerOf(a.path) === pointerOf(b.path),
)

function PlainFieldView(props: FieldViewProps) {
  const { field, value, path } = props
  const problem = useProblem(field, value, path)
  if (!fits(field, value)) return <AnyValue {...props} problem={problem} />
  switch (field.kind) {
    case 'object':
      return <ObjectInput {...props} field={field} problem={problem} />
    case 'list':
      return <ListInput {...props} field={field} problem={problem} />
    case 'variants':
      return <VariantsInput {...props} field={field} />
    case 'json':
      return <AnyValue {...props} problem={problem} />
    default:
      return <Scalar {...props} field={field} problem={problem} />
  }
}

/** What is wrong with the value itself, what main refused of it, or that it is missing. */
function useProblem(field: Field, value: Json | undefined, path: Path): Problem | null {
  const { problems, refused } = useForm()
  const pointer = pointerOf(path)
  return problemOf(field, value) ?? refused.get(pointer) ?? problems.get(pointer) ?? null
}

type Simple = Exclude<Field, { kind: 'object' | 'list' | 'variants' | 'json' }>
type ScalarProps = FieldViewProps & { readonly field: Simple; readonly problem: Problem | null }

function Scalar({ field, value, path, label, bare, actions, problem }: ScalarProps) {
  const id = useId()
  const { draftKey } = useForm()
  const change = (next: Json | undefined) => edit(draftKey, path, next)
  const control = { id, label, value, change, invalid: problem !== null && !problem.advice, describedBy: `${id}-about` }
  return (
    <FieldFrame
      field={field}
      label={label}
      id={id}
      pointer={pointerOf(path)}
      problem={problem}
      bare={bare}
      actions={actions}
    >
      {field.kind === 'text' && <TextInput {...control} field={field} />}
      {field.kind === 'number' && <NumberInput {...control} field={field} />}
      {(field.kind === 'boolean' || field.kind === 'choice') && <Choice {...control} field={field} />}
      {field.kind === 'file' && <FileInput label={label} value={value} onChange={change} />}
    </FieldFrame>
  )
}

interface Control<F> {
  readonly field: F
  readonly id: string
  readonly label: string
  readonly value: Json | undefined
  readonly change: (value: Json | undefined) => void
  readonly invalid: boolean
  readonly describedBy: string
}

function TextInput({ field, value, change, ...control }: Control<Extract<Field, { kind: 'text' }>>) {
  const t = useText()
  const shown = typeof value === 'string' ? value : ''
  const placeholder = value === null ? 'null' : value === '' ? '""' : placeholderOf(field, t)
  // Emptied means not given; an empty text can be written as JSON.
  const typed = (text: string) => change(text === '' ? undefined : text)
  if (field.multiline || shown.includes('\n') || shown.length > 120) {
    return (
      <TextArea
        {...control}
        value={shown}
        rows={Math.min(10, Math.max(3, shown.split('\n').length))}
        placeholder={placeholder}
        required={field.required}
        onChange={typed}
      />
    )
  }
  return <LineInput {...control} value={shown} placeholder={placeholder} required={field.required} onTyped={typed} />
}

function NumberInput({ field, value, change, ...control }: Control<Extract<Field, { kind: 'number' }>>) {
  const t = useText()
  return (
    <LineInput
      {...control}
      value={typeof value === 'number' || typeof value === 'string' ? String(value) : ''}
      placeholder={value === null ? 'null' : placeholderOf(field, t)}
      required={field.required}
      inputMode={field.whole ? 'numeric' : 'decimal'}
      onTyped={(text) => change(typedNumber(text))}
    />
  )
}

function LineInput(props: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly placeholder: string | undefined
  readonly required: boolean
  readonly invalid: boolean
  readonly describedBy: string
  readonly inputMode?: 'numeric' | 'decimal'
  readonly onTyped: (text: string) => void
}) {
  return (
    <input
      id={props.id}
      type="text"
      inputMode={props.inputMode}
      className={classes(input['input'], input['mono'])}
      aria-label={props.label}
      aria-required={props.required || undefined}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedBy}
      value={props.value}
      placeholder={props.placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => props.onTyped(event.target.value)}
    />
  )
}

/** One of the values that the schema names, `true` or `false`, null where it may be, or nothing. */
function Choice({ field, value, change, ...control }: Control<Extract<Field, { kind: 'boolean' | 'choice' }>>) {
  const t = useText()
  const named = field.kind === 'boolean' ? [true, false] : field.options
  const options: readonly Json[] = field.nullable ? [...named, null] : named
  const { byDefault } = field
  const nothing =
    byDefault === undefined ? t('tryIt.notGiven') : t('tryIt.notGivenDefault', { value: shortValue(byDefault) })
  const present = value === undefined ? -1 : optionIndex(options, value)
  return (
    <Select
      label={control.label}
      hideLabel
      invalid={control.invalid}
      describedBy={control.describedBy}
      value={String(present)}
      options={[
        { value: '-1', label: nothing },
        ...options.map((option, index) => ({ value: String(index), label: optionLabel(option, field.kind, t) })),
      ]}
      onChange={(chosen) => change(options[Number(chosen)])}
    />
  )
}

function optionLabel(option: Json, kind: Field['kind'], t: ReturnType<typeof useText>): string {
  if (option === null) return t('tryIt.isNull')
  if (kind === 'boolean') return t(option === true ? 'tryIt.yes' : 'tryIt.no')
  return option === '' ? '""' : shortValue(option)
}

/** A value without a control of its own, as JSON. */
function AnyValue({
  field,
  value,
  path,
  label,
  bare,
  actions,
  problem,
}: FieldViewProps & { readonly problem: Problem | null }) {
  const t = useText()
  const id = useId()
  const { draftKey } = useForm()
  const misfit = !fits(field, value)
  const plain = field.kind === 'json' && !field.object && isPlainText(value)
  const hint = misfit ? t('tryIt.writtenAsJson') : plain ? t('tryIt.sentAsText') : undefined
  return (
    <FieldFrame
      field={field}
      label={label}
      id={id}
      pointer={pointerOf(path)}
      problem={problem}
      hint={hint}
      bare={bare}
      actions={actions}
    >
      <JsonInput
        id={id}
        label={label}
        value={value}
        onChange={(next) => edit(draftKey, path, next)}
        placeholder={placeholderOf(field, t)}
        required={field.required}
        invalid={problem !== null && !problem.advice}
        describedBy={`${id}-about`}
      />
    </FieldFrame>
  )
}
