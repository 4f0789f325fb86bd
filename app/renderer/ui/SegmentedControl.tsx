import type { LucideIcon } from 'lucide-react'
import { useId } from 'react'
import styles from './SegmentedControl.module.css'

/** One of two to five, all of them in sight. Radio buttons underneath: arrows move. */
export function SegmentedControl<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: V
  readonly options: readonly { readonly value: V; readonly label: string; readonly icon?: LucideIcon }[]
  readonly onChange: (value: V) => void
}) {
  const name = useId()
  return (
    <fieldset className={styles['group']} aria-label={label}>
      {options.map(({ value: own, label: text, icon: Icon }) => (
        <label key={own} className={styles['option']}>
          <input type="radio" name={name} checked={own === value} onChange={() => onChange(own)} />
          {Icon && <Icon size={14} strokeWidth={1.5} aria-hidden />}
          {text}
        </label>
      ))}
    </fieldset>
  )
}
