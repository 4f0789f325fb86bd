import { History } from 'lucide-react'
import { useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import styles from './EntryList.module.css'
import { EntryList } from './EntryList.tsx'
import { useEntries } from './use-entries.ts'

/** What was done to one thing from the console, newest first and live; `of` says whose words an empty list has. */
export function ChangesTab({ id, of }: { readonly id: string; readonly of: 'keys' | 'services' }) {
  const t = useText()
  const { entries, more } = useEntries(id)
  if (entries === null) return <SkeletonRows />
  if (entries.length === 0) {
    return (
      <EmptyState icon={History} title={t(`${of}.changesNone`)}>
        {t(`${of}.changesNoneText`)}
      </EmptyState>
    )
  }
  return (
    <div className={styles['tab']}>
      <EntryList entries={entries} />
      {more && <Button onClick={more}>{t(`${of}.changesMore`)}</Button>}
    </div>
  )
}
