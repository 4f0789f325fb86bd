import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './IconButton.tsx'
import styles from './Toolbar.module.css'

/** What can be done to the selected rows, at the end of the toolbar. */
export function Selection({
  label,
  children,
  clear,
}: {
  /** How many are selected. */
  readonly label: string
  readonly children: ReactNode
  readonly clear?: { readonly label: string; readonly onClick: () => void }
}) {
  return (
    <section className={styles['selection']} aria-label={label}>
      <strong aria-live="polite">{label}</strong>
      {children}
      {clear && <IconButton icon={X} {...clear} />}
    </section>
  )
}
