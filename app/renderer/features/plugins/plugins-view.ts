import { create } from 'zustand'
import { type ListView, untouched } from '../../shell/list/list-view.ts'
import { type PluginFilter, parseFilter } from './plugin-filter.ts'

export interface PluginsView extends ListView {
  /** A word of the filter language, e.g. "disabled"; '' is all. */
  readonly state: string
  /** A kind of package; '' is all. */
  readonly kind: string
}

export const usePluginsView = create<PluginsView>(() => ({
  ...untouched,
  state: '',
  kind: '',
  // The uninstalled ones.
  collapsed: new Set(['']),
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
