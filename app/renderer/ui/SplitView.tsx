import type { ReactNode } from 'react'
import styles from './SplitView.module.css'

/** A list and, when one of its things is open, the drawer beside it. */
export function SplitView({ children, drawer }: { readonly children: ReactNode; readonly drawer: ReactNode }) {
  return (
    <div className={styles['split']}>
      <div className={styles['main']}>{children}</div>
      {drawer}
    </div>
  )
}
