import type { RefObject } from 'react'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { useText } from '../../i18n/language.ts'
import { type Shortcuts, useShortcuts } from '../../shell/shortcuts.ts'
import { toggled } from '../../ui/toggled.ts'
import { importFiles } from './importing/pick-files.ts'
import { act, canDo, type PluginAction } from './plugin-actions.ts'
import type { OpenPlugin, PluginTab } from './plugin-address.ts'
import { usePlugins } from './plugins-store.ts'
import { usePluginsView } from './plugins-view.ts'

/**
 * The letters of the list. They act on the selection where there is one, else on the row with the keyboard, else on
 * the plugin whose drawer is open.
 */
export function usePluginShortcuts({
  openId,
  selected,
  open,
  filter,
}: {
  readonly openId: string | null
  readonly selected: readonly Plugin[]
  readonly open: OpenPlugin
  readonly filter: RefObject<HTMLInputElement | null>
}): void {
  const t = useText()
  const current = (): Plugin | null => {
    const { byId } = usePlugins.getState()
    return byId.get(focusedKey() ?? '') ?? byId.get(openId ?? '') ?? null
  }
  const targets = (): readonly Plugin[] => {
    if (selected.length > 0) return selected
    const one = current()
    return one ? [one] : []
  }
  const openCurrent = (tab: PluginTab) => () => {
    const one = current()
    if (one) open(one.id, tab)
  }
  const shortcuts: Shortcuts = {
    e: {
      label: `${t('plugins.enable')} / ${t('plugins.disable')}`,
      run: () => {
        const [first] = targets()
        const power = (['disable', 'enable', 'restore'] as const).find((action: PluginAction) =>
          first ? canDo(action, first) : false,
        )
        if (power) void act(power, targets())
      },
    },
    v: { label: t('plugins.tabVersions'), run: openCurrent('versions') },
    f: { label: t('plugins.tabFindings'), run: openCurrent('findings') },
    c: { label: t('plugins.tabConfiguration'), run: openCurrent('configuration') },
    m: { label: t('plugins.tabCalls'), run: openCurrent('calls') },
    i: { label: t('plugins.importFiles'), run: importFiles },
    x: {
      label: t('plugins.select'),
      run: () => {
        const key = focusedKey()
        const { byId } = usePlugins.getState()
        if (key && byId.has(key)) usePluginsView.setState(({ selected: now }) => ({ selected: toggled(now, key) }))
      },
    },
    Delete: { label: t('plugins.uninstall'), run: () => void act('remove', targets()) },
    '/': { label: t('plugins.filterLabel'), run: () => filter.current?.focus() },
  }
  useShortcuts(shortcuts, t('plugins.title'))
}

/** Key of the line of the list that has the keyboard. */
const focusedKey = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[role="row"][data-key]')?.dataset['key'] ?? null
