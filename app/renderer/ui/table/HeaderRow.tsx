import { ArrowDown, ArrowUp } from 'lucide-react'
import { useText } from '../../i18n/language.ts'
import { classes } from '../classes.ts'
import styles from './Table.module.css'
import type { Column, Selection, Sort } from './table-types.ts'

/** Names, sorting and "select all"; all means all rows of the list, also those that are not on screen. */
export function HeaderRow<R>(props: {
  readonly columns: readonly Column<R>[]
  readonly sort: Sort | null
  readonly onSort: ((sort: Sort | null) => void) | undefined
  readonly selection: Selection | undefined
  readonly allKeys: () => readonly string[]
  readonly hasActions: boolean
}) {
  const { columns, sort, onSort, selection } = props
  const t = useText()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <table> cannot hold virtual rows
    <div role="rowgroup" className={styles['head']}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons take the focus */}
      <div role="row" aria-rowindex={1} className={styles['headRow']}>
        {selection && (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div role="columnheader" className={styles['select']}>
            <SelectAll selection={selection} allKeys={props.allKeys} label={t('common.selectAll')} />
          </div>
        )}
        {columns.map((column) => {
          const sorted = sort?.key === column.key ? sort.direction : null
          const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp
          return (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={column.key}
              role="columnheader"
              aria-sort={column.sortable ? (sorted ?? 'none') : undefined}
              className={classes(styles['cell'], column.align === 'end' && styles['end'])}
            >
              {column.sortable && onSort ? (
                <button type="button" className={styles['sort']} onClick={() => onSort(nextSort(column.key, sorted))}>
                  {column.header}
                  {sorted && <Arrow size={12} strokeWidth={1.5} aria-hidden />}
                </button>
              ) : (
                column.header
              )}
            </div>
          )
        })}
        {props.hasActions && (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div role="columnheader" className={styles['actions']}>
            <span className={styles['hidden']}>{t('common.actions')}</span>
          </div>
        )}
      </div>
    </div>
  )
}

/** Up, down, then the list's own order again. */
const nextSort = (key: string, now: Sort['direction'] | null): Sort | null =>
  now === 'descending' ? null : { key, direction: now === null ? 'ascending' : 'descending' }

function SelectAll({
  selection,
  allKeys,
  label,
}: {
  readonly selection: Selection
  readonly allKeys: () => readonly string[]
  readonly label: string
}) {
  const { selected, onChange } = selection
  const keys = selected.size === 0 ? null : allKeys()
  const all = keys !== null && keys.length > 0 && keys.every((key) => selected.has(key))
  const some = selected.size > 0 && !all
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={all}
      ref={(input) => {
        if (input) input.indeterminate = some
      }}
      onChange={() => onChange(all ? new Set() : new Set(allKeys()))}
    />
  )
}
