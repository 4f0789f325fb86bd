import type { ReactNode } from 'react'
import styles from './Toolbar.module.css'

/** The line above a list: what narrows it on the left, what acts on it at the end. */
export function Toolbar({ children, end }: { readonly children?: ReactNode; readonly end?: ReactNode }) {
  return (
    <div className={styles['toolbar']}>
      {children}
      {end && <div className={styles['end']}>{end}</div>}
    </div>
  )
}
