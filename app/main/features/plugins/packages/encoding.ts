/** What was noticed while bytes became text; `line` is where the sample stands, null for the whole file. */
export interface EncodingFact {
  readonly severity: 'error' | 'warning' | 'info'
  readonly code: 'ENCODING_CONVERTED' | 'ENCODING_UNKNOWN' | 'MOJIBAKE_REPAIRED' | 'MOJIBAKE_FOUND'
  readonly details: Readonly<Record<string, string>>
  readonly line: number | null
  readonly fixable: boolean
}

export interface Decoded {
  /** Without byte order mark. What no encoding explains has U+FFFD where it could not be read. */
  readonly text: string
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'unknown'
  /** Whether `text` is the repair of text that was read in the wrong encoding before it was written. */
  readonly repaired: boolean
  readonly facts: readonly EncodingFact[]
}

/** The text of a file. It never fails: what cannot be read is a fact of severity error. */
export function decode(bytes: Uint8Array): Decoded {
  const { text, encoding } = toText(bytes)
  if (encoding === 'unknown') {
    const line = lineOf(text, Math.max(0, text.indexOf('\uFFFD')))
    const facts: EncodingFact[] = [{ severity: 'error', code: 'ENCODING_UNKNOWN', details: {}, line, fixable: false }]
    return { text, encoding, repaired: false, facts }
  }
  const facts: EncodingFact[] = []
  if (encoding !== 'utf-8') {
    const details = { encoding: encoding.toUpperCase() }
    facts.push({ severity: 'info', code: 'ENCODING_CONVERTED', details, line: null, fixable: true })
  }
  const found = encoding === 'utf-8' && !beginnings.some((byte) => bytes.includes(byte)) ? null : findMojibake(text)
  if (!found) return { text, encoding, repaired: false, facts }
  facts.push({
    severity: 'warning',
    code: found.lossless ? 'MOJIBAKE_REPAIRED' : 'MOJIBAKE_FOUND',
    details: { before: sampleAt(text, found.at), after: sampleAt(found.repair, found.at) },
    line: lineOf(text, found.at),
    fixable: found.lossless,
  })
  return { text: found.lossless ? found.repair : text, encoding, repaired: found.lossless, facts }
}

function toText(bytes: Uint8Array): Pick<Decoded, 'text' | 'encoding'> {
  const marked = fromMark(bytes)
  const guesses = marked ? [marked] : bytes.includes(0) ? wide(bytes) : (['utf-8', 'gb18030'] as const)
  for (const encoding of guesses) {
    const text = strictly(encoding, bytes)
    if (text !== null && (encoding !== 'gb18030' || looksChinese(bytes))) return { text, encoding }
  }
  return { text: new TextDecoder().decode(bytes), encoding: 'unknown' }
}

function fromMark(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}

/** Text of the other encodings has no zero byte; in UTF-16 the ASCII of any JSON or YAML has one on its high side. */
function wide(bytes: Uint8Array): ('utf-16le' | 'utf-16be')[] {
  let even = 0
  let odd = 0
  for (let at = bytes.indexOf(0); at !== -1 && at < 65_536; at = bytes.indexOf(0, at + 1)) at % 2 ? odd++ : even++
  return odd > even ? ['utf-16le'] : even > odd ? ['utf-16be'] : []
}

function strictly(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Nearly any bytes are valid GB18030. Chinese uses both bytes above 0xA0; Latin-1 has an ASCII letter after the accent. */
function looksChinese(bytes: Uint8Array): boolean {
  let pairs = 0
  let common = 0
  for (let at = 0; at < bytes.length && pairs < 10_000; at++) {
    if (bytes[at]! < 0x80) continue
    pairs++
    if (bytes[at]! > 0xa0 && bytes[at + 1]! > 0xa0) common++
    at++
  }
  return common * 2 > pairs
}

/**
 * The byte that each character was when UTF-8 was read as Windows-1252, with its five holes as browsers map them.
 * Windows-1254 differs in six letters, one of which (0xF0) begins every emoji, so its letters are known too.
 */
const byteOf = new Map<string, number>([
  ...[...new TextDecoder('windows-1254').decode(highBytes())].map((c, i) => [c, i + 0x80] as const),
  ...[...new TextDecoder('windows-1252').decode(highBytes())].map((c, i) => [c, i + 0x80] as const),
])
function highBytes(): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, i) => i + 0x80)
}
const between = (first: number, last: number) =>
  [...byteOf]
    .filter(([, byte]) => byte >= first && byte <= last)
    .map(([c]) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
const tail = `[${between(0x80, 0xbf)}]`
/** One character of UTF-8, each of its bytes read as a character; or any other non-ASCII character (group 1). */
const pieces = new RegExp(
  `[${between(0xc2, 0xdf)}]${tail}|[${between(0xe0, 0xef)}]${tail}{2}|[${between(0xf0, 0xf4)}]${tail}{3}|([^\\x00-\\x7f])`,
  'g',
)
/** In UTF-8 the characters that these begin with begin with one of these bytes, which most texts have nowhere. */
const beginnings = [0xc3, 0xc4, 0xc5]

interface Mojibake {
  readonly lossless: boolean
  readonly repair: string
  /** Where the first of it stands, in the text as in its repair. */
  readonly at: number
}
/**
 * Text of people has accents between letters; in mojibake every non-ASCII character is part of a sequence. Repaired is
 * only what consists of such sequences throughout; a single short one ("Ã»") may also be meant.
 */
function findMojibake(text: string): Mojibake | null {
  const seen = { short: 0, long: 0, broken: 0, foreign: 0 }
  let at = -1
  const repair = text.replace(pieces, (piece, other: string | undefined, offset: number) => {
    const character = other === undefined ? repairPiece(piece) : null
    if (character === null) {
      const foreign = other !== undefined && !byteOf.has(other)
      seen[foreign ? 'foreign' : 'broken']++
      return foreign ? piece : '\uFFFD'
    }
    seen[piece.length === 2 ? 'short' : 'long']++
    if (at === -1) at = offset
    return character
  })
  if (seen.broken + seen.foreign === 0) {
    return seen.long > 0 || seen.short > 1 ? { lossless: true, repair: repair.replace(/^\uFEFF/, ''), at } : null
  }
  // Three of the long sequences are no accident in any language, but some of what stood between them is gone.
  if (seen.long < 3 || seen.long * 3 < seen.broken) return null
  return { lossless: false, repair, at }
}
/** The character whose bytes these are; null where UTF-8 has none. A decoder for each would take seconds. */
function repairPiece(piece: string): string | null {
  let code = byteOf.get(piece[0]!)! & (0xff >> (piece.length + 1))
  for (let i = 1; i < piece.length; i++) code = (code << 6) | (byteOf.get(piece[i]!)! & 0x3f)
  const least = [0x80, 0x800, 0x10000][piece.length - 2]!
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null
  // The mark of the byte order is no character of the text.
  return code === 0xfeff ? '' : String.fromCodePoint(code)
}

function lineOf(text: string, at: number): number {
  let line = 1
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line++
  return line
}
/** What stands at a place, to the end of its line, cut to what a finding can show. */
function sampleAt(text: string, at: number): string {
  return text.slice(at, at + 60).split(/[\r\n]/, 1)[0]!
}
