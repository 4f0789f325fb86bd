import type { LucideIcon } from 'lucide-react'
import { Blocks, Container, HardDrive, KeyRound, LayoutDashboard, MessagesSquare, Route, Settings } from 'lucide-react'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { countAttention as countKeys } from '../features/keys/key-condition.ts'
import { usePlatform } from '../features/platform/platform-store.ts'
import { platformAttention } from '../features/platform/platform-words.ts'
import { countAttention as countPlugins, usePlugins } from '../features/plugins/plugins-store.ts'
import { countUnreachable, useRegistry } from '../features/registry/registry-store.ts'
import { countUnserved } from '../features/routing/feature-condition.ts'
import { useRouteKeys, useRouting, useStandings } from '../features/routing/routing-store.ts'
import { countAttention, useServices } from '../features/services/services-store.ts'
import type { TextKey } from '../i18n/catalogue.ts'
import { useKeys } from './keys-mirror.ts'

export interface Page {
  readonly key: string
  /** The page's address after `#`; what follows it belongs to the page. */
  readonly path: string
  readonly icon: LucideIcon
  readonly titleKey: TextKey
  readonly component: LazyExoticComponent<ComponentType>
  /** How many things on it need the operator; a hook, called for the rail. */
  readonly useAttention?: () => number
}

/** The pages in the order of the rail. A page that does not exist yet is not here; an unknown address shows the first. */
export const pages: readonly Page[] = [
  {
    key: 'overview',
    path: '/overview',
    icon: LayoutDashboard,
    titleKey: 'shell.overview',
    component: lazy(() => import('../features/overview/OverviewPage.tsx').then((m) => ({ default: m.OverviewPage }))),
  },
  {
    key: 'services',
    path: '/services',
    icon: Container,
    titleKey: 'shell.services',
    component: lazy(() => import('../features/services/ServicesPage.tsx').then((m) => ({ default: m.ServicesPage }))),
    useAttention: () =>
      useServices(({ byId }) => countAttention(byId)) +
      usePlatform(({ state }) => platformAttention(state)) +
      useRegistry(({ byId }) => countUnreachable(byId)),
  },
  {
    key: 'plugins',
    path: '/plugins',
    icon: Blocks,
    titleKey: 'plugins.title',
    component: lazy(() => import('../features/plugins/PluginsPage.tsx').then((m) => ({ default: m.PluginsPage }))),
    useAttention: () => usePlugins(({ byId }) => countPlugins(byId)),
  },
  {
    key: 'keys',
    path: '/keys',
    icon: KeyRound,
    titleKey: 'keys.title',
    component: lazy(() => import('../features/keys/KeysPage.tsx').then((m) => ({ default: m.KeysPage }))),
    useAttention: () => useKeys(({ byId }) => countKeys(byId)),
  },
  {
    key: 'routing',
    path: '/routing',
    icon: Route,
    titleKey: 'routing.title',
    component: lazy(() => import('../features/routing/RoutingPage.tsx').then((m) => ({ default: m.RoutingPage }))),
    useAttention: () => {
      const keys = useRouteKeys()
      const standings = useStandings(({ byName }) => byName)
      return useRouting(({ byName }) => countUnserved(byName.values(), keys, standings))
    },
  },
  {
    key: 'agents',
    path: '/agents',
    icon: MessagesSquare,
    titleKey: 'agents.title',
    component: lazy(() => import('../features/agents/AgentsPage.tsx').then((m) => ({ default: m.AgentsPage }))),
  },
  {
    key: 'images',
    path: '/images',
    icon: HardDrive,
    titleKey: 'shell.images',
    component: lazy(() => import('../features/images/ImagesPage.tsx').then((m) => ({ default: m.ImagesPage }))),
  },
  {
    key: 'settings',
    path: '/settings',
    icon: Settings,
    titleKey: 'shell.settings',
    component: lazy(() => import('../features/settings/SettingsPage.tsx').then((m) => ({ default: m.SettingsPage }))),
  },
]
