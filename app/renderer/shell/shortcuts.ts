import { useEffect, useRef, useState } from 'react'
import { create } from 'zustand'
import { layerIsOpen } from '../ui/layers.ts'

export interface Shortcut {
  /** For the help: what it does. */
  readonly label: string
  readonly run: () => void
  /** Works in fields and under dialogs too; only for combinations with Mod. */
  readonly everywhere?: boolean | undefined
}
/** Keys as `r`, `Shift+R`, `Mod+K` (Ctrl, or ⌘ on a Mac), `F1`, `/`, `?`. */
export type Shortcuts = Readonly<Record<string, Shortcut>>

interface Scope {
  /** Grows with the order of first rendering: what lies inside something else is greater. */
  readonly rank: number
  readonly title: string
  readonly shortcuts: Shortcuts
}

/** What can be pressed now, the innermost first; the help lists it. */
export const useScopes = create<{ readonly scopes: readonly Scope[] }>(() => ({ scopes: [] }))

let lastRank = 0

/** Answers these keys while the component is on screen. `title` heads them in the help. Hand in a memoised map. */
export function useShortcuts(shortcuts: Shortcuts, title = ''): void {
  // Effects run from the inside out, rendering from the outside in: only the latter tells who is inside.
  const [rank] = useState(() => ++lastRank)
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  const shown = Object.entries(shortcuts)
    .map(([keys, { label }]) => `${keys}\t${label}`)
    .join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new closure is read when a key is pressed; only keys and labels make a new scope
  useEffect(() => {
    const fresh = Object.entries(shortcuts).map(([keys, shortcut]) => [
      keys,
      { ...shortcut, run: () => latest.current[keys]?.run() },
    ])
    const scope: Scope = { rank, title, shortcuts: Object.fromEntries(fresh) }
    useScopes.setState(({ scopes }) => ({
      scopes: [scope, ...scopes].sort((a, b) => b.rank - a.rank),
    }))
    return () => useScopes.setState(({ scopes }) => ({ scopes: scopes.filter((other) => other !== scope) }))
  }, [shown, title, rank])
}

/** Starts listening, once for the page; the returned function stops it. */
export function listenForShortcuts(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const keys = keysOf(event)
    const shortcut = useScopes.getState().scopes.find(({ shortcuts }) => Object.hasOwn(shortcuts, keys))?.shortcuts[
      keys
    ]
    if (!shortcut || (!shortcut.everywhere && (isTyping(event) || layerIsOpen(event)))) return
    event.preventDefault()
    shortcut.run()
  }
  document.addEventListener('keydown', press)
  return () => document.removeEventListener('keydown', press)
}

/** The pressed keys in the writing of the map. A sign such as `?` stands for itself, whatever keys make it. */
export function keysOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const mod = event.ctrlKey || event.metaKey
  const letter = /^[a-z]$/i.test(event.key)
  const key = letter ? (mod || event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key
  const shift = event.shiftKey && (letter || event.key.length > 1)
  return [mod && 'Mod', event.altKey && 'Alt', shift && 'Shift', key].filter(Boolean).join('+')
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}
