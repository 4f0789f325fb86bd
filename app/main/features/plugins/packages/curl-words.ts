/** The words of a command line as a shell would pass them; what follows the command (`| jq`, `&& …`) is left out. */
export interface CommandWords {
  readonly words: readonly string[]
  readonly rest: boolean
  /** A quote that is never closed. */
  readonly open: boolean
}

export function splitWords(command: string): CommandWords {
  const text = plainLines(command)
  const words: string[] = []
  let word: string | null = null
  let at = 0
  while (at < text.length) {
    const character = text[at]!
    if (/\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
      at++
    } else if (word === null && /^(\|\|?|&&?|;|\d?>>?|<)(\s|&|$)/.test(text.slice(at, at + 4))) {
      return { words, rest: true, open: false }
    } else if (character === ';' && /^;\s/.test(text.slice(at, at + 2))) {
      if (word !== null) words.push(word)
      return { words, rest: true, open: false }
    } else {
      const piece = readPiece(text, at)
      if (piece === null) return { words, rest: false, open: true }
      word = (word ?? '') + piece.value
      at = piece.end
    }
  }
  if (word !== null) words.push(word)
  return { words, rest: false, open: false }
}

/** Joins continued lines: `\` of a POSIX shell, `^` of cmd (whose other carets go too), the backtick of PowerShell. */
function plainLines(command: string): string {
  const joined = command.replace(/[\\`][ \t]*\r?\n/g, ' ')
  if (!/\^[ \t]*\r?\n|\^"/.test(joined)) return joined
  return joined.replace(/\^[ \t]*\r?\n/g, ' ').replace(/\^(.)/gs, '$1')
}

interface Piece {
  readonly value: string
  readonly end: number
}
function readPiece(text: string, at: number): Piece | null {
  const character = text[at]!
  if (character === "'") {
    const end = text.indexOf("'", at + 1)
    return end === -1 ? null : { value: text.slice(at + 1, end), end: end + 1 }
  }
  if (character === '"') return readQuoted(text, at + 1, '"', (escaped) => (/[$`"\\\n]/.test(escaped) ? escaped : null))
  if (character === '$' && text[at + 1] === "'") return readAnsi(text, at + 2)
  if (character === '\\' && at + 1 < text.length) return { value: text[at + 1]!, end: at + 2 }
  // As far as nothing special stands.
  const plain = /^[^\s'"\\$;]+/.exec(text.slice(at, at + 4096))?.[0] ?? character
  return { value: plain, end: at + plain.length }
}

function readQuoted(text: string, from: number, mark: string, escaped: (next: string) => string | null): Piece | null {
  const parts: string[] = []
  let start = from
  for (let at = from; at < text.length; at++) {
    if (text[at] === mark) return { value: parts.join('') + text.slice(start, at), end: at + 1 }
    if (text[at] !== '\\') continue
    const next = escaped(text[at + 1] ?? '')
    if (next !== null) {
      parts.push(text.slice(start, at), next)
      start = at + 2
    }
    at++
  }
  return null
}

const ansi: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  E: '\x1b',
}
/** `$'…'`, with the escapes that browsers use when they copy a request. */
function readAnsi(text: string, from: number): Piece | null {
  const parts: string[] = []
  for (let at = from; at < text.length; ) {
    if (text[at] === "'") return { value: parts.join(''), end: at + 1 }
    const code = /^\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|U([\da-f]{1,8})|([0-7]{1,3}))/i.exec(text.slice(at, at + 10))
    if (code) {
      const hex = code[1] ?? code[2] ?? code[3]
      const point = hex === undefined ? Number.parseInt(code[4]!, 8) : Number.parseInt(hex, 16)
      parts.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD')
      at += code[0].length
    } else if (text[at] === '\\') {
      const next = text[at + 1] ?? ''
      parts.push(Object.hasOwn(ansi, next) ? ansi[next]! : next)
      at += 2
    } else {
      const plain = /^[^'\\]+/.exec(text.slice(at, at + 4096))![0]
      parts.push(plain)
      at += plain.length
    }
  }
  return null
}
