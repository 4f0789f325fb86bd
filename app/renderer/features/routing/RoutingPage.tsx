import { Route } from 'lucide-react'
import { useRoute } from 'wouter'
import { useText } from '../../i18n/language.ts'
import { Failed } from '../../shell/Failed.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { VaultBanner } from '../vault/VaultBanner.tsx'
import { useDrafts } from './draft-store.ts'
import { FeatureList } from './FeatureList.tsx'
import { FeaturePane } from './FeaturePane.tsx'
import styles from './Routing.module.css'
import { type RoutingTab, routingTabs } from './routing-address.ts'
import { useRouting } from './routing-store.ts'

/** An alias, not an interface: only an alias counts as a map of parameters. */
type Address = { readonly feature?: string; readonly tab?: string }

/** Features on the left; of the chosen one its route as a picture, and below it what asks and what remembers. */
export function RoutingPage() {
  const [, params] = useRoute<Address>('/routing/:feature?/:tab?')
  const { byName, heard, failure } = useRouting()
  const drafts = useDrafts((state) => state.byName)
  if (!heard) return failure ? <Failed error={failure} /> : <SkeletonRows />

  const name = params?.feature ?? [...byName.keys()].sort((a, b) => a.localeCompare(b, 'en'))[0] ?? null
  const tab = routingTabs.find((one) => one === params?.tab) ?? 'ask'
  return (
    <>
      <VaultBanner />
      <div className={styles['page']}>
        <FeatureList current={name} />
        <Chosen name={name} tab={tab} known={name !== null && (byName.has(name) || drafts.has(name))} />
      </div>
    </>
  )
}

function Chosen({
  name,
  tab,
  known,
}: {
  readonly name: string | null
  readonly tab: RoutingTab
  readonly known: boolean
}) {
  const t = useText()
  if (name !== null && known) return <FeaturePane key={name} name={name} tab={tab} />
  return (
    <div className={styles['pane']}>
      <EmptyState icon={Route} title={name === null ? t('routing.empty') : t('routing.gone', { name })}>
        {t(name === null ? 'routing.emptyText' : 'routing.goneText')}
      </EmptyState>
    </div>
  )
}
