import { useState } from 'react'
import type { Entry } from '../../../shared/contracts/audit.ts'
import { useText } from '../../i18n/language.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { EntryList } from '../../shell/changes/EntryList.tsx'
import { mergeEntries, withoutStarts } from '../../shell/changes/entries.ts'
import styles from './Overview.module.css'

const most = 12

/** What was changed from this console lately, newest first and live. */
export function LastChanges() {
  const t = useText()
  const [entries, setEntries] = useState<readonly Entry[] | null>(null)
  useEvent(rpc.audit.onEntries, undefined, (update) =>
    setEntries((known) =>
      update.kind === 'snapshot'
        ? mergeEntries([], update.entries)
        : mergeEntries(known ?? [], [update.entry]).slice(0, 100),
    ),
  )
  return (
    <section className={styles['panel']} aria-labelledby="overview-changes">
      <h2 id="overview-changes">{t('overview.changes')}</h2>
      {entries?.length === 0 && <p className={styles['quiet']}>{t('overview.noChanges')}</p>}
      {entries && <EntryList entries={withoutStarts(entries).slice(0, most)} />}
    </section>
  )
}
