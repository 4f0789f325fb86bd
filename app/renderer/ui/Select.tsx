import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useId } from 'react'
import styles from './Field.module.css'
import menu from './Menu.module.css'

export interface Option<V extends string> {
  readonly value: V
  readonly label: string
}

/** One of a few. `hideLabel` keeps the label for screen readers where the place says it already. */
export function Select<V extends string>({
  label,
  hideLabel,
  value,
  options,
  onChange,
  disabled,
  hint,
  invalid,
  describedBy,
}: {
  readonly label: string
  readonly hideLabel?: boolean | undefined
  readonly value: V
  readonly options: readonly Option<V>[]
  readonly onChange: (value: V) => void
  readonly disabled?: boolean | undefined
  readonly hint?: string | undefined
  readonly invalid?: boolean | undefined
  /** Id of the text that says more about it. */
  readonly describedBy?: string | undefined
}) {
  const id = useId()
  return (
    <div className={styles['field']}>
      <span id={id} className={hideLabel ? styles['hidden'] : styles['label']}>
        {label}
      </span>
      <Base.Root
        value={value}
        items={options}
        disabled={disabled ?? false}
        modal={false}
        onValueChange={(next) => next !== null && onChange(next as V)}
      >
        <Base.Trigger
          aria-labelledby={id}
          aria-invalid={invalid || undefined}
          aria-describedby={describedBy}
          className={styles['trigger']}
        >
          <Base.Value className={styles['value']} />
          <ChevronsUpDown size={14} strokeWidth={1.5} aria-hidden />
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className={menu['positioner']}>
            <Base.Popup className={menu['popup']} data-layer="">
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className={menu['item']}>
                  <span className={menu['space']}>
                    <Base.ItemIndicator>
                      <Check size={16} strokeWidth={1.5} aria-hidden />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText className={menu['label']}>{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      {hint && <span className={styles['hint']}>{hint}</span>}
    </div>
  )
}
