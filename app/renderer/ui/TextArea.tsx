import { type Ref, useId } from 'react'
import { classes } from './classes.ts'
import styles from './Field.module.css'

/** A text of several lines. `label` is its name for screen readers; a visible one stands where it is used. */
export function TextArea(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly id?: string | undefined
  readonly rows?: number | undefined
  readonly placeholder?: string | undefined
  readonly mono?: boolean | undefined
  readonly required?: boolean | undefined
  readonly invalid?: boolean | undefined
  /** Id of the text that says more about it. */
  readonly describedBy?: string | undefined
  readonly ref?: Ref<HTMLTextAreaElement> | undefined
}) {
  const own = useId()
  return (
    <textarea
      id={props.id ?? own}
      ref={props.ref}
      aria-label={props.label}
      aria-required={props.required || undefined}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedBy}
      className={classes(styles['input'], styles['area'], props.mono && styles['mono'])}
      rows={props.rows ?? 3}
      value={props.value}
      placeholder={props.placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => props.onChange(event.target.value)}
    />
  )
}
