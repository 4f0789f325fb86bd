import { Blocks, FilterX } from 'lucide-react'
import { useCallback, useDeferredValue, useMemo, useRef } from 'react'
import { useLocation, useRoute } from 'wouter'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { useText } from '../../i18n/language.ts'
import { ListTable } from '../../shell/list/ListTable.tsx'
import { WhenHeard } from '../../shell/list/WhenHeard.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SplitView } from '../../ui/SplitView.tsx'
import { PluginDrawer } from './drawer/PluginDrawer.tsx'
import { GroupHeader } from './GroupHeader.tsx'
import { importFiles } from './importing/pick-files.ts'
import { PluginRowActions } from './PluginRowActions.tsx'
import { PluginsToolbar } from './PluginsToolbar.tsx'
import { type PluginTab, pluginPath, unpacked } from './plugin-address.ts'
import { pluginColumns } from './plugin-columns.tsx'
import { matches } from './plugin-filter.ts'
import { groupOf } from './plugin-order.ts'
import { stateSentence } from './plugin-words.ts'
import { usePlugins } from './plugins-store.ts'
import { clearFilter, filterOf, isFiltered, usePluginsView } from './plugins-view.ts'
import { usePluginShortcuts } from './use-plugin-shortcuts.ts'
import { useToolSearch } from './use-tool-search.ts'

/** An alias, not an interface: only an alias counts as a map of parameters. */
type Address = { readonly id: string; readonly tab?: string; readonly operation?: string }
const keyOf = ({ id }: Plugin) => id
const nameOf = ({ name }: Plugin) => name
const byName = { key: 'name', direction: 'ascending' } as const

export function PluginsPage() {
  const t = useText()
  const [, navigate] = useLocation()
  const [, params] = useRoute<Address>('/plugins/:id/:tab?/:operation?')
  const openId = params?.id === undefined ? null : unpacked(params.id)
  const { byId, heard, failure } = usePlugins()
  const view = usePluginsView()
  // The filter field answers at once; a list of thousands follows as fast as it can.
  const asked = useDeferredValue(view)
  const filter = useRef<HTMLInputElement>(null)

  const wanted = useMemo(() => filterOf(asked), [asked])
  const found = useToolSearch(wanted.words)
  const rows = useMemo(
    () => [...byId.values()].filter((plugin) => matches(plugin, wanted, (one) => stateSentence(one, t), found)),
    [byId, wanted, found, t],
  )
  const selected = useMemo(() => [...view.selected].flatMap((id) => byId.get(id) ?? []), [view.selected, byId])
  const columns = useMemo(() => pluginColumns(t, found), [t, found])

  const open = useCallback(
    (id: string, tab: PluginTab, operation?: string) => navigate(pluginPath(id, tab, operation)),
    [navigate],
  )
  const rowActions = useCallback((plugin: Plugin) => <PluginRowActions plugin={plugin} open={open} />, [open])
  const openTools = useCallback((plugin: Plugin) => open(plugin.id, 'tools'), [open])
  usePluginShortcuts({ openId, selected, open, filter })

  return (
    <SplitView
      drawer={
        openId !== null && (
          <PluginDrawer
            key={openId}
            id={openId}
            tab={params?.tab ?? 'tools'}
            operation={params?.operation === undefined ? null : unpacked(params.operation)}
            open={open}
          />
        )
      }
    >
      <PluginsToolbar selected={selected} filter={filter} />
      <WhenHeard heard={heard} failure={failure}>
        <ListTable
          label={t('plugins.title')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowLabel={nameOf}
          rowActions={rowActions}
          rowActionsWidth={72}
          active={openId}
          onOpen={openTools}
          view={view}
          change={usePluginsView.setState}
          sort={byName}
          groups={{
            key: groupOf,
            header: (group, plugins) => <GroupHeader group={group} plugins={plugins} />,
          }}
          empty={<NoRows hidden={isFiltered(view) ? byId.size : 0} />}
        />
      </WhenHeard>
    </SplitView>
  )
}

function NoRows({ hidden }: { readonly hidden: number }) {
  const t = useText()
  if (hidden === 0) {
    return (
      <EmptyState
        icon={Blocks}
        title={t('plugins.empty')}
        action={<Button onClick={importFiles}>{t('plugins.import')}</Button>}
      >
        <p>{t('plugins.emptyText')}</p>
        <p>{t('plugins.dropKinds')}</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={FilterX}
      title={t('plugins.emptyFiltered')}
      action={<Button onClick={clearFilter}>{t('plugins.clearFilter')}</Button>}
    >
      {t('plugins.emptyFilteredText', { count: hidden })}
    </EmptyState>
  )
}
