import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly key: string
  readonly header: string
  /** Pixels; without it the column shares what is left. */
  readonly width?: number | undefined
  readonly align?: 'start' | 'end' | undefined
  readonly sortable?: boolean | undefined
  readonly compare?: ((a: Row, b: Row) => number) | undefined
  /** `current`: the row has the keyboard; links in other rows take `tabIndex={-1}`. */
  readonly cell: (row: Row, current: boolean) => ReactNode
  /** What the cell says, for sorting when there is no `compare`. */
  readonly text?: ((row: Row) => string) | undefined
  /** Where the table is narrow, the highest goes first; 0 (the default) always stays. */
  readonly priority?: number | undefined
}

export interface Sort {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

export interface Groups<Row> {
  /** Rows of one key stand together; null is the group of the rest, which comes last. */
  readonly key: (row: Row) => string | null
  readonly header: (key: string | null, rows: readonly Row[]) => ReactNode
  /** Keys of the folded groups; the group of the rest is ''. */
  readonly collapsed: ReadonlySet<string>
  readonly onToggle: (key: string) => void
}

export interface Selection {
  readonly selected: ReadonlySet<string>
  readonly onChange: (selected: ReadonlySet<string>) => void
}

export interface TableProps<Row> {
  /** What the list is, for screen readers. */
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  /** The row's name, for its checkbox. */
  readonly rowLabel?: ((row: Row) => string) | undefined
  readonly selection?: Selection | undefined
  /** Key of the row whose details are open. */
  readonly active?: string | null | undefined
  readonly onOpen?: ((row: Row) => void) | undefined
  /** Shown while the row has the mouse or the keyboard. */
  readonly rowActions?: ((row: Row) => ReactNode) | undefined
  /** Pixels kept free for them; three icon buttons by default. */
  readonly rowActionsWidth?: number | undefined
  readonly groups?: Groups<Row> | undefined
  readonly sort?: Sort | null | undefined
  readonly onSort?: ((sort: Sort | null) => void) | undefined
  /** In place of the rows when there are none. */
  readonly empty?: ReactNode
  /** Keys of the rows on screen, after they have stood still for 150 ms. */
  readonly onVisible?: ((keys: readonly string[]) => void) | undefined
}
