import { AppError } from '../../../../shared/errors.ts'

/** The time of one call, and who gives it up: the same for all of its requests, retries and redirects. */
export interface Budget {
  /** What ended the call; null while it may go on. */
  readonly failure: AppError | null
  /** Told once, at the end of the budget; one listener at a time. */
  listen(listener: ((failure: AppError) => void) | null): void
  /** Waits, or fails with the budget. */
  pause(milliseconds: number): Promise<void>
  done(): void
}

export function createBudget(milliseconds: number, host: string, signal: AbortSignal | undefined): Budget {
  let failure: AppError | null = null
  let listener: ((failure: AppError) => void) | null = null
  const end = (reason: AppError) => {
    failure ??= reason
    listener?.(failure)
  }
  const seconds = Number((milliseconds / 1000).toPrecision(3))
  const timer = setTimeout(() => end(new AppError('UPSTREAM_TIMEOUT', { host, seconds })), milliseconds)
  const cancel = () => end(new AppError('CANCELLED'))
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  return {
    get failure() {
      return failure
    },
    listen(next) {
      listener = next
      if (failure && next) next(failure)
    },
    pause: (wait) =>
      new Promise((resolve, reject) => {
        const over = setTimeout(() => {
          listener = null
          resolve()
        }, wait)
        listener = (reason) => {
          clearTimeout(over)
          reject(reason)
        }
        if (failure) listener(failure)
      }),
    done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      listener = null
    },
  }
}
