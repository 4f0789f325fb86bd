import { create } from 'zustand'

/** What is asked or shown above the page; `PluginDialogs` renders it, on any page. */
export type PluginDialog =
  | { readonly kind: 'watched' }
  | { readonly kind: 'restore'; readonly file: File }
  | { readonly kind: 'test'; readonly id: string; readonly name: string }

export const useDialog = create<{ readonly dialog: PluginDialog | null }>(() => ({ dialog: null }))
export const openDialog = (dialog: PluginDialog): void => useDialog.setState({ dialog })
export const closeDialog = (): void => useDialog.setState({ dialog: null })
