import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { writeZip, type ZipEntry, type ZipLies } from '../../../../../tests/lib/zip-writer.ts'
import { type ArchiveOptions, openArchive } from './archive.ts'

function fileOf(bytes: Uint8Array): string {
  const file = join(tempFolder(), 'package.zip')
  writeFileSync(file, bytes)
  return file
}
/** What opening answers, in short: `CODE file details` per finding, or the names of the files. */
async function opened(bytes: Uint8Array, options?: ArchiveOptions): Promise<string[]> {
  const { files, findings } = await openArchive(fileOf(bytes), options)
  if (!files) return findings.map(({ code, file, details }) => [code, file, ...Object.values(details)].join(' ').trim())
  await files.close()
  return files.files.map(({ path }) => path)
}
const opens = (entries: readonly ZipEntry[], lies?: ZipLies) => opened(writeZip(entries, lies))
const plain: ZipEntry = { name: 'manifest.json', data: '{}' }

test('files are listed, read and hashed; folders, litter and leading dots are not files', async () => {
  const zip = writeZip([
    { name: 'assets/', mode: 0o40755 },
    { name: './assets/图标.svg', data: '<svg/>', mode: 0o100644 },
    { name: '__MACOSX/._a', data: 'x' },
    { ...plain, store: true },
    { name: 'empty.txt' },
  ])
  const { files, findings } = await openArchive(fileOf(zip))
  expect(findings).toEqual([])
  expect(files!.files).toEqual([
    { path: 'assets/图标.svg', size: 6 },
    { path: 'empty.txt', size: 0 },
    { path: 'manifest.json', size: 2 },
  ])
  expect(Buffer.from(await files!.read('assets/图标.svg')).toString()).toBe('<svg/>')
  expect((await files!.read('empty.txt')).length).toBe(0)
  expect(await files!.hash('manifest.json')).toBe(createHash('sha256').update('{}').digest('hex'))
  await expect(files!.read('../manifest.json')).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
  await files!.close()
})

test('names without the UTF-8 flag are read as what they look like', async () => {
  const gbk = Buffer.from([0xb2, 0xe5, 0xbc, 0xfe, 0x2e, 0x6d, 0x64])
  expect(
    await opens([
      { name: gbk, flags: 0 },
      { name: '说明.md', flags: 0 },
    ]),
  ).toEqual(['插件.md', '说明.md'])
})

test.each([
  '../evil',
  'a/../../evil',
  '/etc/passwd',
  'C:/evil',
  'C:evil',
  'a\\..\\evil',
  'a\0.json',
  'a//b',
  'a/./b',
  'aux.json',
  'trailing.',
  `${'a/'.repeat(70)}b`,
  '',
])('a name that could leave its folder is refused: %j', async (name) => {
  expect((await opens([plain, { name, data: 'x' }])).map((line) => line.split(' ')[0])).toEqual(['ARCHIVE_PATH_UNSAFE'])
})

test('a name hidden in the Unicode path field is the name', async () => {
  const path = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from('../evil')])
  const extra = Buffer.concat([Buffer.from([0x75, 0x70, path.length, 0]), path])
  expect(await opens([{ name: 'good', data: 'x', extra }])).toEqual(['ARCHIVE_PATH_UNSAFE ../evil'])
})

test.each<[string, readonly ZipEntry[], string, ZipLies?]>([
  ['a link', [{ name: 'l', data: '/etc', mode: 0o120777 }], 'ARCHIVE_LINK l'],
  ['a device', [{ name: 'd', mode: 0o020666 }], 'ARCHIVE_LINK d'],
  ['a pipe that claims to come from DOS', [{ name: 'p', mode: 0o010666, madeBy: 20 }], 'ARCHIVE_LINK p'],
  ['a reparse point', [{ name: 'r', attributes: 0x400, madeBy: 0x0a14 }], 'ARCHIVE_LINK r'],
  ['an encrypted entry', [{ name: 'e', data: 'x', flags: 1 }], 'ARCHIVE_ENCRYPTED e'],
  ['an unknown method', [{ name: 'm', data: 'x', method: 93 }], 'ARCHIVE_METHOD_UNKNOWN m'],
  ['a duplicate', [plain, plain], 'ARCHIVE_NAME_CLASH manifest.json manifest.json'],
  ['another case', [plain, { name: 'Manifest.JSON' }], 'ARCHIVE_NAME_CLASH Manifest.JSON manifest.json'],
  ['another normalisation', [{ name: 'é' }, { name: 'e\u0301' }], 'ARCHIVE_NAME_CLASH e\u0301 é'],
  ['a file where a folder is', [{ name: 'a/b' }, { name: 'A' }], 'ARCHIVE_NAME_CLASH A a'],
  ['a folder where a file is', [{ name: 'a' }, { name: 'a/b' }], 'ARCHIVE_NAME_CLASH a/b a'],
  ['a wrong checksum', [{ name: 'c', data: 'x', crc: 1 }], 'ARCHIVE_MISMATCH c checksum'],
  ['more than declared', [{ name: 's', data: 'xxxx', size: 2 }], 'ARCHIVE_MISMATCH s size'],
  ['less than declared', [{ name: 's', data: 'x', size: 2 }], 'ARCHIVE_MISMATCH s size'],
  ['data that is no deflate', [{ name: 'x', data: '\xff\xff\xff', store: true, method: 8 }], 'ARCHIVE_MISMATCH x data'],
  ['another local name', [{ name: 'a', localName: '../a' }], 'ARCHIVE_MISMATCH a header'],
  [
    'two entries over the same bytes',
    [
      { name: 'a', data: 'x' },
      { name: 'b', data: 'x', ghost: true, offset: 0, localName: 'b' },
    ],
    'ARCHIVE_OVERLAP a b',
  ],
  [
    'an entry inside another',
    [
      { name: 'a', data: writeZip([{ name: 'b' }]), store: true },
      { name: 'b', ghost: true, offset: 31 },
    ],
    'ARCHIVE_OVERLAP a b',
  ],
  ['an entry hidden by the count', [plain, { name: 'hidden' }], 'ARCHIVE_MISMATCH  count', { count: 1 }],
])('%s is refused', async (_, entries, line, lies) => {
  expect(await opens(entries, lies)).toEqual([line])
})

