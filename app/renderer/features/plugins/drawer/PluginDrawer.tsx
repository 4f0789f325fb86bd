import { PackageX } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useLocation } from 'wouter'
import type { Plugin, PluginDetails } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, LinkButton } from '../../../ui/Button.tsx'
import { Drawer } from '../../../ui/Drawer.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { PluginRowActions } from '../PluginRowActions.tsx'
import { type OpenPlugin, type PluginTab, pluginPath } from '../plugin-address.ts'
import { conditionOf, isInstalled, needsConfiguration } from '../plugin-condition.ts'
import { kindNames, stateSentence } from '../plugin-words.ts'
import { usePlugins } from '../plugins-store.ts'
import { useDetails } from '../use-details.ts'

// Each is loaded when it is looked at: the form of a tool alone is as large as the list.
const ToolsTab = lazy(async () => ({ default: (await import('../try-it/ToolsTab.tsx')).ToolsTab }))
const VersionsTab = lazy(async () => ({ default: (await import('./VersionsTab.tsx')).VersionsTab }))
const FindingsTab = lazy(async () => ({ default: (await import('./FindingsTab.tsx')).FindingsTab }))
const ConfigurationTab = lazy(async () => ({ default: (await import('./ConfigurationTab.tsx')).ConfigurationTab }))
const CallsTab = lazy(async () => ({ default: (await import('./CallsTab.tsx')).CallsTab }))

const tabs = [
  ['tools', 'plugins.tabTools'],
  ['versions', 'plugins.tabVersions'],
  ['findings', 'plugins.tabFindings'],
  ['configuration', 'plugins.tabConfiguration'],
  ['calls', 'plugins.tabCalls'],
] as const

/** One plugin beside the list. */
export function PluginDrawer({
  id,
  tab,
  operation,
  open,
}: {
  readonly id: string
  readonly tab: string
  /** The tool that is tried, where the address names one. */
  readonly operation: string | null
  readonly open: OpenPlugin
}) {
  const t = useText()
  const [, navigate] = useLocation()
  const plugin = usePlugins(({ byId }) => byId.get(id))
  const heard = usePlugins((state) => state.heard)
  const looked = useDetails(id)
  const close = () => navigate('/plugins')
  // The test of the endpoints is the second half of the calls.
  const active: PluginTab = tab === 'test' ? 'calls' : (tabs.find(([key]) => key === tab)?.[0] ?? 'tools')

  if (!plugin) {
    return (
      <Drawer title={id} tabs={[]} active="" onClose={close}>
        {heard ? <NotFound onClose={close} /> : <SkeletonRows />}
      </Drawer>
    )
  }
  const count = plugin.errorCount + plugin.warningCount
  return (
    <Drawer
      title={plugin.name}
      subtitle={`${kindNames[plugin.kind]} · ${plugin.version} · ${stateSentence(plugin, t)}`}
      marks={<StateMark state={conditionOf(plugin)} />}
      actions={<PluginRowActions plugin={plugin} open={open} />}
      tabs={tabs.map(([key, label]) => ({
        key,
        label: key === 'findings' && count > 0 ? `${t(label)} ${count}` : t(label),
        href: `#${pluginPath(id, key)}`,
      }))}
      active={active}
      onClose={close}
    >
      {needsConfiguration(plugin) && active !== 'configuration' && <Unconfigured plugin={plugin} />}
      {!isInstalled(plugin) && <Banner tone="info">{t('plugins.isUninstalled')}</Banner>}
      {looked.kind === 'failed' ? (
        <Failed error={looked.error} />
      ) : (
        <Suspense fallback={<SkeletonRows />}>
          <TabBody
            key={active}
            tab={active}
            testing={tab === 'test'}
            plugin={plugin}
            operation={operation}
            details={looked.kind === 'details' ? looked.details : null}
            open={open}
          />
        </Suspense>
      )}
    </Drawer>
  )
}

interface BodyProps {
  readonly tab: PluginTab
  readonly testing: boolean
  readonly plugin: Plugin
  readonly operation: string | null
  readonly details: PluginDetails | null
  readonly open: OpenPlugin
}

function TabBody({ tab, testing, plugin, operation, details, open }: BodyProps) {
  if (tab === 'tools')
    return (
      <ToolsTab plugin={plugin} operation={operation} open={(next) => open(plugin.id, 'tools', next ?? undefined)} />
    )
  if (tab === 'findings') return <FindingsTab plugin={plugin} details={details} />
  if (!details) return <SkeletonRows />
  if (tab === 'versions') return <VersionsTab plugin={plugin} details={details} />
  if (tab === 'configuration') return <ConfigurationTab plugin={plugin} details={details} />
  return <CallsTab plugin={plugin} details={details} testing={testing} open={open} />
}

function Unconfigured({ plugin: { id, missingConfiguration } }: { readonly plugin: Plugin }) {
  const t = useText()
  return (
    <Banner
      tone="warn"
      action={<LinkButton href={`#${pluginPath(id, 'configuration')}`}>{t('plugins.configure')}</LinkButton>}
    >
      {t('plugins.missing', { names: missingConfiguration.join(', ') })}
    </Banner>
  )
}

function NotFound({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  return (
    <EmptyState
      icon={PackageX}
      title={t('plugins.notFound')}
      action={<Button onClick={onClose}>{t('plugins.backToList')}</Button>}
    >
      {t('plugins.notFoundText')}
    </EmptyState>
  )
}
