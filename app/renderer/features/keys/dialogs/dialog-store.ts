import { create } from 'zustand'
import type { Key, Vendor } from '../../../../shared/contracts/keys.ts'

/** What is asked above the page; `KeyDialogs` renders it. */
export type KeyDialog =
  | {
      readonly kind: 'add'
      /** What the new key is for. */
      readonly vendor?: Vendor | undefined
      readonly service?: string | undefined
      /** The address to go to afterwards. */
      readonly back?: string | undefined
    }
  | { readonly kind: 'import' }
  | { readonly kind: 'export' }
  | { readonly kind: 'disable'; readonly keys: readonly Key[] }
  | { readonly kind: 'rotate'; readonly key: Key }

export const useDialog = create<{ readonly dialog: KeyDialog | null }>(() => ({ dialog: null }))
export const openDialog = (dialog: KeyDialog): void => useDialog.setState({ dialog })
export const closeDialog = (): void => useDialog.setState({ dialog: null })
