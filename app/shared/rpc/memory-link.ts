import type { Link } from './link.ts'

/** Two ends of one link inside one process, and what cuts it. Frames arrive in order, never before `send` has returned. */
export function memoryLinks(): { near: Link; far: Link; close: () => void } {
  let open = true
  const end = () => ({ frames: [] as ((frame: string) => void)[], closes: [] as (() => void)[] })
  const a = end()
  const b = end()
  const link = (mine: typeof a, theirs: typeof a): Link => ({
    send: (frame) =>
      void Promise.resolve().then(() => {
        if (open) for (const listener of theirs.frames) listener(frame)
      }),
    onFrame: (listener) => void mine.frames.push(listener),
    onClose: (listener) => void mine.closes.push(listener),
  })
  return {
    near: link(a, b),
    far: link(b, a),
    close() {
      if (!open) return
      open = false
      for (const listener of [...a.closes, ...b.closes]) listener()
    },
  }
}
