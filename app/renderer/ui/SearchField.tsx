import { Search, X } from 'lucide-react'
import { type Ref, useRef } from 'react'
import { useText } from '../i18n/language.ts'
import styles from './Field.module.css'
import { IconButton } from './IconButton.tsx'
import { Keys } from './Keys.tsx'

/** Narrows what is below it. Escape empties it first and leaves it the second time. */
export function SearchField({
  label,
  value,
  onChange,
  placeholder,
  shortcut,
  onEnter,
  ref,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string | undefined
  /** The key that brings the focus here, shown while the field is empty. */
  readonly shortcut?: string | undefined
  readonly onEnter?: ((backwards: boolean) => void) | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}) {
  const t = useText()
  const own = useRef<HTMLInputElement>(null)
  return (
    <div className={styles['search']}>
      <Search size={14} strokeWidth={1.5} aria-hidden />
      <input
        ref={(input) => {
          own.current = input
          if (typeof ref === 'function') ref(input)
          else if (ref) ref.current = input
        }}
        type="search"
        aria-label={label}
        className={styles['input']}
        value={value}
        placeholder={placeholder ?? label}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') onEnter?.(event.shiftKey)
          if (event.key !== 'Escape') return
          event.preventDefault()
          if (value === '') event.currentTarget.blur()
          else onChange('')
        }}
      />
      <span className={styles['end']}>
        {value !== '' ? (
          <IconButton
            icon={X}
            label={t('common.clear')}
            onClick={() => {
              onChange('')
              own.current?.focus()
            }}
          />
        ) : (
          shortcut && <Keys keys={shortcut} />
        )}
      </span>
    </div>
  )
}
