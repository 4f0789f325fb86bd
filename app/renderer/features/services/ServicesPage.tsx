import { Container, FilterX } from 'lucide-react'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useLocation, useRoute } from 'wouter'
import type { Service } from '../../../shared/contracts/services.ts'
import { useText } from '../../i18n/language.ts'
import { DockerGate } from '../../shell/DockerGate.tsx'
import { ListTable } from '../../shell/list/ListTable.tsx'
import { useDocker, useSettings } from '../../shell/mirror-stores.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SplitView } from '../../ui/SplitView.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { PlatformPage } from '../platform/PlatformPage.tsx'
import { RegistryPage } from '../registry/RegistryPage.tsx'
import { ServiceDrawer } from './drawer/ServiceDrawer.tsx'
import { GroupHeader } from './GroupHeader.tsx'
import { engineHost } from './port-links.ts'
import { mostMeasured, useMeasuring, useReadings } from './readings-store.ts'
import { ServiceRowActions } from './ServiceRowActions.tsx'
import { ServicesToolbar } from './ServicesToolbar.tsx'
import { serviceColumns } from './service-columns.tsx'
import { matches } from './service-filter.ts'
import type { ServiceTab } from './service-menu.ts'
import { compareText, groupOf } from './service-order.ts'
import { stateSentence } from './service-words.ts'
import { useServices } from './services-store.ts'
import { clearFilter, filterOf, isFiltered, useServicesView } from './services-view.ts'
import { useServicePalette } from './use-service-palette.ts'
import { useServiceShortcuts } from './use-service-shortcuts.ts'

const keyOf = ({ id }: Service) => id
const nameOf = ({ name }: Service) => name
const byName = { key: 'name', direction: 'ascending' } as const

/**
 * The containers, or, at `#/services/platform`, the console's own services, or, at `#/services/registry`, those that
 * registered there; no container has such an id.
 */
export function ServicesPage() {
  const [platform] = useRoute('/services/platform')
  const [registry] = useRoute('/services/registry')
  return (
    <>
      <ServicesViews active={platform ? 'platform' : registry ? 'registry' : 'containers'} />
      {platform ? <PlatformPage /> : registry ? <RegistryPage /> : <ContainersPage />}
    </>
  )
}

function ServicesViews({ active }: { readonly active: 'containers' | 'platform' | 'registry' }) {
  const t = useText()
  return (
    <Tabs
      label={t('platform.views')}
      active={active}
      tabs={[
        { key: 'containers', label: t('platform.containers'), href: '#/services' },
        { key: 'platform', label: t('platform.title'), href: '#/services/platform' },
        { key: 'registry', label: t('registry.title'), href: '#/services/registry' },
      ]}
    />
  )
}

function ContainersPage() {
  const t = useText()
  const [, navigate] = useLocation()
  const [, params] = useRoute('/services/:id/:tab?')
  const [, bare] = useRoute('/services/:id')
  const openId = params?.id ?? bare?.id ?? null
  const { byId, heard } = useServices()
  // In a list of thousands a flood of changes may lag behind on screen; typing and clicking may not.
  const deferred = useDeferredValue(byId)
  const shown = byId.size > 2000 ? deferred : byId
  const view = useServicesView()
  const filter = useRef<HTMLInputElement>(null)

  const rows = useMemo(() => {
    const wanted = filterOf(view)
    return [...shown.values()].filter((service) => matches(service, wanted, (one) => stateSentence(one, t)))
  }, [shown, view, t])
  const projects = useMemo(() => projectsOf(shown), [shown])
  const selected = useMemo(() => [...view.selected].flatMap((id) => shown.get(id) ?? []), [view.selected, shown])
  const pinnedServices = useSettings(({ settings }) => settings.pinnedServices)
  const pinned = useMemo(() => new Set(pinnedServices), [pinnedServices])
  const host = useDocker(({ state }) => engineHost(state?.endpoint ?? ''))

  const sort = view.sort ?? byName
  const byReading = sort.key === 'cpu' || sort.key === 'memory'
  const setVisible = useMeasuredRows(rows, pinnedServices, byReading)
  // Readings are not part of a row, so a list sorted by them is arranged anew with each.
  const readings = useReadings((state) => (byReading ? state.byId : null))
  // biome-ignore lint/correctness/useExhaustiveDependencies: new readings need new columns, whose compare reads them
  const columns = useMemo(() => serviceColumns(t, host), [t, host, readings])

  const open = useCallback((id: string, tab: ServiceTab) => navigate(`/services/${id}/${tab}`), [navigate])
  const rowActions = useCallback((service: Service) => <ServiceRowActions service={service} open={open} />, [open])
  const openSummary = useCallback((service: Service) => open(service.id, 'summary'), [open])
  useServiceShortcuts({ openId, selected, open, filter })
  useServicePalette(open)

  return (
    <SplitView drawer={openId && <ServiceDrawer key={openId} id={openId} tab={params?.tab ?? 'summary'} open={open} />}>
      <DockerGate known={shown.size > 0} loading={!heard}>
        <ServicesToolbar projects={projects} selected={selected} filter={filter} />
        <ListTable
          label={t('shell.services')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowLabel={nameOf}
          rowActions={rowActions}
          active={openId}
          onOpen={openSummary}
          onVisible={setVisible}
          view={view}
          change={useServicesView.setState}
          sort={byName}
          groups={{
            key: (service) => groupOf(service, pinned),
            header: (group, services) => <GroupHeader group={group} services={services} />,
          }}
          empty={<NoRows hidden={isFiltered(view) ? shown.size : 0} />}
        />
      </DockerGate>
    </SplitView>
  )
}

function NoRows({ hidden }: { readonly hidden: number }) {
  const t = useText()
  if (hidden === 0) {
    return (
      <EmptyState icon={Container} title={t('services.empty')}>
        {t('services.emptyText')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={FilterX}
      title={t('services.emptyFiltered')}
      action={<Button onClick={clearFilter}>{t('services.clearFilter')}</Button>}
    >
      {t('services.emptyFilteredText', { count: hidden })}
    </EmptyState>
  )
}

/** Measures the running ones among the rows on screen and the pinned ones; sorted by a reading, as many as may be. */
function useMeasuredRows(rows: readonly Service[], pinned: readonly string[], all: boolean) {
  const [visible, setVisible] = useState<readonly string[]>([])
  const running = useMemo(
    () => new Set(rows.filter(({ state }) => state.kind === 'running').map(({ id }) => id)),
    [rows],
  )
  const wanted = all ? [...running].slice(0, mostMeasured) : [...new Set([...pinned, ...visible])]
  useMeasuring(wanted.filter((id) => running.has(id)).sort())
  return setVisible
}

function projectsOf(byId: ReadonlyMap<string, Service>): readonly string[] {
  const names = new Set<string>()
  for (const { project } of byId.values()) if (project !== null) names.add(project)
  return [...names].sort(compareText)
}
