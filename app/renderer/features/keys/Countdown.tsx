import { useLanguage, useText } from '../../i18n/language.ts'
import { duration } from '../../ui/format.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './Keys.module.css'

const hour = 60 * 60 * 1000

/** The time that is left, by itself: nothing around it is painted again when it ticks. */
export function Countdown({ until }: { readonly until: number }) {
  const t = useText()
  const language = useLanguage()
  const now = useNow(until - Date.now() > hour ? 'minute' : 'second')
  const left = until - now
  return (
    <span role="timer" className={styles['countdown']}>
      {left > 0 ? duration(Math.ceil(left / 1000) * 1000, language) : t('keys.anyMoment')}
    </span>
  )
}
