import { type ReactNode, useEffect, useState } from 'react'
import { type AppError, describeError, type ErrorCode } from '../../../shared/errors.ts'
import { useLanguage } from '../../i18n/language.ts'
import { asAppError, showFailure } from '../../shell/run.ts'
import { TryLater } from './TryLater.tsx'

const ofPassphrases: ReadonlySet<ErrorCode> = new Set(['VAULT_PASSPHRASE_WRONG', 'VAULT_TRY_LATER'])

interface Refused {
  readonly error: AppError
  /** When the next may be tried; null for at once. */
  readonly until: number | null
}

/**
 * Why the vault did not take a passphrase, in the language of the page, for the field where it was typed. Other failures
 * are shown as those of any action.
 */
export function useRefusal() {
  const language = useLanguage()
  const [refused, setRefused] = useState<Refused | null>(null)
  const until = refused?.until ?? null
  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => setRefused(null), until - Date.now())
    return () => clearTimeout(timer)
  }, [until])
  const said: ReactNode =
    refused === null ? null : until === null ? (
      describeError(refused.error.code, refused.error.details, language).sentence
    ) : (
      <TryLater until={until} />
    )
  return {
    said,
    /** Until that has passed, nothing more is taken. */
    waiting: until !== null,
    /** What is typed anew is not wrong yet; a pause goes on all the same. */
    clear: () => {
      if (until === null) setRefused(null)
    },
    /** Resolves with the result, or undefined when it failed; never rejects. */
    async attempt<T>(work: Promise<T>): Promise<T | undefined> {
      try {
        return await work
      } catch (error) {
        const known = asAppError(error)
        const seconds = known.code === 'VAULT_TRY_LATER' ? Number(known.details['seconds']) : 0
        if (ofPassphrases.has(known.code)) {
          setRefused({ error: known, until: seconds > 0 ? Date.now() + seconds * 1000 : null })
        } else showFailure(known)
        return undefined
      }
    },
  }
}
export type PassphraseRefusal = ReturnType<typeof useRefusal>