test.each<[string, ZipLies]>([
  ['a count of 2^63', { zip64: { count: 2n ** 63n, offset: 0n } }],
  ['a directory at 2^64 - 1', { zip64: { count: 1n, offset: 2n ** 64n - 1n } }],
  ['an end record at 2^64 - 1', { zip64: { count: 1n, offset: 0n, recordOffset: 2n ** 64n - 1n } }],
  ['a directory behind the end', { directoryOffset: 0xfffffff0 }],
  ['a count that is too high', { count: 3 }],
])('numbers that lie are refused: %s', async (_, lies) => {
  expect((await opens([plain], lies)).map((line) => line.split(' ')[0])).toEqual([
    lies.zip64?.count === 2n ** 63n ? 'ARCHIVE_TOO_MANY_ENTRIES' : 'ARCHIVE_DAMAGED',
  ])
})

test('whatever part of it is missing, it is refused', async () => {
  const zip = writeZip([plain, { name: 'b', data: randomBytes(50) }])
  for (let length = 0; length < zip.length; length++) {
    expect((await opened(zip.subarray(0, length)))[0]).toMatch(/^ARCHIVE_(DAMAGED|MISMATCH|OVERLAP)/)
  }
})

test('bombs are refused while they are inflated', async () => {
  const zeros = Buffer.alloc(4 * 1024 * 1024)
  const noise = randomBytes(1024 * 1024)
  const bounds = { entries: 3, unpackedBytes: 6 * 1024 * 1024, ratio: 100 }
  expect(await opens([{ name: 'zeros', data: zeros }])).toEqual(['ARCHIVE_RATIO zeros 100'])
  // Its own header says a kilobyte.
  expect(await opens([{ name: 'zeros', data: zeros, size: 1024 }])).toEqual(['ARCHIVE_MISMATCH zeros size'])
  // None of many small ones looks bad by itself.
  const many = Array.from({ length: 40 }, (_, n) => ({ name: `z${n}`, data: zeros.subarray(0, 100_000) }))
  expect((await opens(many))[0]).toMatch(/^ARCHIVE_RATIO z\d+ 100$/)
  expect(
    await opened(writeZip('abcdefg'.split('').map((name) => ({ name, data: noise }))), {
      limits: { ...bounds, entries: 9 },
    }),
  ).toEqual(['ARCHIVE_TOO_LARGE  6'])
  expect(await opened(writeZip('abcd'.split('').map((name) => ({ name }))), { limits: bounds })).toEqual([
    'ARCHIVE_TOO_MANY_ENTRIES  3',
  ])
  expect(await opened(writeZip([{ name: 'a', data: noise }]), { timeLimitMs: -1 })).toEqual(['ARCHIVE_TOO_SLOW  0'])
})

test('a package inside a package is told and left alone', async () => {
  const { files, findings } = await openArchive(fileOf(writeZip([{ name: 'inner.zip', data: writeZip([plain]) }])))
  expect(files!.files.map(({ path }) => path)).toEqual(['inner.zip'])
  expect(findings.map(({ severity, code, file }) => [severity, code, file])).toEqual([
    ['info', 'ARCHIVE_NESTED', 'inner.zip'],
  ])
  await files!.close()
})

test('ten thousand entries are read, one more is refused', async () => {
  const entries = Array.from({ length: 10_001 }, (_, n) => ({ name: `folder${n % 100}/${n}.txt`, data: String(n) }))
  expect((await opens(entries.slice(1))).length).toBe(10_000)
  expect(await opens(entries)).toEqual(['ARCHIVE_TOO_MANY_ENTRIES  10000'])
})
