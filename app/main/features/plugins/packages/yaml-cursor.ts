import { stringEnd } from './json-document.ts'
import { doubleQuoted, foldedBlock, singleQuoted, unusual } from './yaml-scalars.ts'

export const [tab, lineFeed, carriageReturn, blank, quote, hash, apostrophe] = [9, 10, 13, 32, 34, 35, 39] as const
export const [comma, dash, dot, colon, greater, pipe] = [44, 45, 46, 58, 62, 124] as const
export const [listOpen, listClose, mapOpen, mapClose] = [91, 93, 123, 125] as const
/** What no plain scalar begins with, and two that seldom do; NaN is the end of the text. */
const indicators = new Set([...'?:,[]{}#&*!|>\'"%@`\t\r\n '].map((one) => one.charCodeAt(0)).concat(Number.NaN))

/**
 * Goes through a YAML text line by line and reads its scalars, as long as they are usual. Whoever reads a scalar of the
 * block style leaves the cursor at the first character of the next line that has one.
 */
export class YamlCursor {
  readonly text: string
  at = -1
  /** Blanks before the first character of the line; -1 at the end of the text. */
  column = -1
  /** What the last `nextLine` went over. */
  emptyLines = 0
  commented = false
  /** Whether the mark of a document's start may still come. */
  #isStart = true

  constructor(text: string) {
    this.text = text
    this.nextLine()
    this.#isStart = false
  }

  /** The character that is to be read next; NaN at the end of the text. */
  code(): number {
    return this.text.charCodeAt(this.at)
  }
  isAtEnd(): boolean {
    return this.column === -1
  }

