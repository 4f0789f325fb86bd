/** FNV-1a over UTF-16 units, 32 bits: the same text gives the same answer everywhere and for ever. */
export function hashOf(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
export const hex = (hash: number): string => hash.toString(16).padStart(8, '0')
