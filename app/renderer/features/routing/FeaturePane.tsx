import { useEffect, useMemo, useRef, useState } from 'react'
import type { RouteState } from '../../../shared/contracts/routing.ts'
import { useText } from '../../i18n/language.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { Tabs } from '../../ui/Tabs.tsx'
import { settled, withBrought } from './brought.ts'
import { DraftBar } from './DraftBar.tsx'
import { type Draft, editRules, useDrafts } from './draft-store.ts'
import { FeatureHeader } from './FeatureHeader.tsx'
import { arrange } from './picture/arrange.ts'
import { Picture } from './picture/Picture.tsx'
import styles from './Routing.module.css'
import { type RoutingTab, routingPath, routingTabs } from './routing-address.ts'
import { useRouteKeys, useRouting } from './routing-store.ts'
import { useRoutingView } from './routing-view.ts'
import { rulesOf } from './rules-edit.ts'
import { AskTab } from './tabs/AskTab.tsx'
import { DecisionsTab } from './tabs/DecisionsTab.tsx'
import { HistoryTab } from './tabs/HistoryTab.tsx'
import { ReplayTab } from './tabs/ReplayTab.tsx'
import { useYamlReading } from './use-yaml-reading.ts'
import { YamlPane } from './YamlPane.tsx'

const tabNames = {
  ask: 'routing.tabAsk',
  decisions: 'routing.tabDecisions',
  replay: 'routing.tabReplay',
  history: 'routing.tabHistory',
} as const

/** One feature: its route, which can be changed in place, and the tabs below it. */
export function FeaturePane({ name, tab }: { readonly name: string; readonly tab: RoutingTab }) {
  const t = useText()
  const feature = useRouting((state) => state.byName.get(name)) ?? null
  const draft = useDrafts((state) => state.byName.get(name)) ?? null
  const keys = useRouteKeys()
  const view = useRoutingView((state) => state.view)
  const [state, setState] = useState<RouteState | null>(null)
  // Refused where the feature does not exist yet: then only the keys tell how they are.
  useEvent(rpc.routing.onState, feature ? { name } : null, setState, () => setState(null))

  const rules = useMemo(() => draft?.rules ?? (feature ? rulesOf(feature) : null), [draft, feature])
  const drafted = draft !== null
  const tried = useMemo(() => (rules ? withBrought(rules, state?.choices ?? []) : null), [rules, state])
  const columns = useMemo(
    () => (tried ? arrange(tried.rules, keys, state, drafted, tried.brought) : []),
    [tried, keys, state, drafted],
  )
  useYamlReading(name, draft?.yaml ?? null)
  const heading = useRef<HTMLHeadingElement>(null)
  const hadDraft = useRef(drafted)
  useEffect(() => {
    // *Save* and *Discard* go with what they were pressed for.
    if (hadDraft.current && !drafted && document.activeElement === document.body) heading.current?.focus()
    hadDraft.current = drafted
  }, [drafted])
  if (!rules || !tried) return null
  const edit = (next: typeof rules) => editRules(name, feature, next)
  const locked = draft?.problem ?? null
  return (
    <div className={styles['pane']}>
      <FeatureHeader heading={heading} name={name} feature={feature} rules={rules} onChange={locked ? null : edit} />
      {draft && <DraftBar name={name} feature={feature} draft={draft} />}
      <div className={styles['route']}>
        {view !== 'yaml' && (
          <Picture
            name={name}
            rules={tried.rules}
            columns={columns}
            locked={locked}
            onChange={(next) => edit(settled(next, tried.brought))}
          />
        )}
        {view !== 'picture' && <YamlPane name={name} feature={feature} rules={rules} draft={draft} />}
      </div>
      <div className={styles['below']}>
        <Tabs
          label={t('routing.tabs', { name })}
          active={tab}
          tabs={routingTabs.map((key) => ({ key, label: t(tabNames[key]), href: `#${routingPath(name, key)}` }))}
        />
        <div className={styles['tab']}>
          <Shown tab={tab} name={name} draft={draft} />
        </div>
      </div>
    </div>
  )
}

function Shown({
  tab,
  name,
  draft,
}: {
  readonly tab: RoutingTab
  readonly name: string
  readonly draft: Draft | null
}) {
  const feature = useRouting((state) => state.byName.get(name)) ?? null
  switch (tab) {
    case 'ask':
      return <AskTab name={name} draft={draft} />
    case 'decisions':
      return <DecisionsTab name={name} />
    case 'replay':
      return <ReplayTab name={name} draft={draft} />
    case 'history':
      return <HistoryTab name={name} feature={feature} />
  }
}
