import type { Link } from '../../app/shared/rpc/link.ts'

/** Two ends of one link in memory. */
export function linkPair(): [Link, Link] {
  const end = () => {
    const listeners: ((frame: string) => void)[] = []
    return { listeners, onFrame: (listener: (frame: string) => void) => void listeners.push(listener) }
  }
  const a = end()
  const b = end()
  const link = (mine: typeof a, theirs: typeof a): Link => ({
    send: (frame) => queueMicrotask(() => theirs.listeners.forEach((listener) => void listener(frame))),
    onFrame: mine.onFrame,
    onClose: () => {},
  })
  return [link(a, b), link(b, a)]
}
