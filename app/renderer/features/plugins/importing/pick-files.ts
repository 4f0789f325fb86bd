import { pickedByInput } from './picked-packages.ts'
import { importPackages } from './uploads.ts'

/** The system's own dialog for files, or for one folder; nothing happens when it is closed without a choice. */
export function pickFiles(what: 'file' | 'files' | 'folder', then: (files: readonly File[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = what === 'files'
  input.webkitdirectory = what === 'folder'
  input.addEventListener('change', () => {
    if (input.files && input.files.length > 0) then([...input.files])
  })
  input.click()
}

export const importFiles = (): void => pickFiles('files', (files) => importPackages(pickedByInput(files)))
export const importFolder = (): void => pickFiles('folder', (files) => importPackages(pickedByInput(files)))
