import type { PaletteItem } from '../actions.ts'

interface Indexed {
  readonly item: PaletteItem
  readonly label: string
  readonly words: string
}
export type Index = readonly Indexed[]

/** Made once when the palette opens, so that a key press only compares. */
export const indexItems = (items: readonly PaletteItem[]): Index =>
  items.map((item) => ({
    item,
    label: item.label.toLowerCase(),
    words: `${item.hint ?? ''} ${item.words ?? ''}`.toLowerCase(),
  }))

export interface Found {
  readonly items: readonly PaletteItem[]
  /** More matched than are shown. */
  readonly more: boolean
}

const none = 6

/**
 * The best matches of a query, at most `limit`. Every word of it must be found; the worst place decides: the whole
 * label, its beginning, the beginning of a word, inside, elsewhere (project, image), or its letters in their order.
 * Among equals what was used lately comes first, then the order of the items. One pass, no sorting: 30,000 items take
 * a few milliseconds.
 */
export function rank(index: Index, query: string, recent: readonly string[], limit: number): Found {
  const tokens = query.toLowerCase().split(/\s+/).filter(Boolean)
  const lately = new Set(recent)
  const places: PaletteItem[][] = Array.from({ length: none * 2 }, () => [])
  let matches = 0
  for (const indexed of index) {
    let worst = 0
    for (const token of tokens) {
      worst = Math.max(worst, placeOf(indexed, token))
      if (worst === none) break
    }
    if (worst === none) continue
    matches++
    const place = places[worst * 2 + (lately.has(indexed.item.key) ? 0 : 1)]!
    if (place.length < limit) place.push(indexed.item)
  }
  if (tokens.length === 0) places[0]!.sort((a, b) => recent.indexOf(a.key) - recent.indexOf(b.key))
  return { items: places.flat().slice(0, limit), more: matches > limit }
}

function placeOf({ label, words }: Indexed, token: string): number {
  const at = label.indexOf(token)
  if (at === 0) return label.length === token.length ? 0 : 1
  if (at > 0) return /[\p{L}\p{N}]/u.test(label[at - 1]!) ? 3 : 2
  if (words.includes(token)) return 4
  return inOrder(label, token) ? 5 : none
}

function inOrder(label: string, token: string): boolean {
  let at = -1
  for (const letter of token) {
    at = label.indexOf(letter, at + 1)
    if (at < 0) return false
  }
  return true
}
