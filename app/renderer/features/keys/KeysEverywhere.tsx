import { lazy, Suspense } from 'react'
import { useDialog } from './dialogs/dialog-store.ts'
import { useKeyPalette } from './use-key-palette.ts'

const KeyDialogs = lazy(async () => ({ default: (await import('./dialogs/KeyDialogs.tsx')).KeyDialogs }))

/** What keys need on every page: the palette knows each, and their dialogs open wherever they are asked for. */
export function KeysEverywhere() {
  useKeyPalette()
  const asked = useDialog(({ dialog }) => dialog !== null)
  return <Suspense>{asked && <KeyDialogs />}</Suspense>
}
