import type { ReactNode } from 'react'
import styles from './Checkbox.module.css'

/** On or off, at once: nothing needs to be saved. */
export function Switch({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  readonly label: ReactNode
  readonly hint?: string | undefined
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean | undefined
}) {
  return (
    <label className={styles['choice']}>
      <input
        type="checkbox"
        role="switch"
        aria-checked={checked}
        className={styles['switch']}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {hint && <span className={styles['hint']}>{hint}</span>}
      </span>
    </label>
  )
}
