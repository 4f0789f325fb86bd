/** Thrown where a text is left to the library; made once, as a stack trace would cost more than the reading. */
export const unusual = new Error('unusual YAML')

const number = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/
const otherNumber = /^0[ox][0-9a-fA-F]+$/
const words = new Map<string, null | boolean>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
])
export const isNullWord = (source: string) => source.length < 5 && words.get(source) === null

/** What a plain scalar on one line stands for, by the core schema of YAML 1.2. */
export function plainValue(source: string, longNumbersAsText: boolean): null | boolean | number | string {
  const first = source.charCodeAt(0)
  // Only digits, a sign and a point begin a number; the longest word has five letters.
  if (first < 58 && first > 42) {
    if (otherNumber.test(source)) throw unusual
    if (!number.test(source)) return source
    const value = Number.parseFloat(source)
    const kept = longNumbersAsText && Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
    return kept ? value : source
  }
  if (source.length > 5) return source
  const value = words.get(source)
  return value === undefined ? source : value
}

/** One line break stands for a blank, several for one less. */
const fold = (breaks: string) => '\n'.repeat(breaks.split('\n').length - 2) || ' '

/** What stands between single quotes. The look behind keeps a long run of blanks from being tried at each of them. */
export function singleQuoted(raw: string): string {
  const text = raw.includes('\n') ? raw.replace(/(?<! ) *(?:\r?\n *)+/g, fold) : raw
  return text.replaceAll("''", "'")
}

const escapes = new Map(
  Object.entries({
    ...{ '"': '"', '\\': '\\', '/': '/', ' ': ' ', 0: '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r' },
    ...{ t: '\t', v: '\v', N: '\u0085', _: '\u00a0', L: '\u2028', P: '\u2029' },
  }),
)
/** An escape, a line break that is escaped, or line breaks with the blanks around them, of which one may be escaped. */
const pieces =
  /\\(?:(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|\r?\n(?: *\r?\n)* *|.)|(?<!(?<!\\) ) *(?:\r?\n *)+/gs

/** What stands between double quotes. */
export function doubleQuoted(raw: string): string {
  if (!raw.includes('\\') && !raw.includes('\n')) return raw
  return raw.replace(pieces, (piece) => {
    if (piece[0] !== '\\') return fold(piece)
    if (piece.includes('\n')) {
      if (piece.indexOf('\n') < piece.lastIndexOf('\n')) throw unusual
      return ''
    }
    const code = piece.length > 2 ? Number.parseInt(piece.slice(2), 16) : -1
    const meant = code === -1 ? escapes.get(piece[1]!) : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
    if (meant === undefined) throw unusual
    return meant
  })
}

/** The text of a folded block scalar: line breaks become blanks, but not beside lines that are indented more. */
export function foldedBlock(lines: readonly string[]): string {
  let text = ''
  let separator = ''
  let indented = false
  const first = lines.findIndex((line) => line !== '')
  for (const line of lines.slice(first)) {
    if (line === '') {
      if (separator === '\n') text += '\n'
      else separator = '\n'
    } else if (line.startsWith(' ')) {
      if (separator === ' ') separator = '\n'
      else if (!indented && separator === '\n') separator = '\n\n'
      text += separator + line
      separator = '\n'
      indented = true
    } else {
      text += separator + line
      separator = ' '
      indented = false
    }
  }
  return '\n'.repeat(first) + text
}
