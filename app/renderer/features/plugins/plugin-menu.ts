import {
  Blocks,
  ClipboardList,
  Disc,
  FileDown,
  FlaskConical,
  GitCompare,
  History,
  Power,
  PowerOff,
  Settings2,
  Trash2,
  Undo2,
} from 'lucide-react'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { Translate } from '../../i18n/language.ts'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { openDialog } from './dialogs/dialog-store.ts'
import { act, canDo, exportPostman, setRecording } from './plugin-actions.ts'
import type { OpenPlugin } from './plugin-address.ts'
import { isInstalled } from './plugin-condition.ts'

/** Everything that can be done to one plugin, with the letters that do it from the keyboard. */
export function pluginMenu(plugin: Plugin, t: Translate, open: OpenPlugin): MenuEntry[] {
  const { id, name } = plugin
  if (!isInstalled(plugin)) {
    return [
      {
        key: 'restore',
        label: t('plugins.restore'),
        icon: Undo2,
        shortcut: 'E',
        disabled: !canDo('restore', plugin),
        onSelect: () => void act('restore', [plugin]),
      },
      { key: 'versions', label: t('plugins.tabVersions'), icon: GitCompare, onSelect: () => open(id, 'versions') },
    ]
  }
  const power = canDo('disable', plugin) ? 'disable' : 'enable'
  return [
    { key: 'try', label: t('plugins.try'), icon: Blocks, shortcut: 'Enter', onSelect: () => open(id, 'tools') },
    {
      key: 'versions',
      label: t('plugins.tabVersions'),
      icon: GitCompare,
      shortcut: 'V',
      onSelect: () => open(id, 'versions'),
    },
    {
      key: 'findings',
      label: t('plugins.tabFindings'),
      icon: ClipboardList,
      shortcut: 'F',
      onSelect: () => open(id, 'findings'),
    },
    {
      key: 'configuration',
      label: t('plugins.tabConfiguration'),
      icon: Settings2,
      shortcut: 'C',
      onSelect: () => open(id, 'configuration'),
    },
    { key: 'calls', label: t('plugins.tabCalls'), icon: History, shortcut: 'M', onSelect: () => open(id, 'calls') },
    'separator',
    {
      key: power,
      label: t(power === 'disable' ? 'plugins.disable' : 'plugins.enable'),
      icon: power === 'disable' ? PowerOff : Power,
      shortcut: 'E',
      disabled: !canDo(power, plugin),
      onSelect: () => void act(power, [plugin]),
    },
    {
      key: 'test',
      label: t('plugins.testEndpoints'),
      icon: FlaskConical,
      onSelect: () => openDialog({ kind: 'test', id, name }),
    },
    {
      key: 'record',
      label: t(plugin.recording ? 'plugins.recordOff' : 'plugins.recordOn'),
      icon: Disc,
      onSelect: () => void setRecording(plugin, !plugin.recording),
    },
    {
      key: 'postman',
      label: t('plugins.exportPostman'),
      icon: FileDown,
      disabled: plugin.toolCount === 0,
      onSelect: () => void exportPostman(plugin),
    },
    'separator',
    {
      key: 'remove',
      label: t('plugins.uninstall'),
      icon: Trash2,
      danger: true,
      shortcut: 'Delete',
      disabled: !canDo('remove', plugin),
      onSelect: () => void act('remove', [plugin]),
    },
  ]
}
