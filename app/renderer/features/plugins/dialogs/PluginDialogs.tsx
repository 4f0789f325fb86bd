import { closeDialog, useDialog } from './dialog-store.ts'
import { RestoreBackupDialog } from './RestoreBackupDialog.tsx'
import { TestDialog } from './TestDialog.tsx'
import { WatchedFoldersDialog } from './WatchedFoldersDialog.tsx'

/** The dialog of `openDialog`, where there is one. */
export function PluginDialogs() {
  const dialog = useDialog((state) => state.dialog)
  switch (dialog?.kind) {
    case 'watched':
      return <WatchedFoldersDialog onClose={closeDialog} />
    case 'restore':
      return <RestoreBackupDialog file={dialog.file} onClose={closeDialog} />
    case 'test':
      return <TestDialog id={dialog.id} name={dialog.name} onClose={closeDialog} />
    case undefined:
      return null
  }
}
