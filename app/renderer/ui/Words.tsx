import styles from './Words.module.css'

/** The usual values of a field, each a click away. */
export function Words<T extends string | null>({
  label,
  words,
  value,
  onChange,
}: {
  /** The field's own. */
  readonly label: string
  readonly words: readonly { readonly value: T; readonly text: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}) {
  return (
    <div className={styles['words']}>
      {words.map((word) => (
        <button
          key={word.value ?? ''}
          type="button"
          className={styles['word']}
          aria-pressed={word.value === value}
          aria-label={`${label}: ${word.text}`}
          onClick={() => onChange(word.value)}
        >
          {word.text}
        </button>
      ))}
    </div>
  )
}
