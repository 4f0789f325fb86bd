import type { AppError } from '../../../shared/errors.ts'

/** Whether the caller has hung up; lighter than an abort signal, of which every request would make one. */
export interface HangUp {
  readonly gone: boolean
  /** What a caller has to be told that did not leave but was sent away. */
  readonly refusal: AppError | null
  /** Told once when the caller has hung up, at once where it has; one listener at a time. */
  listen(listener: (() => void) | null): void
  /** For whoever knows that nobody reads the answer any more, or with a refusal that nobody may. The first counts. */
  leave(refusal?: AppError): void
}

export function createHangUp(hasGone = false): HangUp {
  let gone = hasGone
  let refusal: AppError | null = null
  let told: (() => void) | null = null
  return {
    get gone() {
      return gone
    },
    get refusal() {
      return refusal
    },
    listen(listener) {
      told = listener
      if (gone) listener?.()
    },
    leave(because) {
      if (gone) return
      gone = true
      refusal = because ?? null
      told?.()
    },
  }
}
