import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef } from 'react'
import { classes } from './classes.ts'
import styles from './IconButton.module.css'
import { Tooltip } from './Tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children' | 'className'> {
  readonly icon: LucideIcon
  /** The name for screen readers and the tooltip. */
  readonly label: string
  readonly shortcut?: string | undefined
  /** For a button that stays down: pressed or not. */
  readonly pressed?: boolean | undefined
}

export function IconButton({ icon: Icon, label, shortcut, pressed, ...button }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        {...button}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(styles['button'], pressed && styles['pressed'])}
      >
        <Icon size={16} strokeWidth={1.5} aria-hidden />
      </button>
    </Tooltip>
  )
}
