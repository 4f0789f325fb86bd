import type { ReactNode } from 'react'
import { describeError } from '../../shared/errors.ts'
import { useLanguage } from '../i18n/language.ts'
import { ErrorState } from '../ui/ErrorState.tsx'
import { asAppError } from './run.ts'

/** In place of what could not be had: why, and what to do. */
export function Failed({ error, action }: { readonly error: unknown; readonly action?: ReactNode }) {
  const { code, details } = asAppError(error)
  return (
    <ErrorState
      {...describeError(code, details, useLanguage())}
      code={code}
      details={JSON.stringify(details)}
      action={action}
    />
  )
}
