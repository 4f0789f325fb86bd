import type { ReactNode } from 'react'
import styles from './Checkbox.module.css'

export function Checkbox({
  label,
  hint,
  checked,
  indeterminate = false,
  onChange,
  disabled,
}: {
  readonly label: ReactNode
  readonly hint?: string | undefined
  readonly checked: boolean
  readonly indeterminate?: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean | undefined
}) {
  return (
    <label className={styles['choice']}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        ref={(input) => {
          if (input) input.indeterminate = indeterminate
        }}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {hint && <span className={styles['hint']}>{hint}</span>}
      </span>
    </label>
  )
}
