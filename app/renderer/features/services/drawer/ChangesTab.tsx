import { History } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Entry } from '../../../../shared/contracts/audit.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { EntryList } from '../../../shell/changes/EntryList.tsx'
import { mergeEntries } from '../../../shell/changes/entries.ts'
import { run, showFailure } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import styles from './Drawer.module.css'

const pageSize = 50

/** What was done to this service from the console, newest first and live. */
export function ChangesTab({ id }: { readonly id: string }) {
  const t = useText()
  const [entries, setEntries] = useState<readonly Entry[] | null>(null)
  const [more, setMore] = useState(false)
  const load = async (before: number | null) => {
    const answer = await run(rpc.audit.list({ before, targetId: id, limit: pageSize }))
    if (!answer) return
    setEntries((known) => mergeEntries(known ?? [], answer.entries))
    setMore(answer.entries.length === pageSize)
  }
  useEffect(() => {
    let current = true
    rpc.audit.list({ before: null, targetId: id, limit: pageSize }).then((answer) => {
      if (!current) return
      setEntries((known) => mergeEntries(known ?? [], answer.entries))
      setMore(answer.entries.length === pageSize)
    }, showFailure)
    return () => {
      current = false
    }
  }, [id])
  useEvent(rpc.audit.onEntries, undefined, (update) => {
    const fresh = update.kind === 'snapshot' ? update.entries : [update.entry]
    const own = fresh.filter(({ targetId }) => targetId === id)
    setEntries((known) => (known === null ? null : mergeEntries(known, own)))
  })
  if (entries === null) return <SkeletonRows />
  if (entries.length === 0) {
    return (
      <EmptyState icon={History} title={t('services.changesNone')}>
        {t('services.changesNoneText')}
      </EmptyState>
    )
  }
  return (
    <div className={styles['tab']}>
      <EntryList entries={entries} />
      {more && <Button onClick={() => void load(entries.at(-1)?.sequence ?? null)}>{t('services.changesMore')}</Button>}
    </div>
  )
}
