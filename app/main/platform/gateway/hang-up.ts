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
  let told: (() => void) | null = null
  const hangUp = {
    gone: hasGone,
    refusal: null as AppError | null,
    listen(listener: (() => void) | null): void {
      told = listener
      if (hangUp.gone) listener?.()
    },
    leave(refusal?: AppError): void {
      if (hangUp.gone) return
      hangUp.gone = true
      hangUp.refusal = refusal ?? null
      told?.()
    },
  }
  return hangUp
}
