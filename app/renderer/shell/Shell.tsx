import { Suspense, useEffect } from 'react'
import { Redirect, Route, Router, Switch, useLocation } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { KeysEverywhere } from '../features/keys/KeysEverywhere.tsx'
import { PluginsEverywhere } from '../features/plugins/PluginsEverywhere.tsx'
import { RoutingEverywhere } from '../features/routing/RoutingEverywhere.tsx'
import { ServiceDialogs } from '../features/services/dialogs/ServiceDialogs.tsx'
import { useText } from '../i18n/language.ts'
import { useConnection } from '../rpc/rpc.ts'
import { Banner } from '../ui/Banner.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { ConfirmHost } from './confirm.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Header } from './Header.tsx'
import { Help } from './Help.tsx'
import { useStoreState } from './mirror-stores.ts'
import { pages } from './pages.ts'
import { Palette } from './palette/Palette.tsx'
import { Rail } from './Rail.tsx'
import { Refused } from './Refused.tsx'
import { Recovery } from './recovery.ts'
import styles from './Shell.module.css'
import { StatusBar } from './StatusBar.tsx'
import { Toasts } from './Toasts.tsx'
import { useTitle } from './title.ts'
import { useShellShortcuts } from './use-shell-shortcuts.ts'

/** The frame around every page. */
export function Shell() {
  return (
    <Router hook={useHashLocation}>
      <Frame />
    </Router>
  )
}

function Frame() {
  const t = useText()
  useShellShortcuts()
  const connection = useConnection()
  const [location] = useLocation()
  const page = pages.find(({ path }) => location === path || location.startsWith(`${path}/`)) ?? pages[0]!
  const ownTitle = useTitle((state) => state.title)
  const title = ownTitle ?? t(page.titleKey)
  useEffect(() => {
    document.title = `${title} · ${t('common.productName')}`
  }, [title, t])
  const damaged = useStoreState(({ state }) => (state?.kind === 'damaged' ? state : null))

  if (connection === 'refused') return <Refused />
  return (
    <div className={styles['frame']} data-stale={connection === 'lost' || undefined}>
      <Rail current={page.key} />
      <Header title={title} />
      <main className={styles['content']} aria-label={title}>
        {connection === 'lost' && <Banner tone="warn">{t('shell.disconnected')}</Banner>}
        <ErrorBoundary key={page.key}>
          <Suspense fallback={<SkeletonRows />}>{damaged ? <Recovery state={damaged} /> : <Pages />}</Suspense>
        </ErrorBoundary>
      </main>
      <StatusBar />
      <ServiceDialogs />
      <PluginsEverywhere />
      <KeysEverywhere />
      <RoutingEverywhere />
      <Toasts />
      <ConfirmHost />
      <Palette />
      <Help />
    </div>
  )
}

/** One route for each page, whatever follows its path, so that a page stays mounted while its drawer opens. */
function Pages() {
  return (
    <Switch>
      {pages.map(({ key, path, component: Component }) => (
        <Route key={key} path={`${path}/*?`}>
          <Component />
        </Route>
      ))}
      <Route>
        <Redirect to={pages[0]!.path} replace />
      </Route>
    </Switch>
  )
}
