import type { LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import { create } from 'zustand'

export interface PaletteItem {
  /** Stable, so that what was used lately can stand first: "service:ID:restart". */
  readonly key: string
  readonly label: string
  /** Where it belongs, in smaller type: the page, the project. */
  readonly hint?: string | undefined
  /** Further words by which it is found. */
  readonly words?: string | undefined
  readonly icon?: LucideIcon | undefined
  readonly shortcut?: string | undefined
  readonly run: () => void
}
type Source = () => readonly PaletteItem[]

/** What pages add to the palette; each source is asked when the palette opens. */
export const useSources = create<{ readonly sources: readonly Source[] }>(() => ({ sources: [] }))

/** Adds to the palette while the component is on screen. Memoise `items`; it is called when the palette opens. */
export function usePaletteItems(items: Source): void {
  useEffect(() => {
    useSources.setState(({ sources }) => ({ sources: [...sources, items] }))
    return () => useSources.setState(({ sources }) => ({ sources: sources.filter((source) => source !== items) }))
  }, [items])
}
