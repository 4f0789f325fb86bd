import type { ReactNode } from 'react'
import { type AppError, describeError } from '../../../../shared/errors.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { ErrorState } from '../../../ui/ErrorState.tsx'

/** In place of what could not be had: what happened, and what to do. */
export function FailureState({ error, action }: { readonly error: AppError; readonly action?: ReactNode }) {
  const { sentence, advice } = describeError(error.code, error.details, useLanguage())
  return (
    <ErrorState
      sentence={sentence}
      advice={advice}
      code={error.code}
      details={JSON.stringify(error.details)}
      action={action}
    />
  )
}
