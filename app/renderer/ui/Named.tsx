import type { ReactNode } from 'react'
import { useText } from '../i18n/language.ts'
import styles from './Named.module.css'

/** So many are named; of more it is said how many. */
export const mostNamed = 12

/** What an action meets, one by one. */
export function Named<T extends { readonly id: string }>({
  of,
  write,
}: {
  readonly of: readonly T[]
  readonly write: (one: T) => ReactNode
}) {
  const t = useText()
  return (
    <ul className={styles['names']}>
      {of.slice(0, mostNamed).map((one) => (
        <li key={one.id}>{write(one)}</li>
      ))}
      {of.length > mostNamed && <li>{t('common.andMore', { count: of.length - mostNamed })}</li>}
    </ul>
  )
}
