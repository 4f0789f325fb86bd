/**
 * Gathers the ids of a list's rows that changed. What comes within one turn of the event loop is told as one change, with
 * the rows as they are by then; a row that is not there any more was removed.
 */
export function createGathering<T>(
  look: (id: string) => T | undefined,
  tell: (change: { readonly kind: 'change'; readonly upserted: T[]; readonly removed: string[] }) => void,
) {
  const ids = new Set<string>()
  let soon: NodeJS.Immediate | null = null
  let later: NodeJS.Timeout | null = null
  let stopped = false

  function add(more: Iterable<string>): boolean {
    for (const id of more) ids.add(id)
    return ids.size > 0 && !stopped
  }
  /** Tells now what would be told soon. */
  function flush(): void {
    if (soon) clearImmediate(soon)
    soon = null
    if (ids.size === 0) return
    const upserted: T[] = []
    const removed: string[] = []
    for (const id of ids) {
      const row = look(id)
      if (row === undefined) removed.push(id)
      else upserted.push(row)
    }
    ids.clear()
    tell({ kind: 'change', upserted, removed })
  }

  return {
    publish(more: Iterable<string>): void {
      if (add(more)) soon ??= setImmediate(flush)
    },
    /** For what may wait: told within so many milliseconds, with whatever else came by then. */
    publishWithin(milliseconds: number, more: Iterable<string>): void {
      if (!add(more)) return
      later ??= setTimeout(() => {
        later = null
        flush()
      }, milliseconds).unref()
    },
    flush,
    /** Everything was told otherwise. */
    clear: () => ids.clear(),
    stop(): void {
      stopped = true
      if (soon) clearImmediate(soon)
      if (later) clearTimeout(later)
    },
  }
}
