import type { Entry } from 'yauzl'

/** The name as the archive tells it: the Unicode path field of Info-ZIP, the UTF-8 flag, or what the bytes look like. */
export function nameOf(entry: Entry, raw: Buffer): string {
  // 0x7075: version, CRC-32 of the plain name, then the name. Other readers honour it, so a lie in it must be seen here.
  const unicode = entry.extraFields.find(({ id, data }) => id === 0x7075 && data.length > 5 && data[0] === 1)
  const bytes = unicode ? unicode.data.subarray(5) : raw
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {}
  }
  return bytes.toString('latin1')
}

/** Whether a path would leave the folder it is put in, on any system, or mean something else there. */
export function isUnsafe(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (path === '' || Buffer.byteLength(path) > 1024 || /[\\:\x00-\x1f\x7f]/.test(path)) return true
  const segments = path.split('/')
  // "CON" and "a." name a device or another file on Windows.
  return (
    segments.length > 64 ||
    // No file system takes a longer name.
    segments.some((segment) => Buffer.byteLength(segment) > 255) ||
    segments.some((segment) => segment === '' || /^\.{1,2}$|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(segment))
  )
}

/** Whether the attributes say anything but a plain file or folder: a link, a device, a socket, a reparse point. */
function isSpecial(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000
  const made = entry.versionMadeBy >>> 8
  const windows = made === 0 || made === 10 || made === 11 || made === 14
  return (
    (type !== 0 && type !== 0o100000 && type !== 0o040000) || (windows && (entry.externalFileAttributes & 0x400) !== 0)
  )
}

/** Two names with the same key are one file on a system that ignores case or normalises Unicode. */
function sameNameKey(path: string): string {
  return path.normalize('NFKC').toLowerCase().normalize('NFKC')
}

export type NamesSeen = Map<string, { readonly name: string; readonly folder: boolean }>
/** The code of what is wrong with an entry by its headers alone. */
export function problemOf(entry: Entry, path: string): string | null {
  if (isUnsafe(path)) return 'ARCHIVE_PATH_UNSAFE'
  if (isSpecial(entry)) return 'ARCHIVE_LINK'
  // Bit 0: encrypted, bit 6: strongly so, bit 13: so is the directory.
  if (entry.generalPurposeBitFlag & 0x2041) return 'ARCHIVE_ENCRYPTED'
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return 'ARCHIVE_METHOD_UNKNOWN'
  return null
}

/** What archivers add by themselves and no plugin needs. */
export const isLitter = (path: string) => /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$)/.test(path)
/** A name as a finding can show it. */
export const shown = (path: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is made visible.
  path.slice(0, 200).replace(/[\x00-\x1f\x7f]/g, '\uFFFD')

/** The earlier name that this one is the same as; a file where another name needs a folder is one too. */
export function clashOf(path: string, folder: boolean, names: NamesSeen): string | null {
  const key = sameNameKey(path)
  const before = names.get(key)
  if (before && !(folder && before.folder && before.name === path)) return before.name
  for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) {
    const parent = names.get(key.slice(0, at))
    if (parent && !(parent.folder && path.startsWith(`${parent.name}/`))) return parent.name
    names.set(key.slice(0, at), { name: path.slice(0, at), folder: true })
  }
  names.set(key, { name: path, folder })
  return null
}
