import type { JsonObject } from './json-text.ts'

/** Bytes. A message between page and console holds 8 MiB. */
export const mostArgumentBytes = 7_500_000

/** Whether the arguments are too much for one message. Cheap for what is far from it. */
export function argumentsTooLarge(given: JsonObject): boolean {
  const text = JSON.stringify(given)
  if (text.length * 3 <= mostArgumentBytes) return false
  return new TextEncoder().encode(text).length > mostArgumentBytes
}
