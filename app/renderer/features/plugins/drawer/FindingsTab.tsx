import { ClipboardCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Finding, Repair } from '../../../../shared/contracts/plugin-findings.ts'
import type { Plugin, PluginDetails } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { Select } from '../../../ui/Select.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { FindingList } from '../findings/FindingList.tsx'
import { bySeverity, type Severity, severityWords } from '../findings/finding-words.ts'
import { RepairList } from '../findings/RepairList.tsx'
import { SourceView } from '../findings/SourceView.tsx'
import styles from './Drawer.module.css'

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'found'; readonly findings: readonly Finding[]; readonly repairs: readonly Repair[] }
  | { readonly kind: 'failed'; readonly error: unknown }

/** What the import noticed in a version, at its line, and what it mended in its copy. */
export function FindingsTab({
  plugin,
  details,
}: {
  readonly plugin: Plugin
  /** Null while it is looked up; the findings need not wait for it. */
  readonly details: PluginDetails | null
}) {
  const t = useText()
  const { id } = plugin
  const [chosen, setChosen] = useState<number | null>(null)
  const versionId = chosen ?? plugin.versionId
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  useEffect(() => {
    let current = true
    setLoaded({ kind: 'loading' })
    rpc.plugins.findings({ id, versionId }).then(
      (found) => current && setLoaded({ kind: 'found', ...found }),
      (error) => current && setLoaded({ kind: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [id, versionId])

  const versions = details?.versions ?? []
  return (
    <div className={styles['tab']}>
      {versions.length > 1 && (
        <div className={styles['narrow']}>
          <Select
            label={t('plugins.version')}
            value={String(versionId)}
            options={versions.map((one) => ({ value: String(one.versionId), label: one.version }))}
            onChange={(value) => setChosen(Number(value))}
          />
        </div>
      )}
      {loaded.kind === 'loading' && <SkeletonRows />}
      {loaded.kind === 'failed' && <Failed error={loaded.error} />}
      {loaded.kind === 'found' && <Found key={versionId} id={id} versionId={versionId} {...loaded} />}
    </div>
  )
}

function Found({
  id,
  versionId,
  findings,
  repairs,
}: {
  readonly id: string
  readonly versionId: number
  readonly findings: readonly Finding[]
  readonly repairs: readonly Repair[]
}) {
  const t = useText()
  const [severity, setSeverity] = useState<Severity | 'all'>('all')
  const groups = bySeverity(findings)
  if (findings.length === 0 && repairs.length === 0) {
    return (
      <EmptyState icon={ClipboardCheck} title={t('plugins.noFindings')}>
        {t('plugins.noFindingsText')}
      </EmptyState>
    )
  }
  return (
    <>
      {groups.length > 1 && (
        <SegmentedControl
          label={t('plugins.severity')}
          value={severity}
          options={[
            { value: 'all' as const, label: t('plugins.allFindings') },
            ...groups.map(([value, own]) => ({ value, label: t(severityWords[value], { count: own.length }) })),
          ]}
          onChange={setSeverity}
        />
      )}
      {findings.length > 0 && (
        <section aria-label={t('plugins.tabFindings')}>
          <FindingList
            key={severity}
            findings={groups.flatMap(([own, some]) => (severity === 'all' || own === severity ? some : []))}
            detail={(finding) => <SourceView id={id} versionId={versionId} finding={finding} />}
          />
        </section>
      )}
      {repairs.length > 0 && (
        <section>
          <h3>{t('plugins.repairs', { count: repairs.length })}</h3>
          <p className={styles['note']}>{t('plugins.repairsText')}</p>
          <RepairList repairs={repairs} />
        </section>
      )}
    </>
  )
}
