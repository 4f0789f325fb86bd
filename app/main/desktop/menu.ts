import type { MenuItemConstructorOptions } from 'electron'
import type { Say } from './words.ts'

/** What the menu asks of the window. */
export interface MenuActions {
  /** Shows the window on a page. */
  open(route: string): void
  /** Presses a key in the page, which has its own shortcuts: F1 is the palette, ? the list of shortcuts. */
  press(key: string): void
}

/** The pages there are, in the order of the rail. */
const pages = ['overview', 'services', 'images', 'settings'] as const

/** The application menu: the platform's own roles, plus what the page answers to. */
export function menuTemplate(
  say: Say,
  platform: NodeJS.Platform,
  packaged: boolean,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const settings: MenuItemConstructorOptions = {
    id: 'settings',
    label: say('settings'),
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.open('/settings'),
  }
  const application: MenuItemConstructorOptions = {
    label: say('name'),
    submenu: [
      { role: 'about', label: say('about') },
      line,
      settings,
      line,
      { role: 'hide', label: say('hide') },
      { role: 'hideOthers', label: say('hideOthers') },
      { role: 'unhide', label: say('showAll') },
      line,
      { role: 'quit', label: say('quit') },
    ],
  }
  const file: MenuItemConstructorOptions = {
    label: say('file'),
    submenu: mac
      ? [{ role: 'close', label: say('close') }]
      : [settings, line, { role: 'close', label: say('close') }, { role: 'quit', label: say('quit') }],
  }
  const edit: MenuItemConstructorOptions = {
    label: say('edit'),
    submenu: [
      { role: 'undo', label: say('undo') },
      { role: 'redo', label: say('redo') },
      line,
      { role: 'cut', label: say('cut') },
      { role: 'copy', label: say('copy') },
      { role: 'paste', label: say('paste') },
      { role: 'selectAll', label: say('selectAll') },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: say('view'),
    submenu: [
      ...pages.map(
        (page, index): MenuItemConstructorOptions => ({
          id: page,
          label: say(page),
          accelerator: `CmdOrCtrl+${index + 1}`,
          click: () => actions.open(`/${page}`),
        }),
      ),
      line,
      // Shown here, answered by the page: it must work in the browser host too.
      {
        id: 'palette',
        label: say('palette'),
        accelerator: 'F1',
        registerAccelerator: false,
        click: () => actions.press('F1'),
      },
      line,
      { role: 'reload', label: say('reload') },
      { role: 'resetZoom', label: say('actualSize') },
      { role: 'zoomIn', label: say('zoomIn') },
      { role: 'zoomOut', label: say('zoomOut') },
      { role: 'togglefullscreen', label: say('fullScreen') },
      ...(packaged ? [] : [line, { role: 'toggleDevTools', label: say('developerTools') } as const]),
    ],
  }
  const window: MenuItemConstructorOptions = {
    label: say('window'),
    role: 'windowMenu',
    submenu: [{ role: 'minimize', label: say('minimize') }, ...(mac ? [{ role: 'front' } as const] : [])],
  }
  const help: MenuItemConstructorOptions = {
    label: say('help'),
    role: 'help',
    submenu: [
      { id: 'shortcuts', label: say('shortcuts'), click: () => actions.press('?') },
      ...(mac ? [] : [{ role: 'about', label: say('about') } as const]),
    ],
  }
  return [...(mac ? [application] : []), file, edit, view, window, help]
}
