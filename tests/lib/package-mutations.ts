import { folders, texts } from './package-samples.ts'
import { writeZip, type ZipEntry } from './zip-writer.ts'

/** Whole numbers below `below`, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
type Random = ReturnType<typeof seededRandom>
const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random(values.length)]!

const oddities = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    "'",
    '\n',
    '\t',
    '- ',
    '&a ',
    '*a',
    '<<: *a',
    '!!js ',
    '|',
    '>',
    '#',
    '\\',
    '\0',
    '\uFEFF',
  ],
  ...[
    '"$ref": "#"',
    "$ref: '#/paths'",
    '../',
    '__proto__',
    'constructor',
    'null',
    'true',
    '-1',
    '1e999',
    '9'.repeat(400),
  ],
  ...[
    '{{a}}',
    '\uD800',
    'æ’ä»¶',
    '天',
    '{'.repeat(5000),
    '['.repeat(5000),
    '&a [*a,*a]\n',
    ' '.repeat(300),
    'a'.repeat(70_000),
  ],
]
/** A text with some of it moved, doubled, lost or replaced. */
export function mutateText(text: string, random: Random): string {
  let mutated = text
  for (let left = random(4) + 1; left > 0; left--) {
    const at = random(mutated.length + 1)
    const to = Math.min(mutated.length, at + random(40))
    const piece = mutated.slice(at, to)
    const changed = pick(random, [
      pick(random, oddities),
      '',
      piece + piece,
      pick(random, texts).slice(0, random(200)),
      piece.toUpperCase(),
    ])
    mutated = mutated.slice(0, at) + changed + mutated.slice(random(3) ? to : at)
  }
  return mutated
}

/** YAML with lines moved, doubled, lost, shifted to either side, or with a mark put where one may stand. */
export function mutateLines(text: string, random: Random): string {
  const lines = text.split('\n')
  for (let left = random(4) + 1; left > 0; left--) {
    const at = random(lines.length)
    const line = lines[at] ?? ''
    switch (random(7)) {
      case 0:
        lines[at] = pick(random, ['', ' ', '  ', '   ']) + line
        break
      case 1:
        lines[at] = line.replace(/^ {1,2}/, '')
        break
      case 2:
        lines.splice(random(lines.length), 0, line)
        break
      case 3:
        lines.splice(at, 1)
        break
      default: {
        const mark = line.indexOf(pick(random, [':', '-', '"', "'", '{', '[', ',', ' ']))
        const to = mark + random(2)
        lines[at] = line.slice(0, to) + pick(random, marks) + line.slice(to)
      }
    }
  }
  return lines.join(random(10) ? '\n' : '\r\n')
}
const marks = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n\n  ',
    '\t',
    ': ',
    '- ',
    '? ',
    ' # c',
    '#',
    '{',
    '}',
    '[',
    ']',
    ', ',
    '"',
    "'",
    "''",
    '\\',
    '\\n',
  ],
  ...[
    '\\\n',
    '|',
    '|-\n  ',
    '>\n   ',
    '|+',
    '>2',
    '&a ',
    '*a',
    '!t ',
    '%',
    '@',
    '\n---\n',
    '...',
    'null',
    '~',
    '0x1F',
    '.5',
    '1e3',
  ],
  ...[
    '.inf',
    '<<: ',
    '__proto__: 1',
    'a: b',
    '{a: 1}',
    '[a, b]',
    '\u00a0',
    '\u2028',
    '\uFEFF',
    '7376228190244618278',
    '\\u00e9',
  ],
]

/** JSON with nodes put in each other's place, lost, wrapped, or replaced by what nobody expects there. */
function mutateValue(text: string, random: Random): string {
  const root: unknown = JSON.parse(text)
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = []
  const visit = (value: unknown) => {
    if (value === null || typeof value !== 'object') return
    for (const [key, one] of Object.entries(value)) {
      places.push({ holder: value as Record<string, unknown>, key })
      visit(one)
    }
  }
  visit(root)
  for (let left = random(4) + 1; left > 0; left--) {
    const { holder, key } = pick(random, places)
    const other = pick(random, places)
    const values = [null, true, -1, 1e300, '', 'x', '#/', '#/components/schemas/Parcel', [], {}, [[]], { $ref: '#' }]
    switch (random(5)) {
      case 0:
        delete holder[key]
        break
      case 1:
        holder[key] = structuredClone(other.holder[other.key])
        break
      case 2:
        holder[key] = random(2) ? [holder[key]] : { [pick(random, ['$ref', 'allOf', 'schema', 'x'])]: holder[key] }
        break
      case 3:
        holder[pick(random, ['$ref', '__proto__', 'type', '', other.key])] = holder[key]
        break
      default:
        holder[key] = pick(random, values)
    }
  }
  return JSON.stringify(root)
}
const documents = texts.filter((text) => text.startsWith('{'))

