import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import styles from './Popover.module.css'

/** A small panel beside the button that opens it. */
export function Popover({
  title,
  trigger,
  actions,
  children,
  open,
  onOpenChange,
}: {
  readonly title: string
  readonly trigger: ReactElement
  /** Buttons beside the title. */
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly open?: boolean | undefined
  readonly onOpenChange?: ((open: boolean) => void) | undefined
}) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" collisionPadding={8} className={styles['positioner']}>
          <Base.Popup className={styles['popup']} data-layer="">
            <div className={styles['header']}>
              <Base.Title className={styles['title']}>{title}</Base.Title>
              {actions}
            </div>
            <div className={styles['body']}>{children}</div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
