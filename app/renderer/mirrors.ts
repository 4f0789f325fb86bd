import type { AgentsUpdate } from '../shared/contracts/agents.ts'
import type { KeysUpdate } from '../shared/contracts/keys.ts'
import type { PluginsUpdate } from '../shared/contracts/plugins.ts'
import type { FeaturesUpdate } from '../shared/contracts/routing.ts'
import type { ServicesUpdate } from '../shared/contracts/services.ts'
import type { Settings } from '../shared/contracts/settings.ts'
import type { Rpc } from '../shared/rpc/client.ts'
import type { Unsubscribe } from '../shared/rpc/contract.ts'
import { applyAgents, useAgents } from './features/agents/agents-store.ts'
import { usePlatform } from './features/platform/platform-store.ts'
import { applyPlugins, joinPlugins, usePlugins } from './features/plugins/plugins-store.ts'
import { applyInstances, type RegistryUpdate, useRegistry } from './features/registry/registry-store.ts'
import { applyFeatures, standingsByName, useRouting, useStandings } from './features/routing/routing-store.ts'
import { applyUpdate, joinUpdates, useServices } from './features/services/services-store.ts'
import { useVault } from './features/vault/vault-store.ts'
import { setLanguage, systemLanguage } from './i18n/language.ts'
import { applyKeys, joinKeys, useKeys } from './shell/keys-mirror.ts'
import {
  applyTasks,
  useDocker,
  useHost,
  useNotices,
  useSettings,
  useStoreState,
  useTasks,
} from './shell/mirror-stores.ts'

/** The subscriptions that live as long as the page: main's state, mirrored into the stores. */
export function mirror(rpc: Rpc): Unsubscribe {
  const stops = [
    rpc.services.onUpdates(
      oncePerFrame((updates: ServicesUpdate[]) => {
        const update = joinUpdates(updates)
        useServices.setState((state) => applyUpdate(state, update))
      }),
    ),
    rpc.plugins.onUpdates(
      oncePerFrame((updates: PluginsUpdate[]) =>
        usePlugins.setState((state) => applyPlugins(state, joinPlugins(updates))),
      ),
      undefined,
      (failure) => usePlugins.setState({ failure }),
    ),
    rpc.keys.onUpdates(
      oncePerFrame((updates: KeysUpdate[]) => useKeys.setState((state) => applyKeys(state, joinKeys(updates)))),
      undefined,
      (failure) => useKeys.setState({ failure }),
    ),
    rpc.routing.onUpdates(
      oncePerFrame((updates: FeaturesUpdate[]) => useRouting.setState((state) => updates.reduce(applyFeatures, state))),
      undefined,
      (failure) => useRouting.setState({ failure }),
    ),
    rpc.routing.onStandings((standings) => useStandings.setState(standingsByName(standings))),
    rpc.registry.onUpdates(
      oncePerFrame((updates: RegistryUpdate[]) =>
        useRegistry.setState((state) => updates.reduce(applyInstances, state)),
      ),
      undefined,
      (failure) => useRegistry.setState({ failure }),
    ),
    rpc.agents.onUpdates(
      oncePerFrame((updates: AgentsUpdate[]) => useAgents.setState((state) => updates.reduce(applyAgents, state))),
      undefined,
      (failure) => useAgents.setState({ failure }),
    ),
    rpc.docker.onState((state) => {
      useDocker.setState({ state })
    }),
    rpc.platform.onState((state) => usePlatform.setState({ state })),
    rpc.vault.onState((state) => useVault.setState({ state })),
    rpc.tasks.onUpdates((update) => useTasks.setState((state) => applyTasks(state, update))),
    rpc.notices.onUpdates(({ notices }) => useNotices.setState({ notices })),
    rpc.store.onState((state) => {
      useStoreState.setState({ state })
      // Each link begins with a state, and another console may answer after a reconnect: ask again who it is.
      rpc.host.info().then(
        (info) => useHost.setState({ info }),
        () => {},
      )
    }),
    rpc.settings.onUpdates((settings) => {
      useSettings.setState({ settings, heard: true })
      applySettings(settings)
    }),
  ]
  const followSystem = () => applySettings(useSettings.getState().settings)
  addEventListener('languagechange', followSystem)
  followSystem()
  return () => {
    for (const stop of stops) stop()
    removeEventListener('languagechange', followSystem)
  }
}

/** `system` leaves the choice to the browser: no `data-theme`, and its own language. */
export function applySettings({ language, theme }: Pick<Settings, 'language' | 'theme'>): void {
  setLanguage(language === 'system' ? systemLanguage() : language)
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset['theme']
  else dataset['theme'] = theme
}

/**
 * Applies at once what comes after a quiet frame, so that a click shows in the next one; what comes before that frame is
 * gathered until then. A hidden page has no frames, so there it waits a second instead.
 */
function oncePerFrame<T>(apply: (gathered: T[]) => void): (item: T) => void {
  let gathered: T[] | null = null
  function applyNow(items: T[]): void {
    gathered = []
    if (document.hidden) setTimeout(flush, 1000)
    else requestAnimationFrame(flush)
    apply(items)
  }
  function flush(): void {
    const items = gathered
    gathered = null
    if (items && items.length > 0) applyNow(items)
  }
  return (item) => {
    if (gathered) gathered.push(item)
    else applyNow([item])
  }
}
