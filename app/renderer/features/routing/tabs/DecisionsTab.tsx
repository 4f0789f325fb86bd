import { RefreshCw, ScrollText } from 'lucide-react'
import { type UIEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { Decision, DecisionOutcome } from '../../../../shared/contracts/routing.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { useRoutingView } from '../routing-view.ts'
import { DecisionRow } from './DecisionRow.tsx'
import styles from './Tabs.module.css'

export interface Kept {
  readonly decision: Decision
  readonly outcome: DecisionOutcome | null
}
interface Log {
  readonly kept: readonly Kept[]
  /** There are no older ones. */
  readonly whole: boolean
  readonly loading: boolean
  readonly failure: unknown
}
const nothing: Log = { kept: [], whole: false, loading: true, failure: null }
const portion = 50

/** What the router decided, newest first; older ones come as one scrolls. */
export function DecisionsTab({ name }: { readonly name: string }) {
  const t = useText()
  const of = useRoutingView((state) => state.decisionsOf)
  const [log, setLog] = useState<Log>(nothing)
  const [open, setOpen] = useState<string | null>(null)
  const asked = useRef(0)
  const feature = of === 'this' ? name : null

  const load = useCallback(
    (known: readonly Kept[]) => {
      const turn = ++asked.current
      setLog((log) => ({ ...log, kept: known, loading: true, failure: null }))
      const before = known.at(-1)?.decision.id ?? null
      rpc.routing.decisions({ feature, before, limit: portion }).then(
        ({ decisions }) => {
          if (turn !== asked.current) return
          const ids = new Set(known.map(({ decision }) => decision.id))
          const fresh = decisions.filter(({ decision }) => !ids.has(decision.id))
          setLog({ kept: [...known, ...fresh], whole: decisions.length < portion, loading: false, failure: null })
        },
        (failure: unknown) => turn === asked.current && setLog((log) => ({ ...log, loading: false, failure })),
      )
    },
    [feature],
  )
  useEffect(() => {
    load([])
    return () => {
      asked.current++
    }
  }, [load])

  const { kept, whole, loading, failure } = log
  const scrolled = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent) => {
    if (!loading && !whole && failure === null && scrollHeight - scrollTop - clientHeight < 200) load(kept)
  }
  return (
    <div className={styles['log']}>
      <div className={styles['bar']}>
        <SegmentedControl
          label={t('routing.ofFeature')}
          value={of}
          options={[
            { value: 'this', label: t('routing.thisFeature', { name }) },
            { value: 'all', label: t('routing.allFeatures') },
          ]}
          onChange={(next) => useRoutingView.setState({ decisionsOf: next })}
        />
        <Button variant="quiet" icon={RefreshCw} busy={loading} onClick={() => load([])}>
          {t('routing.refresh')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles['scroll']} aria-label={t('routing.tabDecisions')} onScroll={scrolled} tabIndex={0}>
        {failure !== null && <Failed error={failure} />}
        {kept.length === 0 && loading && <SkeletonRows count={4} />}
        {kept.length === 0 && !loading && failure === null && (
          <EmptyState icon={ScrollText} title={t('routing.decisionsEmpty')}>
            {t('routing.decisionsEmptyText')}
          </EmptyState>
        )}
        <ul>
          {kept.map((one) => (
            <DecisionRow
              key={one.decision.id}
              kept={one}
              named={of === 'all'}
              open={open === one.decision.id}
              onToggle={setOpen}
            />
          ))}
        </ul>
        {kept.length > 0 && (
          <div className={styles['end']}>
            {whole ? (
              <p className={styles['note']}>{t('routing.decisionsEnd', { count: kept.length })}</p>
            ) : (
              <Button variant="quiet" busy={loading} onClick={() => load(kept)}>
                {t('routing.older')}
              </Button>
            )}
          </div>
        )}
      </section>
    </div>
  )
}
