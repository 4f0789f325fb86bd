import { create } from 'zustand'
import type { Sort } from '../../ui/table/table-types.ts'
import { type PluginFilter, parseFilter } from './plugin-filter.ts'

/** How the operator left the list: kept while the window lives, so that coming back finds it as it was. */
export interface PluginsView {
  readonly text: string
  /** A word of the filter language, e.g. "disabled"; '' is all. */
  readonly state: string
  /** A kind of package; '' is all. */
  readonly kind: string
  readonly sort: Sort | null
  /** Keys of the folded groups; '' is the one of the uninstalled. */
  readonly collapsed: ReadonlySet<string>
  readonly selected: ReadonlySet<string>
}

export const usePluginsView = create<PluginsView>(() => ({
  text: '',
  state: '',
  kind: '',
  sort: null,
  collapsed: new Set(['']),
  selected: new Set(),
}))

export const isFiltered = ({ text, state, kind }: PluginsView): boolean =>
  text.trim() !== '' || state !== '' || kind !== ''

export const clearFilter = (): void => usePluginsView.setState({ text: '', state: '', kind: '' })

/** The field and the two choices as one filter; a choice narrows to exactly its value. */
export function filterOf({ text, state, kind }: Pick<PluginsView, 'text' | 'state' | 'kind'>): PluginFilter {
  const typed = parseFilter(text)
  return {
    words: typed.words,
    states: state === '' ? typed.states : [state],
    kinds: kind === '' ? typed.kinds : [kind],
  }
}
