import { create } from 'zustand'

/** How the operator left the page: kept while the window lives, so that coming back finds it as it was. */
export interface RoutingView {
  readonly view: 'picture' | 'both' | 'yaml'
  /** Decisions of the chosen feature, or of all of them. */
  readonly decisionsOf: 'this' | 'all'
}

export const useRoutingView = create<RoutingView>(() => ({ view: 'picture', decisionsOf: 'this' }))
