import { useState } from 'react'
import { type AppError, describeError, type ErrorCode } from '../../../shared/errors.ts'
import { useLanguage } from '../../i18n/language.ts'
import { asAppError, showFailure } from '../../shell/run.ts'

const ofPassphrases: ReadonlySet<ErrorCode> = new Set(['VAULT_PASSPHRASE_WRONG', 'VAULT_TRY_LATER'])

/**
 * Why the vault did not take a passphrase, in the language of the page, for the field where it was typed. Other failures
 * are shown as those of any action.
 */
export function useRefusal() {
  const language = useLanguage()
  const [refused, setRefused] = useState<AppError | null>(null)
  return {
    sentence: refused && describeError(refused.code, refused.details, language).sentence,
    clear: () => setRefused(null),
    /** Resolves with the result, or undefined when it failed; never rejects. */
    async attempt<T>(work: Promise<T>): Promise<T | undefined> {
      try {
        return await work
      } catch (error) {
        const known = asAppError(error)
        if (ofPassphrases.has(known.code)) setRefused(known)
        else showFailure(known)
        return undefined
      }
    },
  }
}
