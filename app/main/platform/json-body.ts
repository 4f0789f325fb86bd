import { isUtf8 } from 'node:buffer'

/** Nested deeper, a body cannot be walked or written again without care; no vendor's interface comes near. */
export const DEEPEST = 200

/** The value of a JSON body; one that is not there has no members. The reason of a failure repeats nothing of the body. */
export function jsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {}
  // It would be mended in silence: what the vendor got would not be what was sent.
  if (!isUtf8(bytes)) throw refused('it is no UTF-8')
  const text = bytes.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1]
    throw refused(`it is no JSON${at === undefined ? '' : ` at position ${at}`}`)
  }
  if (isDeep(text)) throw refused(`it is nested deeper than ${DEEPEST}`)
  return value
}
const refused = (reason: string) => Object.assign(new Error(reason), { statusCode: 400 })

const quote = 34
const backslash = 92

/** Of a text that is JSON: brackets outside of its strings are counted, which costs less than a walk of the value. */
function isDeep(text: string): boolean {
  if (text.length < 2 * DEEPEST) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    // "[" and "{", "]" and "}"
    else if (code === 91 || code === 123) {
      if (++depth > DEEPEST) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++
  return backslashes % 2 === 1
}
