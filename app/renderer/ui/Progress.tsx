import styles from './Progress.module.css'

/** How far something is, from 0 to 1; null where nobody can know. */
export function Progress({ value, label }: { readonly value: number | null; readonly label: string }) {
  return <progress className={styles['progress']} aria-label={label} max={1} {...(value === null ? {} : { value })} />
}
