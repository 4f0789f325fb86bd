import { AppError } from '../../shared/errors.ts'
import { failureToast } from './toasts.ts'

/**
 * The one place that shows the failure of something the operator asked for: as a toast that stays. Resolves with the
 * result, or undefined when it failed; never rejects, so a click handler may leave it alone.
 */
export async function run<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    showFailure(error)
    return undefined
  }
}

/** Shows a failure that was caught elsewhere. One that the operator asked for (a cancel) is no news. */
export function showFailure(error: unknown): void {
  const known = asAppError(error)
  if (known.code !== 'CANCELLED') failureToast(known.code, known.details)
}

/** Any thrown value as an entry of the error table. */
export const asAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('INTERNAL', { incident: error instanceof Error ? error.message : String(error) })
