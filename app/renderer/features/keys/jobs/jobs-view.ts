import { create } from 'zustand'
import type { JobState } from '../../../../shared/contracts/gateway.ts'

/** How the operator left the list, kept while the window lives. */
export const useJobsView = create<{ readonly state: JobState | null }>(() => ({ state: null }))
