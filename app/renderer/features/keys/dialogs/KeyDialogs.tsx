import { navigate } from 'wouter/use-hash-location'
import { AddDialog } from './AddDialog.tsx'
import { DisableDialog } from './DisableDialog.tsx'
import { closeDialog, useDialog } from './dialog-store.ts'
import { ExportDialog } from './ExportDialog.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { RotateDialog } from './RotateDialog.tsx'

/** The dialog of `openDialog`, where there is one. */
export function KeyDialogs() {
  const dialog = useDialog((state) => state.dialog)
  switch (dialog?.kind) {
    case 'add':
      return <AddDialog vendor={dialog.vendor} service={dialog.service} onClose={() => leaveAdd(dialog.back)} />
    case 'import':
      return <ImportDialog onClose={closeDialog} />
    case 'export':
      return <ExportDialog onClose={closeDialog} />
    case 'disable':
      return <DisableDialog keys={dialog.keys} onClose={closeDialog} />
    case 'rotate':
      return <RotateDialog entry={dialog.key} onClose={closeDialog} />
    case undefined:
      return null
  }
}

/** An address that opened the form is left for the one that asked for it, so that going back does not open it again. */
function leaveAdd(back: string | undefined): void {
  closeDialog()
  if (back !== undefined) navigate(back, { replace: true })
}
