import type { Saved } from '../../shared/contracts/host.ts'
import { currentText } from '../i18n/language.ts'
import { toast } from './toasts.ts'

/** Takes what an export answered: fetches the download, or says where the file went. */
export function keepFile(saved: Saved | undefined): void {
  if (saved?.kind === 'saved') toast({ text: currentText()('common.savedTo', { file: saved.file }) })
  if (saved?.kind !== 'download') return
  const link = document.createElement('a')
  link.href = saved.path
  link.download = ''
  link.click()
}
