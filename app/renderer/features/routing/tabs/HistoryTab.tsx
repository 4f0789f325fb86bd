import { ChevronDown, ChevronRight, GitCommitVertical, RotateCcw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Feature, FeatureRevision } from '../../../../shared/contracts/routing.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Badge } from '../../../ui/Badge.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { DiffView } from '../DiffView.tsx'
import { rollBack } from '../routing-actions.ts'
import { actorName } from '../routing-words.ts'
import { diffLines, linesOf } from '../rules-lines.ts'
import styles from './Tabs.module.css'

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'revisions'; readonly revisions: readonly FeatureRevision[] }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Every revision there was, what it changed, and the way back to each. */
export function HistoryTab({ name, feature }: { readonly name: string; readonly feature: Feature | null }) {
  const t = useText()
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  const revision = feature?.revision ?? null
  useEffect(() => {
    if (revision === null) {
      setLoaded({ kind: 'revisions', revisions: [] })
      return
    }
    let current = true
    rpc.routing.history({ name }).then(
      ({ revisions }) => current && setLoaded({ kind: 'revisions', revisions }),
      (error: unknown) => current && setLoaded({ kind: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [name, revision])
  if (loaded.kind === 'loading') return <SkeletonRows count={4} />
  if (loaded.kind === 'failed') return <Failed error={loaded.error} />
  const newest = [...loaded.revisions].sort((a, b) => b.revision - a.revision)
  if (newest.length === 0) {
    return (
      <EmptyState icon={GitCommitVertical} title={t('routing.historyEmpty')}>
        {t('routing.historyEmptyText')}
      </EmptyState>
    )
  }
  return (
    <ul>
      {newest.map((one, index) => (
        <RevisionRow key={one.revision} one={one} before={newest[index + 1] ?? null} feature={feature} />
      ))}
    </ul>
  )
}

function RevisionRow({
  one,
  before,
  feature,
}: {
  readonly one: FeatureRevision
  readonly before: FeatureRevision | null
  readonly feature: Feature | null
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const revision = String(one.revision)
  const used = feature?.revision === one.revision
  const comparable = before !== null && !before.removed && !one.removed
  const Chevron = open ? ChevronDown : ChevronRight
  const back = async () => {
    if (!feature) return
    setBusy(true)
    await rollBack(feature, one.revision)
    setBusy(false)
  }
  return (
    <li className={styles['row']}>
      <div className={styles['revision']}>
        <button
          type="button"
          className={styles['fold']}
          aria-expanded={open}
          disabled={!comparable}
          onClick={() => setOpen(!open)}
        >
          <Chevron size={14} strokeWidth={1.5} aria-hidden />
          <strong>{t('routing.revision', { revision })}</strong>
          {used && <Badge tone="ok">{t('routing.inUse')}</Badge>}
          {one.removed && <Badge tone="fail">{t('routing.wasRemoved')}</Badge>}
          <span className={styles['note']}>
            <RelativeTime time={one.at} /> · {actorName(one.by, t)} ·{' '}
            {before === null ? t('routing.firstRevision') : comparable && <Changed one={one} before={before} />}
          </span>
        </button>
        {!used && !one.removed && feature && (
          <Button icon={RotateCcw} busy={busy} label={t('routing.rollBackNamed', { revision })} onClick={back}>
            {t('routing.rollBack')}
          </Button>
        )}
      </div>
      {open && before && (
        <div className={styles['unfolded']}>
          <DiffView label={t('routing.changesOf', { revision })} before={before} after={one} />
        </div>
      )}
    </li>
  )
}

function Changed({ one, before }: { readonly one: FeatureRevision; readonly before: FeatureRevision }) {
  const t = useText()
  const count = diffLines(linesOf(before), linesOf(one)).filter(({ kind }) => kind !== 'same').length
  return count === 0 ? t('routing.noDifference') : t('routing.changedLines', { count })
}
