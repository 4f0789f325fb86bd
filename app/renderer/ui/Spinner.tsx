import styles from './Spinner.module.css'

/** A turning arc; where motion is unwelcome it stands still. Whoever shows it says in words what is under way. */
export function Spinner() {
  return (
    <svg className={styles['spinner']} width="16" height="16" viewBox="0 0 16 16" fill="none" aria-hidden="true">
      <circle cx="8" cy="8" r="6" stroke="currentColor" strokeOpacity="0.25" strokeWidth="1.5" />
      <path d="M14 8a6 6 0 0 0-6-6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  )
}
