import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './EmptyState.module.css'

/** What would be here, and the one thing to do. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  level: Heading = 'h2',
}: {
  readonly icon: LucideIcon
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  /** `h1` where it is the whole page. */
  readonly level?: 'h1' | 'h2'
}) {
  return (
    <div className={styles['state']}>
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <Heading>{title}</Heading>
      {children && <div className={styles['text']}>{children}</div>}
      {action && <div className={styles['action']}>{action}</div>}
    </div>
  )
}
