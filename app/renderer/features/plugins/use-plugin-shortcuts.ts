import type { RefObject } from 'react'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { useText } from '../../i18n/language.ts'
import { listLetters } from '../../shell/list/list-letters.ts'
import { type Shortcuts, useShortcuts } from '../../shell/shortcuts.ts'
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
  const letters = listLetters({
    byId: () => usePlugins.getState().byId,
    view: usePluginsView.getState,
    change: usePluginsView.setState,
    ...{ selected, openId, filter },
    words: { select: t('plugins.select'), filter: t('plugins.filterLabel') },
  })
  const { current, targets } = letters
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
    ...letters.shortcuts,
    Delete: { label: t('plugins.uninstall'), run: () => void act('remove', targets()) },
  }
  useShortcuts(shortcuts, t('plugins.title'))
}
