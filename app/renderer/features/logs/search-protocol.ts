/** What is looked for; null looks for nothing. */
export interface Query {
  readonly find: Pattern | null
  /** Lines with this are left out. */
  readonly exclude: Pattern | null
}
export interface Pattern {
  /** Of a regular expression; a text is escaped. */
  readonly source: string
  readonly flags: string
}
export interface SearchRequest {
  readonly id: number
  readonly query: Query
  readonly texts: readonly string[]
}
export interface SearchAnswer {
  readonly id: number
  /** Places found, as triples: index of the text, start, end. */
  readonly found: Int32Array
  /** Indexes of the texts to leave out. */
  readonly excluded: Int32Array
}

/** Places marked in one line; more would only colour all of it. */
const MOST_IN_LINE = 200

/** Looks through some texts. Runs in the worker: an expression may take for ever, and only a worker can be stopped. */
export function searchTexts({ id, query, texts }: SearchRequest): SearchAnswer {
  const find = query.find && new RegExp(query.find.source, `${query.find.flags}g`)
  const exclude = query.exclude && new RegExp(query.exclude.source, query.exclude.flags)
  const found: number[] = []
  const excluded: number[] = []
  texts.forEach((text, index) => {
    if (exclude?.test(text)) excluded.push(index)
    else if (find) findIn(text, index, find, found)
  })
  return { id, found: Int32Array.from(found), excluded: Int32Array.from(excluded) }
}

function findIn(text: string, index: number, find: RegExp, found: number[]): void {
  find.lastIndex = 0
  for (let count = 0; count < MOST_IN_LINE; count++) {
    const match = find.exec(text)
    if (!match) return
    found.push(index, match.index, match.index + match[0].length)
    if (match[0].length === 0) find.lastIndex++
  }
}

/**
 * The pattern of what was typed: null for nothing, or what is wrong with it. Small letters find both cases, a capital
 * letter finds itself.
 */
export function patternOf(typed: string, isRegex: boolean): Pattern | null | { readonly error: string } {
  if (typed === '') return null
  const source = isRegex ? typed : typed.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  // A capital behind a backslash is a class of characters: \S is no letter.
  const hasCapital = /\p{Lu}/u.test(isRegex ? typed.replace(/\\[A-Za-z]/g, '') : typed)
  const flags = `${hasCapital ? '' : 'i'}${isRegex ? 'u' : ''}`
  try {
    new RegExp(source, flags)
    return { source, flags }
  } catch (error) {
    return {
      error: error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error),
    }
  }
}
