// Reading a zip that may lie, in three steps that only make sense together: the directory is read and judged by its
// names and attributes, everything is inflated once and counted, and only then are the files handed out.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { AppError, type ErrorDetails } from '../../../../shared/errors.ts'
import { clashOf, isLitter, type NamesSeen, nameOf, problemOf, shown } from './archive-names.ts'
import { ArchiveReader } from './archive-reader.ts'
import { limits, type OpenedFiles, type StreamedFiles } from './package-types.ts'

type ArchiveLimits = { readonly [key in 'entries' | 'unpackedBytes' | 'ratio']: number }
export interface ArchiveOptions {
  readonly limits?: ArchiveLimits
  readonly timeLimitMs?: number
}

interface Member {
  readonly name: string
  readonly folder: boolean
  readonly entry: Entry
}
/** A file of the archive that was inflated once; `start` is where its compressed bytes begin. */
interface Checked {
  readonly name: string
  readonly entry: Entry
  readonly start: number
  readonly sha256: string
}

/** Why an archive is refused. */
class Refusal extends Error {
  readonly findings: readonly Finding[]
  constructor(findings: readonly Finding[]) {
    super('refused')
    this.findings = findings
  }
}
const finding = (code: string, file: string, details: ErrorDetails = {}): Finding => ({
  severity: 'error',
  code,
  details,
  file,
  line: null,
  column: null,
  path: '',
  fixable: false,
})
const refuse = (code: string, file: string, details?: ErrorDetails) => new Refusal([finding(code, file, details)])

/** Below this no ratio is held against anybody: a page of blanks compresses well and harms nobody. */
const ratioFloor = 1024 * 1024
const chunkBytes = 64 * 1024
const smallBytes = 1024 * 1024

/**
 * The files of a zip. Everything in it is inflated once and counted before any of it is believed; nothing is written.
 * What is wrong with it comes back as findings, and `files` is null.
 */
export async function openArchive(path: string, options: ArchiveOptions = {}): Promise<OpenedFiles> {
  const bounds = options.limits ?? limits
  const timeLimitMs = options.timeLimitMs ?? 60_000
  const deadline = performance.now() + timeLimitMs
  const inTime = () => {
    if (performance.now() > deadline) throw refuse('ARCHIVE_TOO_SLOW', '', { seconds: Math.round(timeLimitMs / 1000) })
  }
  const handle = await open(path, 'r').catch((error: Error) => {
    throw new AppError('PACKAGE_REFUSED', { reason: error.message })
  })
  try {
    const { size } = await handle.stat()
    const reader = new ArchiveReader(handle, size)
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, {
      autoClose: false,
      // Names are decoded and judged here, each with its own finding.
      decodeStrings: false,
      validateEntrySizes: false,
    })
    const directoryStart = zip.readEntryCursor as unknown as number
    const members = await readDirectory(zip, bounds, inTime)
    await refuseHiddenEntries(reader, zip)
    const checked = await inflateAll(zip, reader, members, directoryStart, bounds, inTime)
    return { files: filesOf(handle, reader, checked), findings: nestedIn(checked) }
  } catch (error) {
    await handle.close()
    if (error instanceof Refusal) return { files: null, findings: error.findings }
    return { files: null, findings: [finding('ARCHIVE_DAMAGED', '', { reason: reasonOf(error) })] }
  }
}
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 200)

/** The members in the order of their place in the file; refused when names or attributes are not what they should be. */
async function readDirectory(zip: ZipFile, bounds: ArchiveLimits, inTime: () => void): Promise<Member[]> {
  if (zip.entryCount > bounds.entries) throw refuse('ARCHIVE_TOO_MANY_ENTRIES', '', { most: bounds.entries })
  const findings: Finding[] = []
  const members: Member[] = []
  const names: NamesSeen = new Map()
  for await (const entry of zip.eachEntry()) {
    inTime()
    const name = nameOf(entry, entry.fileName as unknown as Buffer).replace(/^(\.\/)+/, '')
    const folder = name.endsWith('/')
    const path = folder ? name.slice(0, -1) : name
    const problem = problemOf(entry, path)
    if (problem) findings.push(finding(problem, shown(path)))
    const clash = clashOf(path, folder, names)
    if (clash) findings.push(finding('ARCHIVE_NAME_CLASH', shown(path), { other: shown(clash) }))
    if (findings.length >= limits.findings) break
    members.push({ name: path, folder, entry })
  }
  if (findings.length > 0) throw new Refusal(findings)
  return members.sort((a, b) => a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader)
}

/** A count that is too low hides entries from us that other readers, which go by signatures, would unpack. */
async function refuseHiddenEntries(reader: ArchiveReader, zip: ZipFile): Promise<void> {
  const mark = await reader.bytes(zip.readEntryCursor as unknown as number, 4)
  if (mark.readUInt32LE(0) === 0x02014b50) throw refuse('ARCHIVE_MISMATCH', '', { what: 'count' })
}

