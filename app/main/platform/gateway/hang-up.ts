/** Whether the caller has hung up; lighter than an abort signal, of which every request would make one. */
export interface HangUp {
  readonly gone: boolean
  /** Told once when the caller has hung up, at once where it has; one listener at a time. */
  listen(listener: (() => void) | null): void
  /** For whoever knows that nobody reads the answer any more. */
  leave(): void
}

export function createHangUp(hasGone = false): HangUp {
  let gone = hasGone
  let told: (() => void) | null = null
  return {
    get gone() {
      return gone
    },
    listen(listener) {
      told = listener
      if (gone) listener?.()
    },
    leave() {
      gone = true
      told?.()
    },
  }
}
