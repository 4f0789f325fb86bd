import { useLanguage } from '../i18n/language.ts'
import { age, dateTime, relative } from './format.ts'
import { useNow } from './use-now.ts'

/** A moment seen from now, the exact one on hover. `age` is the bare length: "3 d". */
export function RelativeTime({
  time,
  form = 'ago',
  write = (text) => text,
}: {
  readonly time: number
  readonly form?: 'ago' | 'age'
  /** Puts the words into a sentence. */
  readonly write?: (text: string) => string
}) {
  const locale = useLanguage()
  // Seconds matter for a minute; after that, a tick each half minute is as exact as the words.
  const recent = Math.abs(Date.now() - time) < 90_000
  const now = Math.max(useNow(recent ? 'second' : 'minute'), form === 'age' ? time : 0)
  return (
    <time dateTime={new Date(time).toISOString()} title={dateTime(time, locale)}>
      {write(form === 'age' ? age(now - time, locale) : relative(time, now, locale))}
    </time>
  )
}
