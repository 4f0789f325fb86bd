import { type ReactNode, type Ref, useId } from 'react'
import { classes } from './classes.ts'
import styles from './Field.module.css'

export interface TextFieldProps {
  readonly label: string
  readonly hideLabel?: boolean | undefined
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onEnter?: (() => void) | undefined
  readonly placeholder?: string | undefined
  readonly hint?: string | undefined
  /** What is wrong with the value; announced. */
  readonly error?: ReactNode
  readonly type?: 'text' | 'password' | 'number' | 'date' | undefined
  readonly mono?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}

export function TextField(props: TextFieldProps) {
  const { label, hideLabel, hint, error, onChange, onEnter } = props
  const id = useId()
  const about = `${id}-about`
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={hideLabel ? styles['hidden'] : styles['label']}>
        {label}
      </label>
      <input
        id={id}
        ref={props.ref}
        type={props.type ?? 'text'}
        className={classes(styles['input'], props.mono && styles['mono'])}
        value={props.value}
        placeholder={props.placeholder}
        disabled={props.disabled}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? about : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          // Enter also ends the choice of a Chinese input method; that one is not ours.
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || !onEnter) return
          // Else it would also press the button that gets the focus when this closes a dialog.
          event.preventDefault()
          onEnter()
        }}
      />
      <span id={about} className={error ? styles['error'] : styles['hint']} role={error ? 'alert' : undefined}>
        {error ?? hint}
      </span>
    </div>
  )
}