/** Inflates everything once, in the order of the file, counting what really comes out. */
async function inflateAll(
  zip: ZipFile,
  reader: ArchiveReader,
  members: readonly Member[],
  directoryStart: number,
  bounds: ArchiveLimits,
  inTime: () => void,
): Promise<Checked[]> {
  const checked: Checked[] = []
  let packed = 0
  let unpacked = 0
  for (const [at, { entry, name, folder }] of members.entries()) {
    const local = await zip.readLocalFileHeaderPromise(entry)
    const sameName = local.fileName.equals(entry.fileName as unknown as Buffer)
    if (!sameName || local.compressionMethod !== entry.compressionMethod) {
      throw refuse('ARCHIVE_MISMATCH', shown(name), { what: 'header' })
    }
    const next = members[at + 1]
    const nextStart = next ? next.entry.relativeOffsetOfLocalHeader : directoryStart
    if (local.fileDataStart + entry.compressedSize > nextStart) {
      throw refuse('ARCHIVE_OVERLAP', shown(name), { other: shown(next?.name ?? '') })
    }
    packed += entry.compressedSize
    let size = 0
    let crc = 0
    const hash = createHash('sha256')
    const member = { name, entry, start: local.fileDataStart }
    for await (const chunk of contentOf(reader, member)) {
      inTime()
      size += chunk.length
      unpacked += chunk.length
      if (size > entry.uncompressedSize) throw refuse('ARCHIVE_MISMATCH', shown(name), { what: 'size' })
      if (unpacked > bounds.unpackedBytes) {
        throw refuse('ARCHIVE_TOO_LARGE', '', { megabytes: Math.floor(bounds.unpackedBytes / 1024 / 1024) })
      }
      if (isBomb(size, entry.compressedSize) || isBomb(unpacked, packed)) {
        throw refuse('ARCHIVE_RATIO', shown(name), { most: bounds.ratio })
      }
      crc = crc32(chunk, crc)
      hash.update(chunk)
    }
    if (size !== entry.uncompressedSize) throw refuse('ARCHIVE_MISMATCH', shown(name), { what: 'size' })
    if (crc !== entry.crc32) throw refuse('ARCHIVE_MISMATCH', shown(name), { what: 'checksum' })
    if (!folder && !isLitter(name)) checked.push({ ...member, sha256: hash.digest('hex') })
  }
  return checked

  function isBomb(unpacked: number, packed: number): boolean {
    return unpacked > ratioFloor && unpacked > packed * bounds.ratio
  }
}

/** The bytes of a member, inflated as they are read. Errors of the data are refusals. */
async function* contentOf(reader: ArchiveReader, member: Omit<Checked, 'sha256'>): AsyncGenerator<Buffer> {
  const { entry, name, start } = member
  const packed = reader.range(start, entry.compressedSize)
  if (entry.compressionMethod === 0) {
    yield* packed
    return
  }
  if (entry.compressedSize <= chunkBytes && entry.uncompressedSize <= smallBytes) {
    yield inflateSmall(await reader.bytes(start, entry.compressedSize), member)
    return
  }
  const inflate = createInflateRaw({ chunkSize: chunkBytes })
  const fed = pipeline(Readable.from(packed), inflate)
  try {
    for await (const chunk of inflate) yield chunk
    await fed
  } catch {
    throw refuse('ARCHIVE_MISMATCH', shown(name), { what: 'data' })
  } finally {
    inflate.destroy()
    await fed.catch(() => undefined)
  }
}

/** A stream costs a hundred times what inflating a few kilobytes does, and a package may have ten thousand files. */
function inflateSmall(packed: Buffer, { entry, name }: Omit<Checked, 'sha256'>): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: entry.uncompressedSize + 1 })
  } catch (error) {
    const tooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw refuse('ARCHIVE_MISMATCH', shown(name), { what: tooLong ? 'size' : 'data' })
  }
}

/** A package inside a package is told and not opened. */
function nestedIn(members: readonly Checked[]): Finding[] {
  return members
    .filter(({ name }) => /\.(zip|xpkg|difypkg|jar|tar|tgz|gz|7z|rar)$/i.test(name))
    .slice(0, limits.findings)
    .map(({ name }) => ({ ...finding('ARCHIVE_NESTED', shown(name)), severity: 'info' }))
}

function filesOf(handle: FileHandle, reader: ArchiveReader, members: readonly Checked[]): StreamedFiles {
  const byName = new Map(members.map((member) => [member.name, member]))
  const memberOf = (path: string): Checked => {
    const member = byName.get(path)
    if (!member) throw new AppError('PACKAGE_REFUSED', { reason: `${path} is not in the package` })
    return member
  }
  return {
    files: [...byName.values()]
      .map(({ name, entry }) => ({ path: name, size: entry.uncompressedSize }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    async read(path) {
      const member = memberOf(path)
      // The size was counted once; a file that was changed since must not grow in memory.
      const whole = Buffer.alloc(member.entry.uncompressedSize)
      let size = 0
      try {
        for await (const chunk of contentOf(reader, member)) {
          if (size + chunk.length > whole.length) throw new Error('it grew')
          size += chunk.copy(whole, size)
        }
        if (size !== whole.length) throw new Error('it shrank')
      } catch (error) {
        throw new AppError('PACKAGE_REFUSED', { reason: `${path}: ${reasonOf(error)}` })
      }
      return whole
    },
    async *chunks(path) {
      const member = memberOf(path)
      let size = 0
      try {
        for await (const chunk of contentOf(reader, member)) {
          size += chunk.length
          if (size > member.entry.uncompressedSize) throw new Error('it grew')
          yield chunk
        }
      } catch (error) {
        throw new AppError('PACKAGE_REFUSED', { reason: `${path}: ${reasonOf(error)}` })
      }
    },
    hash: async (path) => memberOf(path).sha256,
    close: () => handle.close(),
  }
}
