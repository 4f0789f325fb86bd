import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'
import type { Condition } from '../../shared/contracts/services.ts'
import type { Stop } from '../lib/scope.ts'
import type { Summary } from './service-list.ts'
import type { Say, Word } from './words.ts'

export interface TrayActions {
  open(route: string | null): void
  restart(id: string): void
  quit(): void
}

const marks: Record<Condition, string> = { ok: '●', warn: '▲', fail: '■', stopped: '○', unknown: '◌', busy: '◐' }
const countWords: Record<Condition, Word> = {
  ok: 'okCount',
  warn: 'warnCount',
  fail: 'failedCount',
  stopped: 'stoppedCount',
  unknown: 'unreachable',
  busy: 'busyCount',
}

/** "■ 1 failed  ▲ 2 unhealthy  ● 5 running": worst first, in the page's own marks. */
export function statusLine(summary: Summary, say: Say): string {
  if (summary.docker === 'connecting') return `${marks.busy} ${say('connecting')}`
  if (summary.docker === 'failed') return `${marks.unknown} ${say('unreachable')}`
  if (summary.counts.length === 0) return say('noServices')
  return summary.counts.map(({ condition, n }) => `${marks[condition]} ${say(countWords[condition], { n })}`).join('  ')
}

/**
 * The status, then the three things one goes to a tray for: the window, and when something broke, restarting it and
 * reading why. Both are about one service, named, so that a click does what it says.
 */
export function trayTemplate(summary: Summary, say: Say, actions: TrayActions): MenuItemConstructorOptions[] {
  const { concern } = summary
  return [
    { id: 'status', label: statusLine(summary, say), enabled: false },
    { type: 'separator' },
    { id: 'open', label: say('open'), click: () => actions.open(null) },
    {
      id: 'restart',
      label: concern ? say('restartService', { name: concern.name }) : say('nothingToRestart'),
      enabled: concern !== null,
      click: () => concern && actions.restart(concern.id),
    },
    {
      id: 'logs',
      label: concern ? say('showLogs', { name: concern.name }) : say('noLogs'),
      enabled: concern !== null,
      click: () => concern && actions.open(`/services/${concern.id}/logs`),
    },
    { type: 'separator' },
    { id: 'quit', label: say('quit'), click: () => actions.quit() },
  ]
}

/** Icons exist for what changes what one would do; everything healthy looks the same. */
const iconOf = (worst: Condition): string =>
  ({ fail: 'fail', warn: 'warn', unknown: 'unknown', ok: 'ok', busy: 'ok', stopped: 'ok' })[worst]

export function showTray(iconFolder: string, actions: TrayActions) {
  const icon = (worst: Condition) => nativeImage.createFromPath(join(iconFolder, `tray-${iconOf(worst)}.png`))
  const tray = new Tray(icon('unknown'))
  let menu = Menu.buildFromTemplate([])
  let shown = ''
  tray.on('click', () => actions.open(null))
  // macOS opens a menu that is set on every click; shown by hand on the right button, the left one stays ours.
  if (process.platform === 'darwin') tray.on('right-click', () => tray.popUpContextMenu(menu))

  const stop: Stop = () => tray.destroy()
  return {
    update(summary: Summary, say: Say): void {
      // Rebuilding a menu closes it under the pointer on some desktops: only when something it says has changed.
      const next = JSON.stringify([summary, say('open')])
      if (next === shown) return
      shown = next
      menu = Menu.buildFromTemplate(trayTemplate(summary, say, actions))
      if (process.platform !== 'darwin') tray.setContextMenu(menu)
      tray.setToolTip(`${say('name')}\n${statusLine(summary, say)}`)
      tray.setImage(icon(summary.worst))
    },
    stop,
  }
}
