// The module that `import 'electron'` gets: what the console uses of Electron's main process, and no more.
import { app } from './app.ts'
import { dialog, Menu, MenuItem, Notification, nativeImage, nativeTheme, shell, Tray } from './desktop-parts.ts'
import { protocol, session } from './protocol.ts'
import { safeStorage } from './safe-storage.ts'
import { ipcMain } from './web-contents.ts'
import { BrowserWindow, screen, webContents } from './window.ts'

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  Notification,
  nativeImage,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
}
export default {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  Notification,
  nativeImage,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
}
