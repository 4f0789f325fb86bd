import { create } from 'zustand'

export const usePalette = create<{ readonly open: boolean }>(() => ({ open: false }))
export const openPalette = (): void => usePalette.setState({ open: true })
export const closePalette = (): void => usePalette.setState({ open: false })

const place = 'pilothouse.palette.recent'
const most = 8

/** Keys of what was chosen lately, newest first. A browser that keeps nothing for us just forgets. */
export function recentKeys(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
    return Array.isArray(kept) ? kept.filter((key) => typeof key === 'string').slice(0, most) : []
  } catch {
    return []
  }
}

export function rememberKey(key: string): void {
  try {
    const others = recentKeys().filter((other) => other !== key)
    localStorage.setItem(place, JSON.stringify([key, ...others].slice(0, most)))
  } catch {
    // Nothing depends on it.
  }
}
