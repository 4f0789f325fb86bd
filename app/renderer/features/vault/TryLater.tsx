import { describeError } from '../../../shared/errors.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useNow } from '../../ui/use-now.ts'

const number = '\u0000'

/** That there were too many wrong passphrases, with the seconds until the next may be tried. */
export function TryLater({ until }: { readonly until: number }) {
  const language = useLanguage()
  const left = Math.max(1, Math.ceil((until - useNow('second')) / 1000))
  const [before, after] = describeError('VAULT_TRY_LATER', { seconds: number }, language).sentence.split(number)
  return (
    <>
      {before}
      {/* A timer of its own within the alert: else a screen reader would say the sentence each second. */}
      <span role="timer">{left}</span>
      {after}
    </>
  )
}
