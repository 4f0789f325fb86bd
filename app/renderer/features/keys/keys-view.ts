import { create } from 'zustand'
import { type ListView, untouched } from '../../shell/list/list-view.ts'
import { type KeyFilter, parseFilter } from './key-filter.ts'

export interface KeysView extends ListView {
  /** A word of the filter language, e.g. "disabled"; '' is all. */
  readonly state: string
  /** A vendor; '' is all. */
  readonly vendor: string
}

export const useKeysView = create<KeysView>(() => ({ ...untouched, state: '', vendor: '' }))

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
