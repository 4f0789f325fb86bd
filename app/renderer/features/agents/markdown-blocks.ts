/** A text that is shorter than this is not worth cutting. */
const LEAST = 2_000

const fenceLine = /^((?:[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|>)*)(`{3,}|~{3,})(.*)$/
const listItem = /^(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/
/** What is explained at one place is meant at others: such a text is read as a whole. */
const definition = /^ {0,3}\[[^\]\n]+\]:/m

/**
 * Cuts a Markdown text between its blocks, so that each piece reads alone as it does within the whole. What is added at the
 * end changes the last piece only: of an answer that grows, the others are not read again.
 */
export function blocksOf(text: string, least = LEAST): string[] {
  if (text.length < least || definition.test(text)) return [text]
  const blocks: string[] = []
  /** A code block that is open; `inside` a list or a quote, which end it. */
  let fence: { readonly mark: string; readonly inside: boolean } | null = null
  let inList = false
  let afterBlank = false
  let start = 0
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline + 1
    const line = text.slice(at, end).trimEnd()
    const blank = line === ''
    const atEdge = !blank && line[0] !== ' ' && line[0] !== '\t'
    if (fence?.inside && atEdge && !line.startsWith('>')) fence = null
    if (fence === null && atEdge) {
      const item = listItem.test(line)
      if (afterBlank && !item) {
        inList = false
        if (at - start >= least) {
          blocks.push(text.slice(start, at))
          start = at
        }
      }
      if (item) inList = true
    }
    const [, before = '', mark = '', after = ''] = fenceLine.exec(line) ?? []
    if (fence === null) {
      // Backticks with one more behind them are code within a line.
      if (mark !== '' && !(mark[0] === '`' && after.includes('`')))
        fence = { mark, inside: /\S/.test(before) || (inList && before.length > 1) }
    } else if (mark.startsWith(fence.mark) && after.trim() === '') fence = null
    afterBlank = blank
    at = end
  }
  return [...blocks, text.slice(start)]
}