  nextLine(): void {
    const { text } = this
    let { at } = this
    this.emptyLines = 0
    this.commented = false
    while (at < text.length) {
      const start = ++at
      while (text.charCodeAt(at) === blank) at++
      const code = text.charCodeAt(at)
      if (code === lineFeed || code === carriageReturn) {
        if (code === carriageReturn) at++
        this.emptyLines++
      } else if (code === hash) {
        at = this.lineEnd(at)
        this.commented = true
      } else if (at < text.length) {
        if (code === tab) throw unusual
        this.at = at
        this.column = at - start
        if (this.column > 0 || !this.#isMarker(code)) return
        at += 3
        while (text.charCodeAt(at) === blank) at++
        if (!this.#isStart || code === dot || !this.endsAt(at)) throw unusual
        this.#isStart = false
        at = this.lineEnd(at)
      }
    }
    this.at = at
    this.column = -1
  }
  #isMarker(code: number): boolean {
    const { text, at } = this
    return (code === dash || code === dot) && text.charCodeAt(at + 1) === code && text.charCodeAt(at + 2) === code
  }

  lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from)
    return end === -1 ? this.text.length : end
  }
  /** Whether the line ends there. */
  endsAt(offset: number): boolean {
    const code = this.text.charCodeAt(offset)
    return code === lineFeed || code === carriageReturn || Number.isNaN(code)
  }
  /** Whether blank or line end is there, as it must be after a dash or a colon that is more than a character. */
  breaksAt(offset: number): boolean {
    const code = this.text.charCodeAt(offset)
    if (code === tab) throw unusual
    return code === blank || code === lineFeed || code === carriageReturn || Number.isNaN(code)
  }
  isDash(): boolean {
    return this.code() === dash && this.breaksAt(this.at + 1)
  }
  skipBlanks(): void {
    while (this.code() === blank) this.at++
  }
  /** Whether nothing but a comment follows on the line, in which case the next one is gone to. */
  finishesLine(): boolean {
    if (!this.endsAt(this.at) && this.code() !== hash) return false
    this.at = this.lineEnd(this.at)
    this.nextLine()
    return true
  }

  mayBeginPlain(): boolean {
    return !indicators.has(this.code()) && !this.isDash()
  }
  /** Where a plain scalar ends on its line: at a colon that ends a key, at a comment or at the end of the line. */
  plainEnd(): number {
    const { text } = this
    for (let end = this.at; ; end++) {
      const code = text.charCodeAt(end)
      if (code === lineFeed || code === carriageReturn || Number.isNaN(code)) return end
      if (code === colon && this.breaksAt(end + 1)) return end
      if (code === hash && text.charCodeAt(end - 1) === blank) return end
      if (code === tab) throw unusual
    }
  }
  /** The text from `at`, without the blanks before `end`. */
  trimmed(end: number): string {
    let last = end
    while (this.text.charCodeAt(last - 1) === blank) last--
    return this.text.slice(this.at, last)
  }
  #plainLine(): string {
    const end = this.plainEnd()
    const code = this.text.charCodeAt(end)
    if (code === colon) throw unusual
    const piece = this.trimmed(end)
    this.at = this.lineEnd(end)
    this.nextLine()
    // What follows a comment is no part of the scalar.
    if (code === hash) this.commented = true
    return piece
  }
  /** A plain scalar in a collection at column `parent`; `lines` counts those it stands on. */
  plain(parent: number): { readonly source: string; readonly lines: number } {
    let source = this.#plainLine()
    let lines = 1
    for (; this.column > parent; lines++) {
      if (this.commented) throw unusual
      source += (this.emptyLines === 0 ? ' ' : '\n'.repeat(this.emptyLines)) + this.#plainLine()
    }
    return { source, lines }
  }

  /** Where the closing mark is of a quoted scalar that begins at `at`. */
  closing(): number {
    const { text, at } = this
    const isDouble = this.code() === quote
    let end = isDouble ? stringEnd(text, at) : text.indexOf("'", at + 1)
    while (!isDouble && end !== -1 && text.charCodeAt(end + 1) === apostrophe) end = text.indexOf("'", end + 2)
    if (end === -1 || end === text.length) throw unusual
    return end
  }
  /** A quoted scalar; on one line only where no `parent` is given. `at` is left behind its closing mark. */
  quoted(parent?: number): string {
    const { text } = this
    const isDouble = this.code() === quote
    const end = this.closing()
    const raw = text.slice(this.at + 1, end)
    if (raw.includes('\n')) {
      if (parent === undefined || raw.includes('\t')) throw unusual
      for (let line = text.indexOf('\n', this.at); line !== -1 && line < end; line = text.indexOf('\n', line + 1)) {
        let first = line + 1
        while (text.charCodeAt(first) === blank) first++
        if (first - line - 1 <= parent && !this.endsAt(first)) throw unusual
      }
    }
    this.at = end + 1
    return isDouble ? doubleQuoted(raw) : singleQuoted(raw)
  }

  /** A literal or folded scalar whose header is at `at`. */
  blockScalar(parent: number): string {
    const { text } = this
    const isFolded = this.code() === greater
    this.at++
    const strips = this.code() === dash
    if (strips) this.at++
    this.skipBlanks()
    // An indent in figures, or empty lines that are kept.
    if (!this.endsAt(this.at)) throw unusual
    const lines: string[] = []
    let filled = 0
    let indent = -1
    let blanksBefore = 0
    let end = this.lineEnd(this.at)
    for (let next = end; next < text.length; ) {
      const start = next + 1
      let first = start
      while (text.charCodeAt(first) === blank) first++
      next = this.lineEnd(first)
      if (this.endsAt(first)) {
        if (indent === -1) blanksBefore = Math.max(blanksBefore, first - start)
        lines.push(indent === -1 ? '' : text.slice(start + indent, first))
        continue
      }
      if (indent === -1 && first - start > parent) indent = first - start
      if (indent === -1 || first - start < indent) break
      if (text.charCodeAt(first) === tab) throw unusual
      lines.push(text.slice(start + indent, text.charCodeAt(next - 1) === carriageReturn ? next - 1 : next))
      filled = lines.length
      end = next
    }
    // Blanks before or after the text of which it is hard to say whether they are part of it.
    if (blanksBefore > Math.max(indent, 0) || lines.splice(filled).some((line) => line !== '')) throw unusual
    this.at = end
    this.nextLine()
    if (filled === 0) return ''
    return (isFolded ? foldedBlock(lines) : lines.join('\n')) + (strips ? '' : '\n')
  }
}
