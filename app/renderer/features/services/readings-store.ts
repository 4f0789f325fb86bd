import { useEffect, useSyncExternalStore } from 'react'
import { create } from 'zustand'
import type { Sample } from '../../../shared/contracts/services.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'

/** The newest CPU and memory readings of what is on screen. `useMeasuring` is the one writer. */
export const useReadings = create<{ readonly byId: ReadonlyMap<string, Sample> }>(() => ({ byId: new Map() }))

/** What the contract lets one page measure at a time. */
export const mostMeasured = 500

/** Measures these services for as long as the component is on screen and the page is looked at; nothing otherwise. */
export function useMeasuring(ids: readonly string[]): void {
  const hidden = usePageHidden()
  const wanted = hidden || ids.length === 0 ? null : { ids: ids.slice(0, mostMeasured) }
  useEvent(rpc.services.onStats, wanted, ({ samples }) => {
    useReadings.setState({ byId: new Map(samples.map(({ id, ...sample }) => [id, sample])) })
  })
  // Readings that nobody renews any more must not look like the present.
  const idle = wanted === null
  useEffect(() => {
    if (idle) useReadings.setState({ byId: new Map() })
    return () => useReadings.setState({ byId: new Map() })
  }, [idle])
}

const onVisibility = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}
export const usePageHidden = (): boolean => useSyncExternalStore(onVisibility, () => document.hidden)