/** Bytes with bits turned, fields overwritten, pieces lost, doubled or put in. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  let mutated = Buffer.from(bytes)
  for (let left = random(6) + 1; left > 0 && mutated.length > 0; left--) {
    const at = placeIn(mutated, random)
    const length = random(30)
    switch (random(6)) {
      case 0:
        mutated[at]! ^= 1 << random(8)
        break
      case 1:
        mutated[at] = random(256)
        break
      case 2: {
        const size = pick(random, [1, 2, 4, 8])
        mutated.fill(pick(random, [0, 0xff, 0x7f, 0x80, 1]), at, Math.min(mutated.length, at + size))
        break
      }
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)])
        break
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at + length), mutated.subarray(at)])
        break
      default:
        mutated = random(4) ? mutated : mutated.subarray(0, at)
    }
  }
  return mutated
}
/** Half of the time inside a header of a zip, where a change means most. */
function placeIn(bytes: Buffer, random: Random): number {
  if (random(2)) return random(bytes.length)
  const header = bytes.indexOf('PK', random(bytes.length))
  return header === -1 ? random(bytes.length) : Math.min(bytes.length - 1, header + random(46))
}

/** A zip of files whose headers may lie. */
export function lyingZip(files: Readonly<Record<string, string>>, random: Random): Buffer {
  const lies: (() => Partial<ZipEntry>)[] = [
    () => ({
      name: pick(random, [
        '../x',
        '/x',
        'C:\\x',
        'a\0b',
        'x/'.repeat(100),
        'x'.repeat(300),
        'x/y/../../..',
        '文件/天.yaml',
        '',
        '.',
        'CON',
        'manifest.json',
        'MANIFEST.JSON',
      ]),
    }),
    () => ({ mode: pick(random, [0o120777, 0o020666, 0o010666, 0o140777, 0o040755]) }),
    () => ({ size: pick(random, [0, 1, 0xffff_ffff, 0x7fff_ffff]) }),
    () => ({ packedSize: pick(random, [0, 1, 0xffff_ffff, 100_000]) }),
    () => ({ crc: random(0xffff_ffff) }),
    () => ({ method: pick(random, [0, 1, 8, 12, 93, 99]) }),
    () => ({ flags: random(0x1_0000) }),
    () => ({ offset: random(0xffff_ffff) }),
    () => ({ localName: 'other' }),
    () => ({ data: Buffer.alloc(random(3_000_000)) }),
    () => ({ extra: Buffer.from([1, 0, random(40), 0, ...Array.from({ length: random(40) }, () => random(256))]) }),
  ]
  const entries: ZipEntry[] = Object.entries(files).map(([name, data]) => ({
    ...{ name, data: random(3) ? data : pick(random, [mutateText, mutateLines])(data, random), store: random(2) === 0 },
    ...(random(6) ? {} : pick(random, lies)()),
  }))
  const count = random(8) ? undefined : random(65_536)
  const zip64 = random(8)
    ? undefined
    : { count: BigInt(random(5)), offset: BigInt(random(2 ** 31)) ** BigInt(random(3)) }
  return writeZip(entries, { ...(count === undefined ? {} : { count }), ...(zip64 ? { zip64 } : {}) })
}

/** An archive with something before, after or around it. */
function dressed(zip: Buffer, random: Random): Buffer {
  const other = writeZip([{ name: pick(random, ['plugin_meta.yaml', 'a/', '../x']), data: zip }])
  const junk = Buffer.alloc(random(70_000), random(256))
  return pick(random, [
    () => Buffer.concat([zip, junk]),
    () => Buffer.concat([zip.subarray(0, 4), junk, zip]),
    () => Buffer.concat([zip, other]),
    () => other,
  ])()
}

/** The n-th input of a seed: a zip or a document. */
export function inputOf(seed: number, n: number): Buffer {
  const random = seededRandom(seed * 1_000_003 + n)
  if (random(2)) {
    const zip = lyingZip(pick(random, folders), random)
    return pick(random, [() => zip, () => zip, () => mutateBytes(zip, random), () => dressed(zip, random)])()
  }
  const text = pick(random, [
    () => mutateText(pick(random, texts), random),
    () => mutateLines(pick(random, texts), random),
    () => mutateValue(pick(random, documents), random),
  ])()
  const encoded = pick(random, [
    () => Buffer.from(text),
    () => Buffer.from(text),
    () => Buffer.from(text),
    () => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    () => Buffer.from(text, 'utf16le').swap16(),
    () => Buffer.from(new TextDecoder('windows-1252').decode(Buffer.from(text))),
  ])()
  return random(3) ? encoded : mutateBytes(encoded, random)
}
