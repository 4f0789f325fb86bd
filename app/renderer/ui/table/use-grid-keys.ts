import { type KeyboardEvent, type MouseEvent, type RefObject, useCallback, useEffect, useRef } from 'react'
import type { Line } from './arrange.ts'
import type { Selection } from './table-types.ts'

interface Options<R> {
  readonly root: RefObject<HTMLDivElement | null>
  readonly lines: readonly Line<R>[]
  readonly focusedIndex: number
  readonly setFocused: (key: string) => void
  readonly scrollTo: (index: number) => void
  readonly selection: Selection | undefined
  readonly onOpen: ((row: R) => void) | undefined
  readonly onToggle: ((group: string) => void) | undefined
}

/** The manners of a list: one place moves, opens and selects, by keyboard and by mouse. */
export function useGridKeys<R>(options: Options<R>) {
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  /** Where a range starts, and the line to focus once it is on screen. */
  const anchor = useRef<string | null>(null)
  const wanted = useRef<string | null>(null)
  useEffect(() => {
    if (wanted.current === null) return
    const line = options.root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.current)}"]`)
    if (!line) return
    wanted.current = null
    line.focus({ preventScroll: true })
  })

  const select = useCallback((key: string, range: boolean) => {
    const { selection, lines } = latest.current
    if (!selection) return
    const next = new Set(selection.selected)
    const from = lines.findIndex((line) => line.key === anchor.current)
    const to = lines.findIndex((line) => line.key === key)
    if (range && from >= 0) {
      for (const line of lines.slice(Math.min(from, to), Math.max(from, to) + 1)) {
        if (line.kind === 'row') next.add(line.key)
      }
    } else {
      if (!next.delete(key)) next.add(key)
      anchor.current = key
    }
    selection.onChange(next)
  }, [])

  const moveTo = (index: number, extend: boolean) => {
    const { lines, setFocused, scrollTo, focusedIndex } = latest.current
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))]
    if (!line) return
    if (extend) anchor.current ??= lines[focusedIndex]?.key ?? null
    wanted.current = line.key
    setFocused(line.key)
    scrollTo(lines.indexOf(line))
    if (extend && line.kind === 'row') select(line.key, true)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { lines, focusedIndex, selection, onOpen, onToggle, root } = latest.current
    const target = event.target as HTMLElement
    const line = lines[focusedIndex]
    // Keys inside a row's own buttons and links are theirs, except for moving on.
    const onRow = target.getAttribute('role') === 'row' || target === root.current
    const page = Math.max(1, Math.floor((root.current?.clientHeight ?? 320) / 32) - 2)
    const move = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
      Home: -lines.length,
      End: lines.length,
    }[event.key]
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (move !== undefined && plain) moveTo(Math.max(0, focusedIndex) + move, event.shiftKey)
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selection) {
      selection.onChange(new Set(lines.flatMap(({ kind, key }) => (kind === 'row' ? [key] : []))))
    } else if (!onRow || !line || !plain) return
    else if (line.kind === 'group') {
      const fold = { ArrowLeft: line.open, ArrowRight: !line.open, Enter: true, ' ': true }[event.key]
      if (fold === undefined) return
      if (fold) onToggle?.(line.group ?? '')
    } else if (event.key === 'Enter') onOpen?.(line.row)
    else if (event.key === ' ') select(line.key, event.shiftKey)
    else return
    event.preventDefault()
  }

  /** A click on a row opens it; with Ctrl, Cmd or Shift it selects. */
  const onPress = useCallback(
    (row: R, key: string, event: MouseEvent) => {
      const { onOpen, selection } = latest.current
      if (selection && (event.ctrlKey || event.metaKey || event.shiftKey)) select(key, event.shiftKey)
      else onOpen?.(row)
    },
    [select],
  )
  return { onKeyDown, onPress, onSelect: select }
}
