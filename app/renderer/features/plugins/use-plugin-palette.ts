import { Blocks, Power, PowerOff } from 'lucide-react'
import { useCallback } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../i18n/language.ts'
import { type PaletteItem, usePaletteItems } from '../../shell/actions.ts'
import { act, canDo } from './plugin-actions.ts'
import { pluginPath } from './plugin-address.ts'
import { isInstalled } from './plugin-condition.ts'
import { kindNames } from './plugin-words.ts'
import { usePlugins } from './plugins-store.ts'

/** Beyond this many plugins the palette would be a list of actions; their names lead to the drawer, which has them all. */
const most = 300

/** Every plugin by its name, and enabling and disabling it, from any page. */
export function usePluginPalette(): void {
  const t = useText()
  const items = useCallback((): readonly PaletteItem[] => {
    const plugins = [...usePlugins.getState().byId.values()].filter(isInstalled)
    return plugins.flatMap((plugin) => {
      const { id, name, kind, nameForModel } = plugin
      const open: PaletteItem = {
        key: `plugin:${id}`,
        label: name,
        hint: kindNames[kind],
        words: `${nameForModel} plugin 插件`,
        icon: Blocks,
        run: () => navigate(pluginPath(id, 'tools')),
      }
      if (plugins.length > most) return [open]
      const power = canDo('disable', plugin) ? 'disable' : 'enable'
      return [
        open,
        ...(canDo(power, plugin)
          ? [
              {
                key: `plugin:${id}:${power}`,
                label: t(power === 'disable' ? 'plugins.disableNamed' : 'plugins.enableNamed', { name }),
                icon: power === 'disable' ? PowerOff : Power,
                run: () => void act(power, [plugin]),
              },
            ]
          : []),
      ]
    })
  }, [t])
  usePaletteItems(items)
}
