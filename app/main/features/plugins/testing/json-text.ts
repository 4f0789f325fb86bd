import { looksSecret, MASK, maskText } from '../../../lib/secrets.ts'
import type { Json } from '../packages/package-types.ts'

/** Longest text of a value in a report, in characters. */
export const mostText = 500

/**
 * The beginning of a value as JSON text, secrets masked. It is written only as far as it is shown: an answer of ten
 * megabytes costs as much as one of a line.
 */
export function jsonText(value: Json, name = ''): string {
  let text = ''
  const full = () => text.length > mostText
  const write = (one: Json, key: string): void => {
    if (typeof one === 'string') text += JSON.stringify(shown(key, one))
    else if (one === null || typeof one !== 'object') text += String(one)
    else if (Array.isArray(one)) {
      text += '['
      for (const [i, item] of one.entries()) {
        if (full()) return
        if (i > 0) text += ','
        write(item, key)
      }
      text += ']'
    } else {
      text += '{'
      const entries = one as { readonly [key: string]: Json }
      let first = true
      for (const inner in entries) {
        if (full()) return
        if (!first) text += ','
        first = false
        text += `${JSON.stringify(cut(inner))}:`
        write(entries[inner]!, inner)
      }
      text += '}'
    }
  }
  // Every level writes a character, so that this goes no deeper than the text is long.
  write(value, name)
  return cut(text)
}

function shown(name: string, value: string): string {
  // What is cut away is masked before it is cut, or half a secret would stand at the end.
  const begun = value.slice(0, mostText * 4)
  return looksSecret(name, begun) && maskText(begun) === begun ? MASK : cut(maskText(begun))
}

/** A text that is no longer than a report shows; one that was cut says so. */
export const cut = (text: string): string => (text.length > mostText ? `${text.slice(0, mostText - 1)}…` : text)
