import { useEffect, useRef } from 'react'
import type { Line } from './arrange.ts'

/** Tells which rows are on screen (and a few beside), once they have stood still for 150 ms and only when they differ. */
export function useVisibleKeys<R>(
  items: readonly { readonly index: number }[],
  lines: readonly Line<R>[],
  onVisible: ((keys: readonly string[]) => void) | undefined,
): void {
  const told = useRef('')
  const latest = useRef(onVisible)
  useEffect(() => {
    latest.current = onVisible
  })
  const keys = onVisible ? items.flatMap(({ index }) => (lines[index]?.kind === 'row' ? [lines[index].key] : [])) : []
  const joined = keys.join('\n')
  useEffect(() => {
    if (joined === told.current) return
    const timer = setTimeout(() => {
      told.current = joined
      latest.current?.(joined === '' ? [] : joined.split('\n'))
    }, 150)
    return () => clearTimeout(timer)
  }, [joined])
}
