import { AppError } from '../../../../shared/errors.ts'
import { currentText } from '../../../i18n/language.ts'

/** A package as it was picked: one file, or the files of a folder with their paths in it. */
export interface PickedPackage {
  readonly name: string
  readonly files: readonly { readonly path: string; readonly file: Blob }[]
}
/** What was dropped; the files of a folder are only there once they were listed. */
export interface Dropped {
  readonly name: string
  readonly list: () => Promise<PickedPackage>
}

/** The same bounds as main's own reader of folders. */
export const mostFiles = 10_000
const deepest = 32

/** Hidden files and `node_modules` are not part of a package. */
export const isPart = (name: string): boolean => !name.startsWith('.') && name !== 'node_modules'

const single = (file: File): Dropped => ({
  name: file.name,
  list: async () => ({ name: file.name, files: [{ path: file.name, file }] }),
})
const tooMany = () => new AppError('PACKAGE_REFUSED', { reason: currentText()('plugins.tooManyFiles', { mostFiles }) })

/** Files of a picker: what came from one folder is one package, every other file is its own. */
export function pickedByInput(files: readonly File[]): readonly Dropped[] {
  const loose = files.filter(({ webkitRelativePath }) => !webkitRelativePath.includes('/'))
  const folders = Map.groupBy(
    files.filter((file) => !loose.includes(file)),
    ({ webkitRelativePath }) => webkitRelativePath.slice(0, webkitRelativePath.indexOf('/')),
  )
  return [
    ...[...folders].map(([name, inside]) => ({ name, list: async () => ofFolder(name, inside) })),
    ...loose.map(single),
  ]
}

function ofFolder(name: string, inside: readonly File[]): PickedPackage {
  const files = inside
    .map((file) => ({ path: file.webkitRelativePath.slice(name.length + 1), file }))
    .filter(({ path }) => path.split('/').every(isPart))
  if (files.length > mostFiles) throw tooMany()
  return { name, files }
}

/** What a drop brings. Must be called within the event: afterwards the browser has taken it away again. */
export function pickedByDrop(transfer: DataTransfer): readonly Dropped[] {
  return [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .flatMap((item): Dropped[] => {
      const entry = item.webkitGetAsEntry()
      const file = item.getAsFile()
      if (entry?.isDirectory) {
        return [{ name: entry.name, list: () => listFolder(entry as FileSystemDirectoryEntry) }]
      }
      return file ? [single(file)] : []
    })
}

async function listFolder(root: FileSystemDirectoryEntry): Promise<PickedPackage> {
  const files: { path: string; file: Blob }[] = []
  const waiting: { folder: FileSystemDirectoryEntry; path: string; depth: number }[] = [
    { folder: root, path: '', depth: 1 },
  ]
  let seen = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const entry of await entriesOf(next.folder)) {
      if (!isPart(entry.name)) continue
      if (++seen > mostFiles || next.depth > deepest) throw tooMany()
      const path = next.path + entry.name
      if (entry.isFile) files.push({ path, file: await fileOf(entry as FileSystemFileEntry) })
      else {
        waiting.push({ folder: entry as FileSystemDirectoryEntry, path: `${path}/`, depth: next.depth + 1 })
      }
    }
  }
  return { name: root.name, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

/** A folder tells its entries a hundred at a time, and that it is done with none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0 || all.length > mostFiles) return all
    all.push(...some)
  }
}
const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

/** Whether a text is a curl command, with the prompt that people copy along; main tells by the same words. */
export const isCurl = (text: string): boolean => /^\s*(\$\s+)?([^\s'"]*[\\/])?curl(\.exe)?\s/.test(text.slice(0, 1000))

/** A command that was dropped or pasted, as a package of one file. */
export const pickedCurl = (text: string): Dropped => ({
  name: 'dropped.curl',
  list: async () => ({ name: 'dropped.curl', files: [{ path: 'dropped.curl', file: new Blob([text]) }] }),
})
