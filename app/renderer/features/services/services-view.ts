import { create } from 'zustand'
import type { Sort } from '../../ui/table/table-types.ts'
import { parseFilter, type ServiceFilter } from './service-filter.ts'

/** How the operator left the list: kept while the window lives, so that coming back finds it as it was. */
export interface ServicesView {
  readonly text: string
  /** A word of the filter language, e.g. "failed"; '' is all. */
  readonly state: string
  /** A project's name, '-' for none; '' is all. */
  readonly project: string
  readonly sort: Sort | null
  readonly collapsed: ReadonlySet<string>
  readonly selected: ReadonlySet<string>
}

export const useServicesView = create<ServicesView>(() => ({
  text: '',
  state: '',
  project: '',
  sort: null,
  collapsed: new Set(),
  selected: new Set(),
}))

export const isFiltered = ({ text, state, project }: ServicesView): boolean =>
  text.trim() !== '' || state !== '' || project !== ''

export const clearFilter = (): void => useServicesView.setState({ text: '', state: '', project: '' })

/** The field and the two choices as one filter; a choice narrows to exactly its value. */
export function filterOf({ text, state, project }: Pick<ServicesView, 'text' | 'state' | 'project'>): ServiceFilter {
  const typed = parseFilter(text)
  return {
    words: typed.words,
    states: state === '' ? typed.states : [state],
    projects: project === '' ? typed.projects : [project === '-' ? project : `=${project}`],
  }
}
