import { useEffect } from 'react'
import { create } from 'zustand'

export const useTitle = create<{ readonly title: string | null }>(() => ({ title: null }))

/** What the header and the window call this page while it is shown, in place of its name on the rail. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    useTitle.setState({ title })
    return () => useTitle.setState({ title: null })
  }, [title])
}
