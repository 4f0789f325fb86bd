import { Menu as Base } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { classes } from './classes.ts'
import { Keys } from './Keys.tsx'
import styles from './Menu.module.css'

export interface MenuItem {
  readonly key: string
  readonly label: string
  readonly icon?: LucideIcon | undefined
  /** Shown only; the page registers it with `useShortcuts`. */
  readonly shortcut?: string | undefined
  readonly danger?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly onSelect: () => void
}
export type MenuEntry = MenuItem | 'separator'

/** A list of things to do, behind a button. */
export function Menu({
  label,
  trigger,
  items,
}: {
  readonly label: string
  /** The button that opens it, usually an `IconButton` with ⋯. */
  readonly trigger: ReactElement
  readonly items: readonly MenuEntry[]
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className={styles['positioner']}>
          <Base.Popup className={styles['popup']} data-layer="" aria-label={label}>
            {items.map((item, index) =>
              item === 'separator' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: separators have no identity
                <Base.Separator key={index} className={styles['separator']} />
              ) : (
                <Base.Item
                  key={item.key}
                  className={classes(styles['item'], item.danger && styles['danger'])}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                >
                  {item.icon ? (
                    <item.icon size={16} strokeWidth={1.5} aria-hidden />
                  ) : (
                    <span className={styles['space']} />
                  )}
                  <span className={styles['label']}>{item.label}</span>
                  {item.shortcut && <Keys keys={item.shortcut} />}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
