import { extname, join } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron'
import type { Capabilities } from '../../shared/contracts/host.ts'
import type { Host } from '../lib/host.ts'
import { replaceFile } from '../lib/replace-file.ts'
import { setStartAtLogin } from './login-item.ts'

/** What Electron gives the features. */
export function electronHost(options: {
  readonly dataFolder: string
  readonly tray: boolean
  readonly secretStorage: () => Capabilities['secretStorage']
  readonly notify: Host['notify']
  /** The window that dialogs belong to; null while there is none. */
  readonly window: () => BrowserWindow | null
}): Host {
  return {
    kind: 'electron',
    get capabilities() {
      const secretStorage = options.secretStorage()
      return { tray: options.tray, startAtLogin: true, nativeNotifications: true, saveDialog: true, secretStorage }
    },
    async saveFile(name, _contentType, source) {
      const extension = extname(name).slice(1)
      const question = {
        defaultPath: join(app.getPath('downloads'), name),
        ...(extension ? { filters: [{ name: extension, extensions: [extension] }] } : {}),
      }
      const window = options.window()
      const { canceled, filePath } = await (window
        ? dialog.showSaveDialog(window, question)
        : dialog.showSaveDialog(question))
      if (canceled || !filePath) return { kind: 'cancelled' }
      await replaceFile(filePath, source())
      return { kind: 'saved', file: filePath }
    },
    notify: options.notify,
    setStartAtLogin: (on) => setStartAtLogin(on, options.dataFolder),
  }
}
