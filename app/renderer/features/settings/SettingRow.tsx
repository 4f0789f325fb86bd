import { type ReactNode, useId } from 'react'
import { useText } from '../../i18n/language.ts'
import styles from './Settings.module.css'

/** One setting: what it is at the left, its control at the right, and where its value comes from below. */
export function SettingRow({
  title,
  hint,
  byDefault,
  place = 'settings.inDatabase',
  children,
}: {
  readonly title: string
  readonly hint?: string | undefined
  /** The default in words; without it the row is no setting but a fact. */
  readonly byDefault?: string | undefined
  readonly place?: 'settings.inDatabase' | 'settings.inSystem' | undefined
  readonly children: ReactNode
}) {
  const t = useText()
  const id = useId()
  return (
    <section className={styles['row']} aria-labelledby={id}>
      <div>
        <h3 id={id}>{title}</h3>
        {hint && <p className={styles['hint']}>{hint}</p>}
        {byDefault !== undefined && (
          <p className={styles['hint']}>{t('settings.origin', { value: byDefault, place: t(place) })}</p>
        )}
      </div>
      <div className={styles['control']}>{children}</div>
    </section>
  )
}
