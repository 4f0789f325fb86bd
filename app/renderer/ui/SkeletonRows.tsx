import { useEffect, useState } from 'react'
import { useText } from '../i18n/language.ts'
import styles from './SkeletonRows.module.css'

/** Where rows will be. Shows nothing for the first 150 ms: what comes at once needs no announcement. */
export function SkeletonRows({ count = 8 }: { readonly count?: number }) {
  const t = useText()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <div className={styles['rows']} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity and never move
        <div key={index} className={styles['row']}>
          <span style={{ width: `${30 + ((index * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  )
}
