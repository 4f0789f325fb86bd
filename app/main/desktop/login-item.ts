import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { app } from 'electron'
import { AppError } from '../../shared/errors.ts'
import { autostartEntry } from './autostart-entry.ts'

/** How this program is started: packaged it is one file; from a checkout it is Electron and the folder. */
export function startCommand(): { readonly program: string; readonly args: readonly string[] } {
  // An AppImage runs from a mount that is gone after it ends; it tells where it really lies.
  if (app.isPackaged) return { program: process.env['APPIMAGE'] ?? process.execPath, args: [] }
  return { program: process.execPath, args: [app.getAppPath()] }
}

/** Starts the console, hidden in the tray, when the user signs in. Fails with FILE_NOT_WRITTEN on Linux. */
export function setStartAtLogin(on: boolean, dataFolder: string): void {
  const { program, args } = startCommand()
  const all = [...args, '--hidden', `--data=${dataFolder}`]
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: on, path: program, args: all })
    return
  }
  const path = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'autostart', 'pilothouse.desktop')
  try {
    if (on) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, autostartEntry(program, all))
    } else rmSync(path, { force: true })
  } catch (error) {
    throw new AppError('FILE_NOT_WRITTEN', { path, reason: error instanceof Error ? error.message : String(error) })
  }
}
