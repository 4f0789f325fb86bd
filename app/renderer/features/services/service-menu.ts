import {
  Activity,
  CirclePause,
  CirclePlay,
  ClipboardCopy,
  Pin,
  PinOff,
  RefreshCcwDot,
  RotateCw,
  ScrollText,
  Skull,
  Square,
  SquareTerminal,
  Trash2,
} from 'lucide-react'
import type { Service } from '../../../shared/contracts/services.ts'
import type { Translate } from '../../i18n/language.ts'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { canDo, pauseOrUnpause, startOrStop } from './action-rules.ts'
import { act, ask, copyRunCommand, togglePin } from './service-actions.ts'

export type ServiceTab = 'summary' | 'logs' | 'terminal' | 'configuration' | 'health' | 'changes'
export type OpenService = (id: string, tab: ServiceTab) => void

/** Everything that can be done to one service, with the letters that do it from the keyboard. */
export function serviceMenu(service: Service, t: Translate, pinned: boolean, open: OpenService): MenuEntry[] {
  const only = [service]
  const power = startOrStop(service)
  const pause = pauseOrUnpause(service)
  const asked = (
    kind: Parameters<typeof ask>[0],
    key: Parameters<Translate>[0],
    more: Partial<Exclude<MenuEntry, string>> = {},
  ) => ({
    key: kind,
    label: t(key),
    disabled: !canDo(kind, service),
    onSelect: () => ask(kind, only),
    ...more,
  })
  return [
    {
      key: 'open',
      label: t('services.open'),
      icon: Activity,
      shortcut: 'Enter',
      onSelect: () => open(service.id, 'summary'),
    },
    {
      key: 'logs',
      label: t('services.logs'),
      icon: ScrollText,
      shortcut: 'M',
      onSelect: () => open(service.id, 'logs'),
    },
    {
      key: 'terminal',
      label: t('services.terminal'),
      icon: SquareTerminal,
      shortcut: 'E',
      disabled: service.state.kind !== 'running',
      onSelect: () => open(service.id, 'terminal'),
    },
    'separator',
    {
      key: 'restart',
      label: t('services.restart'),
      icon: RotateCw,
      shortcut: 'R',
      disabled: !canDo('restart', service),
      onSelect: () => void act(only, { kind: 'restart' }),
    },
    {
      key: power,
      label: t(power === 'stop' ? 'services.stop' : 'services.start'),
      icon: power === 'stop' ? Square : CirclePlay,
      shortcut: 'S',
      disabled: !canDo(power, service),
      onSelect: () => void act(only, { kind: power }),
    },
    asked('stop', 'services.stopWith', { key: 'stop-with' }),
    {
      key: pause,
      label: t(pause === 'pause' ? 'services.pause' : 'services.unpause'),
      icon: pause === 'pause' ? CirclePause : CirclePlay,
      shortcut: 'P',
      disabled: !canDo(pause, service),
      onSelect: () => void act(only, { kind: pause }),
    },
    'separator',
    asked('rename', 'services.rename'),
    asked('setRestartPolicy', 'services.policy'),
    asked('connectNetwork', 'services.connect'),
    {
      key: 'copy',
      label: t('services.copyRun'),
      icon: ClipboardCopy,
      onSelect: () => void copyRunCommand(service, false),
    },
    {
      key: 'pin',
      label: t(pinned ? 'services.unpin' : 'services.pin'),
      icon: pinned ? PinOff : Pin,
      onSelect: () => togglePin(service.id),
    },
    'separator',
    asked('recreate', 'services.recreate', { icon: RefreshCcwDot, danger: true }),
    asked('kill', 'services.kill', { icon: Skull, danger: true }),
    asked('remove', 'services.remove', { icon: Trash2, danger: true, shortcut: 'Delete' }),
  ]
}
