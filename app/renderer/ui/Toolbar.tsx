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

/** The room of the field that narrows the list by words. */
export function ToolbarFilter({ children }: { readonly children: ReactNode }) {
  return <div className={styles['filter']}>{children}</div>
}

/** The room of one choice that narrows the list. */
export function ToolbarChoice({ children }: { readonly children: ReactNode }) {
  return <div className={styles['choice']}>{children}</div>
}
