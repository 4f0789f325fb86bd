import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decode } from './encoding.ts'

const text = 'title: 插件部署 🔌\nsummary: "查询天气，每天"\n'
const utf8 = (value: string) => new TextEncoder().encode(value)
const utf16le = (value: string) => new Uint8Array(Buffer.from(value, 'utf16le'))
const utf16be = (value: string) => new Uint8Array(Buffer.from(value, 'utf16le').swap16())
/** UTF-8 read in another encoding and written again, as an editor does that guesses wrong. */
const misread = (value: string, as: string) => new TextDecoder(as).decode(utf8(value))

test('text without trouble stays as it is', () => {
  expect(decode(utf8(text))).toEqual({ text, encoding: 'utf-8', repaired: false, facts: [] })
  expect(decode(utf8(`\uFEFF${text}`))).toEqual({ text, encoding: 'utf-8', repaired: false, facts: [] })
  expect(decode(new Uint8Array())).toEqual({ text: '', encoding: 'utf-8', repaired: false, facts: [] })
})

test('UTF-16 of both orders is converted, with a mark and without', () => {
  const read = [utf16le(`\uFEFF${text}`), utf16be(`\uFEFF${text}`), utf16le(text), utf16be(text)].map(decode)
  expect(read.map(({ text, encoding }) => ({ text, encoding }))).toEqual([
    { text, encoding: 'utf-16le' },
    { text, encoding: 'utf-16be' },
    { text, encoding: 'utf-16le' },
    { text, encoding: 'utf-16be' },
  ])
  expect(read[0]!.facts).toEqual([
    { severity: 'info', code: 'ENCODING_CONVERTED', details: { encoding: 'UTF-16LE' }, line: null, fixable: true },
  ])
})

test('GB18030 is converted', () => {
  const bytes = Uint8Array.from([...utf8('title: '), 0xb2, 0xe5, 0xbc, 0xfe, 0xb2, 0xbf, 0xca, 0xf0, 0x0a])
  expect(decode(bytes)).toMatchObject({ text: 'title: 插件部署\n', encoding: 'gb18030' })
})

test('what no encoding explains is an error at its line', () => {
  const latin1 = Uint8Array.from([...utf8('a: 1\nb: caf'), 0xe9, 0x73, 0x20, 0xe9, 0x74, 0x0a])
  const odd = Uint8Array.from([0, 1, 2, 0, 0xd8, 0xff, 0])
  expect(
    [decode(latin1), decode(odd)].map(({ encoding, facts }) => [encoding, facts[0]?.code, facts[0]?.line]),
  ).toEqual([
    ['unknown', 'ENCODING_UNKNOWN', 2],
    ['unknown', 'ENCODING_UNKNOWN', 1],
  ])
})

test('mojibake is repaired when nothing of it is lost', () => {
  for (const as of ['windows-1252', 'windows-1254']) {
    expect(decode(utf8(`# x\n${misread(text, as)}`))).toMatchObject({
      text: `# x\n${text}`,
      repaired: true,
      facts: [{ code: 'MOJIBAKE_REPAIRED', line: 2, fixable: true, details: { after: '插件部署 🔌' } }],
    })
  }
  // All five holes of Windows-1252 are in these.
  const holes = '我 声 鐐 嶐 坝'
  expect(decode(utf8(misread(holes, 'windows-1252'))).text).toBe(holes)
  expect(decode(utf8(misread('Käse für größere Mägen', 'windows-1252'))).text).toBe('Käse für größere Mägen')
})

test('mojibake with holes is shown beside its best repair and left as it stands', () => {
  const broken = misread('插件部署和测试指南', 'windows-1252').replaceAll(/[\x80-\x9f]/g, '')
  expect(decode(utf8(broken))).toMatchObject({
    text: broken,
    repaired: false,
    facts: [
      {
        severity: 'warning',
        code: 'MOJIBAKE_FOUND',
        fixable: false,
        details: { after: expect.stringContaining('部署和测试') },
      },
    ],
  })
})

test.each([
  'Où êtes-vous ? « Là-bas », à côté. Ça coûte 5 €.',
  'Größe, Äpfel, Übung; „Straße“ – 20 °C',
  'IRMÃ» IRMÃO AÇÃO',
  'smörgåsbord ÄÖÅ åäö',
  'Ñandú ¿qué? ½ × ÷ ©',
  'İstanbul, ağaç, şeker, ığdır',
])('people’s accents are no mojibake: %s', (line) => {
  expect(decode(utf8(line))).toEqual({ text: line, encoding: 'utf-8', repaired: false, facts: [] })
})

test('Chinese that quotes mojibake is not touched', () => {
  const quoted = `文件开头若是 ${misread('插件', 'windows-1252')}，说明编码读错了`
  expect(decode(utf8(quoted))).toMatchObject({ text: quoted, repaired: false })
})

const seeds = '../shared/seeds'
test.skipIf(!existsSync(seeds))(
  'a real document of 1,300 lines is recognised [needs the seeds beside the project]',
  () => {
    const [good, broken] = ['001_0f63e305b36c1552.txt', '003_e4cfbed820faaba7.txt'].map((name) =>
      readFileSync(`${seeds}/${name}`),
    )
    expect(decode(good!).facts).toEqual([])
    expect(decode(broken!)).toMatchObject({ repaired: false, facts: [{ code: 'MOJIBAKE_FOUND', line: 1 }] })
    expect(decode(utf8(misread(good!.toString(), 'windows-1252')))).toMatchObject({
      text: good!.toString(),
      repaired: true,
    })
  },
)
