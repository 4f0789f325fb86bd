import { create } from 'zustand'

export const useHelp = create<{ readonly open: boolean }>(() => ({ open: false }))
export const openHelp = (): void => useHelp.setState({ open: true })
export const closeHelp = (): void => useHelp.setState({ open: false })
