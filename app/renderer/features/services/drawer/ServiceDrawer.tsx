import { lazy, type ReactNode, Suspense, useRef } from 'react'
import { useLocation } from 'wouter'
import { conditionOf, type Service } from '../../../../shared/contracts/services.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { useText } from '../../../i18n/language.ts'
import { ChangesTab } from '../../../shell/changes/ChangesTab.tsx'
import { Drawer } from '../../../ui/Drawer.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { ServiceRowActions } from '../ServiceRowActions.tsx'
import type { OpenService, ServiceTab } from '../service-menu.ts'
import { stateSentence } from '../service-words.ts'
import { useServices } from '../services-store.ts'
import { type Looked, useDetails } from '../use-details.ts'
import { ConfigurationTab } from './ConfigurationTab.tsx'
import { GoneNotice, NotFound } from './Gone.tsx'
import { HealthTab } from './HealthTab.tsx'
import { SummaryTab } from './SummaryTab.tsx'

// The log and the terminal are the heaviest parts of the console; nobody waits for them who does not open them.
const ServiceLogs = lazy(async () => ({ default: (await import('../../logs/ServiceLogs.tsx')).ServiceLogs }))
const ServiceTerminal = lazy(async () => ({
  default: (await import('../../terminal/ServiceTerminal.tsx')).ServiceTerminal,
}))

const tabs: readonly (readonly [ServiceTab, TextKey])[] = [
  ['summary', 'services.tabSummary'],
  ['logs', 'services.tabLogs'],
  ['terminal', 'services.tabTerminal'],
  ['configuration', 'services.tabConfiguration'],
  ['health', 'services.tabHealth'],
  ['changes', 'services.tabChanges'],
]

/** One service beside the list. What disappears while it is open stays readable, and says so. */
export function ServiceDrawer({
  id,
  tab,
  open,
}: {
  readonly id: string
  readonly tab: string
  readonly open: OpenService
}) {
  const t = useText()
  const [, navigate] = useLocation()
  const present = useServices(({ byId }) => byId.get(id))
  const heard = useServices((state) => state.heard)
  const last = useRef(present)
  // A recreate sets the old container aside under another name before it removes it; people know it by the one before.
  const name = useRef(present?.name)
  if (present) last.current = present
  if (present?.requested === null) name.current = present.name
  const service = present ?? last.current
  const looked = useDetails(id)
  const active = tabs.find(([key]) => key === tab)?.[0] ?? 'summary'
  const close = () => navigate('/services')
  const gone = looked.kind === 'gone' || (!present && service !== undefined)

  if (!service) {
    const known = looked.kind === 'details' ? looked.details.name : id.slice(0, 12)
    return (
      <Drawer title={known} tabs={[]} active="" onClose={close}>
        {heard && looked.kind !== 'looking' && looked.kind !== 'details' ? (
          <NotFound onClose={close} />
        ) : (
          <SkeletonRows />
        )}
      </Drawer>
    )
  }
  return (
    <Drawer
      title={name.current ?? service.name}
      subtitle={gone ? undefined : [service.project, stateSentence(service, t)].filter(Boolean).join(' · ')}
      marks={<StateMark state={gone ? 'unknown' : conditionOf(service)} />}
      actions={!gone && <ServiceRowActions service={service} open={open} />}
      tabs={tabs.map(([key, label]) => ({ key, label: t(label), href: `#/services/${id}/${key}` }))}
      active={active}
      onClose={close}
    >
      {gone && (
        <GoneNotice id={id} name={name.current ?? service.name} at={looked.kind === 'gone' ? looked.at : null} />
      )}
      <Suspense fallback={<SkeletonRows />}>
        <TabBody key={active} tab={active} service={service} looked={looked} gone={gone} />
      </Suspense>
    </Drawer>
  )
}

function TabBody({
  tab,
  service,
  looked,
  gone,
}: {
  readonly tab: ServiceTab
  readonly service: Service
  readonly looked: Looked
  readonly gone: boolean
}): ReactNode {
  const details = looked.kind === 'details' ? looked.details : looked.kind === 'looking' ? null : looked.last
  if (tab === 'logs') return <ServiceLogs service={service} />
  if (tab === 'terminal') return <ServiceTerminal service={service} />
  if (tab === 'changes') return <ChangesTab id={service.id} of="services" />
  if (!details) return gone ? null : <SkeletonRows />
  if (tab === 'configuration') return <ConfigurationTab service={service} details={details} gone={gone} />
  if (tab === 'health') return <HealthTab details={details} />
  return <SummaryTab service={service} details={details} gone={gone} />
}
