import { create } from 'zustand'
import { type ListView, untouched } from '../../shell/list/list-view.ts'
import { parseFilter, type ServiceFilter } from './service-filter.ts'

export interface ServicesView extends ListView {
  /** A word of the filter language, e.g. "failed"; '' is all. */
  readonly state: string
  /** A project's name, '-' for none; '' is all. */
  readonly project: string
}

export const useServicesView = create<ServicesView>(() => ({ ...untouched, state: '', project: '' }))

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
