import { ChevronDown, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../classes.ts'
import styles from './Table.module.css'

/** The header of a group; the one of the rows at the top stays in view. */
export function GroupRow(props: {
  readonly lineKey: string
  readonly index: number
  readonly top: number
  readonly tabIndex: 0 | -1
  readonly stuck: boolean
  readonly open: boolean
  readonly onToggle: () => void
  readonly onFocus: () => void
  readonly children: ReactNode
}) {
  const Chevron = props.open ? ChevronDown : ChevronRight
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <tr> cannot be a virtual row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid answers the keys of all its rows
    <div
      role="row"
      data-key={props.lineKey}
      aria-rowindex={props.index + 2}
      aria-expanded={props.open}
      aria-level={1}
      tabIndex={props.tabIndex}
      className={classes(styles['group'], props.stuck && styles['stuck'])}
      style={props.stuck ? undefined : { transform: `translateY(${props.top}px)` }}
      onClick={(event) => (event.target as Element).closest('a, button, input') === null && props.onToggle()}
      onFocus={props.onFocus}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the row takes the focus, not its cells */}
      <div role="gridcell" className={styles['groupCell']}>
        <Chevron size={16} strokeWidth={1.5} aria-hidden />
        {props.children}
      </div>
    </div>
  )
}
