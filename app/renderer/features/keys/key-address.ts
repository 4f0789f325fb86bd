/**
 * The addresses of the page: `#/keys/ID/TAB`; no key has the id `tokens`, `usage`, `jobs` or `add`. `#/keys/add/VENDOR/SERVICE/BACK`
 * opens the form of a new key and goes back to the address BACK (packed) afterwards; other pages link to it.
 */
export type KeyTab = 'summary' | 'use' | 'tests' | 'changes'
/** Opens the drawer of a key at a tab. */
export type OpenKey = (id: string, tab: KeyTab) => void

export const jobPath = (id: string): string => `/keys/jobs/${encodeURIComponent(id)}`
export const keyPath = (id: string, tab: KeyTab): string => `/keys/${encodeURIComponent(id)}/${tab}`

/** A part of an address as it was before `keyPath` packed it; one that was typed wrong stands for itself. */
export function unpacked(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
