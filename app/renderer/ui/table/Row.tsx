import { type MouseEvent, memo, type ReactNode, useState } from 'react'
import { useText } from '../../i18n/language.ts'
import { classes } from '../classes.ts'
import styles from './Table.module.css'
import type { Column } from './table-types.ts'

interface RowProps<R> {
  readonly row: R
  readonly lineKey: string
  readonly index: number
  readonly top: number
  readonly tabIndex: 0 | -1
  readonly columns: readonly Column<R>[]
  readonly rowLabel: ((row: R) => string) | undefined
  /** Depth below the header of its group. */
  readonly level: number | undefined
  readonly current: boolean
  readonly active: boolean
  readonly selectable: boolean
  readonly selected: boolean
  readonly onPress: (row: R, key: string, event: MouseEvent) => void
  readonly onSelect: (key: string, range: boolean) => void
  readonly onFocus: (key: string) => void
  readonly actions: ((row: R) => ReactNode) | undefined
}

function PlainRow<R>(props: RowProps<R>) {
  const { row, lineKey, columns, selected } = props
  const t = useText()
  // Actions exist only for the row at hand: a hundred rows would otherwise carry hundreds of buttons nobody sees.
  const [near, setNear] = useState(false)
  const [within, setWithin] = useState(false)
  const press = (event: MouseEvent) => {
    const inner = (event.target as Element).closest('a, button, input, [data-layer]')
    if (inner === null && event.currentTarget.contains(event.target as Node)) props.onPress(row, lineKey, event)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <tr> cannot be a virtual row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid answers the keys of all its rows
    <div
      role="row"
      data-key={lineKey}
      aria-rowindex={props.index + 2}
      aria-level={props.level}
      aria-selected={props.selectable ? selected : undefined}
      aria-current={props.active ? 'true' : undefined}
      tabIndex={props.tabIndex}
      className={classes(styles['row'], selected && styles['selected'], props.active && styles['active'])}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={press}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
      onFocus={() => {
        setWithin(true)
        props.onFocus(lineKey)
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        // From the row to its own buttons: taking them away now would leave the focus nowhere.
        if (!currentTarget.contains(relatedTarget)) setWithin(false)
      }}
    >
      {props.selectable && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: the row takes the focus, not its cells
        <div role="gridcell" className={styles['select']}>
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            aria-label={t('common.selectRow', { name: props.rowLabel?.(row) ?? lineKey })}
            onClick={(event) => props.onSelect(lineKey, event.shiftKey)}
            onChange={() => {}}
          />
        </div>
      )}
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={column.key}
          role="gridcell"
          className={classes(styles['cell'], column.align === 'end' && styles['end'])}
        >
          {column.cell(row, props.current)}
        </div>
      ))}
      {props.actions && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div role="gridcell" className={styles['actions']}>
          {(near || within) && props.actions(row)}
        </div>
      )}
    </div>
  )
}

/** Paints again only when its own row, place or state changes. */
export const Row = memo(PlainRow) as typeof PlainRow
