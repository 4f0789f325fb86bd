import { Route } from 'lucide-react'
import { useCallback } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../i18n/language.ts'
import { type PaletteItem, usePaletteItems } from '../../shell/actions.ts'
import { routingPath } from './routing-address.ts'
import { useRouting } from './routing-store.ts'

/** What of routing is at hand on every page: each feature by its name in the palette. */
export function RoutingEverywhere() {
  const t = useText()
  const items = useCallback(
    (): readonly PaletteItem[] =>
      [...useRouting.getState().byName.values()].map(({ name, description }) => ({
        key: `feature:${name}`,
        label: name,
        hint: t('routing.title'),
        words: `${description} feature route 功能 路由`,
        icon: Route,
        run: () => navigate(routingPath(name)),
      })),
    [t],
  )
  usePaletteItems(items)
  return null
}
