import { AppError } from '../../../../shared/errors.ts'

/** How far a call has come, whatever becomes of it. */
export interface Progress {
  /** How often it was sent, redirects included. */
  attempts: number
  /** Whether anything of the present attempt may have reached the other end. */
  written: boolean
  /** Of the present attempt; null before there is an answer. */
  status: number | null
  firstByteAt: number | null
}

/** The time of one call, and who gives it up: the same for all of its requests, retries and redirects. */
export interface Budget {
  /** What ended the call; null while it may go on. */
  readonly failure: AppError | null
  readonly progress: Progress
  /** Told once, at the end of the budget; one listener at a time. */
  listen(listener: ((failure: AppError) => void) | null): void
  /** Waits, or fails with the budget. */
  pause(milliseconds: number): Promise<void>
  done(): void
}

export function createBudget(milliseconds: number, host: string, signal: AbortSignal | undefined): Budget {
  let listener: ((failure: AppError) => void) | null = null
  const end = (reason: AppError) => {
    budget.failure ??= reason
    listener?.(budget.failure)
  }
  const timer = setTimeout(() => {
    end(new AppError('UPSTREAM_TIMEOUT', { host, seconds: Number((milliseconds / 1000).toPrecision(3)) }))
  }, milliseconds)
  const cancel = signal && (() => end(new AppError('CANCELLED')))
  const budget = {
    failure: null as AppError | null,
    progress: { attempts: 0, written: false, status: null, firstByteAt: null },
    listen(next: typeof listener) {
      listener = next
      if (budget.failure && next) next(budget.failure)
    },
    pause: (wait: number) =>
      new Promise<void>((resolve, reject) => {
        const over = setTimeout(() => {
          listener = null
          resolve()
        }, wait)
        listener = (reason) => {
          clearTimeout(over)
          reject(reason)
        }
        if (budget.failure) listener(budget.failure)
      }),
    done() {
      clearTimeout(timer)
      if (cancel) signal.removeEventListener('abort', cancel)
      listener = null
    },
  }
  if (signal?.aborted) cancel!()
  else signal?.addEventListener('abort', cancel!, { once: true })
  return budget
}
