// What IPC carries in Electron (structured-clone values), as text, because a DevTools binding carries text alone.
// Runs on both sides: main imports it, and the preload's world gets it as source.

const bytesToText = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 32_768) text += String.fromCharCode(...bytes.subarray(i, i + 32_768))
  return btoa(text)
}

export function encode(value: unknown): string {
  const walk = (v: unknown): unknown => {
    if (v === undefined) return { $: 'undefined' }
    if (v === null || typeof v === 'boolean' || typeof v === 'string') return v
    if (typeof v === 'number') return Number.isFinite(v) ? v : { $: 'number', v: String(v) }
    if (typeof v === 'function' || typeof v === 'symbol') throw new Error('An object could not be cloned.')
    if (Array.isArray(v)) return v.map(walk)
    if (v instanceof Date) return { $: 'date', v: v.getTime() }
    if (v instanceof Uint8Array) return { $: 'bytes', v: bytesToText(v) }
    return { $: 'object', v: Object.entries(v as object).map(([key, x]) => [key, walk(x)]) }
  }
  return JSON.stringify(walk(value))
}

export function decode(text: string): unknown {
  const walk = (v: unknown): unknown => {
    if (v === null || typeof v !== 'object') return v
    if (Array.isArray(v)) return v.map(walk)
    const { $: kind, v: inner } = v as { $: string; v: never }
    switch (kind) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(inner)
      case 'date':
        return new Date(inner)
      case 'bytes':
        return Uint8Array.from(atob(inner), (character) => character.charCodeAt(0))
      default:
        return Object.fromEntries((inner as [string, unknown][]).map(([key, x]) => [key, walk(x)]))
    }
  }
  return walk(JSON.parse(text))
}
