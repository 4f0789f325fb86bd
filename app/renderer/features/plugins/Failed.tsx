import { describeError } from '../../../shared/errors.ts'
import { useLanguage } from '../../i18n/language.ts'
import { asAppError } from '../../shell/run.ts'
import { ErrorState } from '../../ui/ErrorState.tsx'

/** In place of what main refused to tell: why, and what to do. */
export function Failed({ error }: { readonly error: unknown }) {
  const { code, details } = asAppError(error)
  const { sentence, advice } = describeError(code, details, useLanguage())
  return <ErrorState sentence={sentence} advice={advice} code={code} details={JSON.stringify(details)} />
}
