import { Ellipsis, Power, PowerOff, Undo2 } from 'lucide-react'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { useText } from '../../i18n/language.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { act, canDo } from './plugin-actions.ts'
import type { OpenPlugin } from './plugin-address.ts'
import { isInstalled } from './plugin-condition.ts'
import { pluginMenu } from './plugin-menu.ts'

/** Enabling, disabling or restoring at hand, the rest behind ⋯: on a row and at the top of the drawer. */
export function PluginRowActions({ plugin, open }: { readonly plugin: Plugin; readonly open: OpenPlugin }) {
  const t = useText()
  const { name } = plugin
  const label = t('plugins.actionsFor', { name })
  const power = canDo('disable', plugin) ? 'disable' : 'enable'
  return (
    <>
      {isInstalled(plugin) ? (
        <IconButton
          icon={power === 'disable' ? PowerOff : Power}
          label={t(power === 'disable' ? 'plugins.disableNamed' : 'plugins.enableNamed', { name })}
          shortcut="E"
          disabled={!canDo(power, plugin)}
          onClick={() => void act(power, [plugin])}
        />
      ) : (
        <IconButton
          icon={Undo2}
          label={t('plugins.restoreNamed', { name })}
          shortcut="E"
          disabled={!canDo('restore', plugin)}
          onClick={() => void act('restore', [plugin])}
        />
      )}
      <Menu label={label} trigger={<IconButton icon={Ellipsis} label={label} />} items={pluginMenu(plugin, t, open)} />
    </>
  )
}
