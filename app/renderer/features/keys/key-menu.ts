import {
  ChartColumn,
  FlaskConical,
  History,
  KeyRound,
  ListChecks,
  Power,
  PowerOff,
  RotateCcwKey,
  TimerReset,
  Trash2,
} from 'lucide-react'
import type { Key } from '../../../shared/contracts/keys.ts'
import type { Translate } from '../../i18n/language.ts'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { openDialog } from './dialogs/dialog-store.ts'
import { canDo, enableKeys, removeKeys, resetKeys, testKey } from './key-actions.tsx'
import type { OpenKey } from './key-address.ts'

/** Everything that can be done to one key, with the letters that do it from the keyboard. */
export function keyMenu(key: Key, t: Translate, open: OpenKey): MenuEntry[] {
  const { id } = key
  const on = canDo('disable', key)
  return [
    {
      key: 'open',
      label: t('keys.tabSummary'),
      icon: KeyRound,
      shortcut: 'Enter',
      onSelect: () => open(id, 'summary'),
    },
    { key: 'use', label: t('keys.tabUse'), icon: ChartColumn, shortcut: 'U', onSelect: () => open(id, 'use') },
    { key: 'tests', label: t('keys.tabTests'), icon: ListChecks, shortcut: 'V', onSelect: () => open(id, 'tests') },
    { key: 'changes', label: t('keys.tabChanges'), icon: History, shortcut: 'C', onSelect: () => open(id, 'changes') },
    'separator',
    {
      key: 'power',
      label: t(on ? 'keys.disableAsk' : 'keys.enable'),
      icon: on ? PowerOff : Power,
      shortcut: 'E',
      onSelect: () => (on ? openDialog({ kind: 'disable', keys: [key] }) : void enableKeys([key])),
    },
    { key: 'test', label: t('keys.test'), icon: FlaskConical, shortcut: 'T', onSelect: () => void testKey(key) },
    {
      key: 'reset',
      label: t('keys.reset'),
      icon: TimerReset,
      shortcut: 'R',
      disabled: !canDo('reset', key),
      onSelect: () => void resetKeys([key]),
    },
    { key: 'rotate', label: t('keys.rotate'), icon: RotateCcwKey, onSelect: () => openDialog({ kind: 'rotate', key }) },
    'separator',
    {
      key: 'remove',
      label: t('keys.removeAsk'),
      icon: Trash2,
      danger: true,
      shortcut: 'Delete',
      onSelect: () => void removeKeys([key]),
    },
  ]
}
