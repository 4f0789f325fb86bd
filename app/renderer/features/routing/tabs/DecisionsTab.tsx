import { ArrowUp, RefreshCw, ScrollText } from 'lucide-react'
import { type UIEvent, useRef, useState } from 'react'
import { useText } from '../../../i18n/language.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { useRoutingView } from '../routing-view.ts'
import { DecisionRow } from './DecisionRow.tsx'
import styles from './Tabs.module.css'
import { useDecisions } from './use-decisions.ts'

/** What the router decided, newest first and live; older ones come as one scrolls. */
export function DecisionsTab({ name }: { readonly name: string }) {
  const t = useText()
  const of = useRoutingView((state) => state.decisionsOf)
  const [open, setOpen] = useState<string | null>(null)
  const [atTop, setAtTop] = useState(true)
  const scroll = useRef<HTMLElement>(null)
  const feature = of === 'this' ? name : null
  const { kept, whole, loading, failure, behind, load, look } = useDecisions(feature, atTop, open)

  const scrolled = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent) => {
    setAtTop(scrollTop < 8)
    if (!loading && !whole && failure === null && scrollHeight - scrollTop - clientHeight < 200) load(kept)
  }
  const showNewer = () => {
    scroll.current?.scrollTo({ top: 0 })
    look()
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
        {failure !== null && (
          <Button variant="quiet" icon={RefreshCw} onClick={() => load([])}>
            {t('routing.refresh')}
          </Button>
        )}
        {behind && (
          <Button variant="quiet" icon={ArrowUp} onClick={showNewer}>
            {t('routing.newer')}
          </Button>
        )}
      </div>
      <section
        ref={scroll}
        className={styles['scroll']}
        aria-label={t('routing.tabDecisions')}
        onScroll={scrolled}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
      >
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
