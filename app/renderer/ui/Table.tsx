import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { arrangeLines, fittingColumns, type Line, narrowest, sortRows } from './table/arrange.ts'
import { GroupRow } from './table/GroupRow.tsx'
import { HeaderRow } from './table/HeaderRow.tsx'
import { Row } from './table/Row.tsx'
import styles from './table/Table.module.css'
import type { TableProps } from './table/table-types.ts'
import { useGridKeys } from './table/use-grid-keys.ts'
import { useVisibleKeys } from './table/use-visible-keys.ts'
import { useWidth } from './use-width.ts'

const rowHeight = 32
const selectWidth = 36

/**
 * A list of any length: only the lines on screen exist in the page. One row at a time takes part in the tab order;
 * arrows (or j and k) move, Enter opens, Space selects, Shift extends.
 */
export function Table<R>(props: TableProps<R>) {
  const { rows, columns, rowKey, groups, sort = null, selection, active = null, onOpen, rowActions } = props
  const root = useRef<HTMLDivElement>(null)
  const width = useWidth(root)
  const actionsWidth = rowActions ? (props.rowActionsWidth ?? 100) : 0

  const order = useRef<ReadonlyMap<string, number>>(new Map())
  const sorted = useMemo(() => sortRows(rows, columns, sort, rowKey, order.current), [rows, columns, sort, rowKey])
  useEffect(() => {
    order.current = new Map(sorted.map((row, index) => [rowKey(row), index]))
  }, [sorted, rowKey])
  const lines = useMemo(() => arrangeLines(sorted, rowKey, groups), [sorted, rowKey, groups])
  const shown = useMemo(
    () => fittingColumns(columns, width - actionsWidth - (selection ? selectWidth : 0) - 16),
    [columns, width, actionsWidth, selection],
  )

  const [focused, setFocused] = useState<string | null>(null)
  const focusedIndex = useIndexOf(lines, focused ?? active)
  const groupIndexes = useMemo(() => lines.flatMap(({ kind }, index) => (kind === 'group' ? [index] : [])), [lines])
  const stuck = useRef(-1)
  const rangeExtractor = useCallback(
    ({
      startIndex,
      endIndex,
      overscan,
      count,
    }: {
      startIndex: number
      endIndex: number
      overscan: number
      count: number
    }) => {
      stuck.current = groupIndexes.findLast((index) => index <= startIndex) ?? -1
      const wanted = new Set<number>()
      // The header of the group at the top, and the row with the keyboard: unmounting it would drop the focus.
      if (stuck.current >= 0) wanted.add(stuck.current)
      if (focusedIndex >= 0) wanted.add(focusedIndex)
      for (let i = Math.max(0, startIndex - overscan); i <= Math.min(count - 1, endIndex + overscan); i++) wanted.add(i)
      return [...wanted].sort((a, b) => a - b)
    },
    [groupIndexes, focusedIndex],
  )
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => root.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => lines[index]?.key ?? index,
    rangeExtractor,
    overscan: 8,
    scrollMargin: rowHeight,
    scrollPaddingStart: groups ? rowHeight * 2 : rowHeight,
  })
  const items = virtualizer.getVirtualItems()
  useVisibleKeys(items, lines, props.onVisible)

  const keys = useGridKeys({
    root,
    lines,
    focusedIndex,
    setFocused,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    selection,
    onOpen,
    onToggle: groups?.onToggle,
  })

  // A row opened from elsewhere (the palette, an address) comes into view once.
  const scrolledFor = useRef<string | null>(null)
  const activeIndex = useIndexOf(lines, active)
  useEffect(() => {
    if (active === null || activeIndex < 0) scrolledFor.current = null
    else if (scrolledFor.current !== active) {
      scrolledFor.current = active
      virtualizer.scrollToIndex(activeIndex, { align: 'auto' })
    }
  }, [active, activeIndex, virtualizer])

  const template = [
    selection && `${selectWidth}px`,
    ...shown.map((column) => (column.width ? `${column.width}px` : `minmax(${narrowest}px, 1fr)`)),
    actionsWidth > 0 && `${actionsWidth}px`,
  ]
    .filter(Boolean)
    .join(' ')
  const tabStop = Math.max(0, focusedIndex)
  const semantics = {
    // Rows that fold belong to a tree; screen readers then say "expanded".
    role: groups ? 'treegrid' : 'grid',
    'aria-label': props.label,
    'aria-rowcount': lines.length + 1,
    'aria-colcount': shown.length + (selection ? 1 : 0) + (rowActions ? 1 : 0),
    'aria-multiselectable': selection ? true : undefined,
  } as const

  return (
    <div className={styles['frame']}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is among the semantics */}
      <div
        ref={root}
        {...semantics}
        className={styles['grid']}
        style={{ '--columns': template, '--row-height': `${rowHeight}px` } as React.CSSProperties}
        onKeyDown={keys.onKeyDown}
        tabIndex={lines.length === 0 ? 0 : -1}
      >
        <HeaderRow
          columns={shown}
          sort={sort}
          onSort={props.onSort}
          selection={selection}
          allKeys={() => sorted.map(rowKey)}
          hasActions={rowActions !== undefined}
        />
        {lines.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a <table> cannot hold virtual rows
          <div role="rowgroup" className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const line = lines[index]
              if (!line) return null
              const place = { index, top: start - rowHeight, tabIndex: index === tabStop ? 0 : -1 } as const
              return line.kind === 'group' ? (
                <GroupRow
                  key={line.key}
                  {...place}
                  lineKey={line.key}
                  stuck={index === stuck.current}
                  open={line.open}
                  onToggle={() => groups?.onToggle(line.group ?? '')}
                  onFocus={() => setFocused(line.key)}
                >
                  {groups?.header(line.group, line.rows)}
                </GroupRow>
              ) : (
                <Row<R>
                  key={line.key}
                  {...place}
                  lineKey={line.key}
                  row={line.row}
                  columns={shown}
                  rowLabel={props.rowLabel}
                  level={groups ? 2 : undefined}
                  current={index === focusedIndex}
                  active={line.key === active}
                  selectable={selection !== undefined}
                  selected={selection?.selected.has(line.key) ?? false}
                  onPress={keys.onPress}
                  onSelect={keys.onSelect}
                  onFocus={setFocused}
                  actions={rowActions}
                />
              )
            })}
          </div>
        )}
      </div>
      {lines.length === 0 && <div className={styles['empty']}>{props.empty}</div>}
    </div>
  )
}

function useIndexOf<R>(lines: readonly Line<R>[], key: string | null): number {
  return useMemo(() => (key === null ? -1 : lines.findIndex((line) => line.key === key)), [lines, key])
}
