import type { Sort } from '../../ui/table/table-types.ts'

/** How the operator left a list of things: kept by its page while the window lives, so that coming back finds it as it was. */
export interface ListView {
  /** What stands in the filter field. */
  readonly text: string
  readonly sort: Sort | null
  /** Keys of the folded groups; '' is the group of the rest. */
  readonly collapsed: ReadonlySet<string>
  readonly selected: ReadonlySet<string>
}
/** Changes a part of it. */
export type ChangeView = (part: Partial<ListView>) => void

export const untouched: ListView = { text: '', sort: null, collapsed: new Set(), selected: new Set() }
