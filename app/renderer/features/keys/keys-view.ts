import { create } from 'zustand'
import type { Sort } from '../../ui/table/table-types.ts'
import { type KeyFilter, parseFilter } from './key-filter.ts'

/** How the operator left the list: kept while the window lives, so that coming back finds it as it was. */
export interface KeysView {
  readonly text: string
  /** A word of the filter language, e.g. "disabled"; '' is all. */
  readonly state: string
  /** A vendor; '' is all. */
  readonly vendor: string
  readonly sort: Sort | null
  /** Vendors whose group is folded. */
  readonly collapsed: ReadonlySet<string>
  readonly selected: ReadonlySet<string>
}

export const useKeysView = create<KeysView>(() => ({
  text: '',
  state: '',
  vendor: '',
  sort: null,
  collapsed: new Set(),
  selected: new Set(),
}))

export const isFiltered = ({ text, state, vendor }: KeysView): boolean =>
  text.trim() !== '' || state !== '' || vendor !== ''

export const clearFilter = (): void => useKeysView.setState({ text: '', state: '', vendor: '' })

/** The field and the two choices as one filter; a choice narrows to exactly its value. */
export function filterOf({ text, state, vendor }: Pick<KeysView, 'text' | 'state' | 'vendor'>): KeyFilter {
  const typed = parseFilter(text)
  return {
    ...typed,
    states: state === '' ? typed.states : [state],
    vendors: vendor === '' ? typed.vendors : [vendor],
  }
}
