import { Table } from '../../ui/Table.tsx'
import type { Groups, Sort, TableProps } from '../../ui/table/table-types.ts'
import { toggled } from '../../ui/toggled.ts'
import type { ChangeView, ListView } from './list-view.ts'

/** The rows of a list in groups, sorted, folded and selected as the operator left it. */
export function ListTable<R>({
  view,
  change,
  sort,
  groups,
  ...table
}: Omit<TableProps<R>, 'sort' | 'onSort' | 'selection' | 'groups'> & {
  readonly view: ListView
  readonly change: ChangeView
  /** Until the operator chooses another. */
  readonly sort: Sort
  readonly groups: Pick<Groups<R>, 'key' | 'header'>
}) {
  return (
    <Table
      {...table}
      sort={view.sort ?? sort}
      onSort={(next) => change({ sort: next })}
      selection={{ selected: view.selected, onChange: (selected) => change({ selected }) }}
      groups={{
        ...groups,
        collapsed: view.collapsed,
        onToggle: (key) => change({ collapsed: toggled(view.collapsed, key) }),
      }}
    />
  )
}
