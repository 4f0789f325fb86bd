import type { RefObject } from 'react'
import { toggled } from '../../ui/toggled.ts'
import type { Shortcuts } from '../shortcuts.ts'
import type { ChangeView, ListView } from './list-view.ts'

/** Key of the line of a list that has the keyboard. */
export const focusedKey = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[role="row"][data-key]')?.dataset['key'] ?? null

/** What the letters of a list act on, and the letters that are the same in every list. */
export function listLetters<R>(list: {
  readonly byId: () => ReadonlyMap<string, R>
  readonly view: () => ListView
  readonly change: ChangeView
  readonly selected: readonly R[]
  /** Of the row whose drawer is open. */
  readonly openId: string | null
  readonly filter: RefObject<HTMLInputElement | null>
  readonly words: { readonly select: string; readonly filter: string }
}) {
  const { byId, view, change, selected, openId, filter, words } = list
  /** The row with the keyboard, else the one whose drawer is open. */
  const current = (): R | null => byId().get(focusedKey() ?? '') ?? byId().get(openId ?? '') ?? null
  /** The selection where there is one, else that row. */
  const targets = (): readonly R[] => {
    if (selected.length > 0) return selected
    const one = current()
    return one === null ? [] : [one]
  }
  const shortcuts: Shortcuts = {
    x: {
      label: words.select,
      run: () => {
        const key = focusedKey()
        if (key !== null && byId().has(key)) change({ selected: toggled(view().selected, key) })
      },
    },
    '/': { label: words.filter, run: () => filter.current?.focus() },
  }
  return { current, targets, shortcuts }
}
