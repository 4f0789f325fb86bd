import type { ReactNode } from 'react'
import styles from './Mono.module.css'

/** An identifier, an address or a command in the fixed-width face. */
export function Mono({ children, title }: { readonly children: ReactNode; readonly title?: string | undefined }) {
  return (
    <code className={styles['mono']} title={title}>
      {children}
    </code>
  )
}
