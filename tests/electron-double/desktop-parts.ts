// What the desktop would draw: recorded, so that a test reads it and clicks it.
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'

interface ItemOptions {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly enabled?: boolean
  readonly submenu?: ItemOptions[]
  readonly click?: () => void
}
export class MenuItem {
  readonly id: string | undefined
  readonly label: string
  readonly role: string | undefined
  readonly type: string
  readonly enabled: boolean
  readonly accelerator: string | undefined
  readonly submenu: Menu | undefined
  readonly click: () => void
  constructor(options: ItemOptions & { readonly accelerator?: string }) {
    this.id = options.id
    this.role = options.role?.toLowerCase()
    this.label = options.label ?? options.role ?? ''
    this.type = options.type ?? (options.submenu ? 'submenu' : 'normal')
    this.enabled = options.enabled ?? true
    this.accelerator = options.accelerator
    this.submenu = options.submenu && Menu.buildFromTemplate(options.submenu)
    this.click = () => options.click?.()
  }
}
export class Menu {
  static #application: Menu | null = null
  static buildFromTemplate = (template: ItemOptions[]): Menu => new Menu(template.map((item) => new MenuItem(item)))
  static setApplicationMenu = (menu: Menu | null): void => {
    Menu.#application = menu
  }
  static getApplicationMenu = (): Menu | null => Menu.#application
  readonly items: MenuItem[]
  constructor(items: MenuItem[] = []) {
    this.items = items
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}
export class Tray extends EventEmitter {
  image: unknown
  constructor(image: unknown) {
    super()
    this.image = image
  }
  setImage(image: unknown): void {
    this.image = image
  }
  setToolTip(_text: string): void {}
  setContextMenu(_menu: Menu): void {}
  popUpContextMenu(_menu: Menu): void {}
  destroy(): void {}
}
export class Notification extends EventEmitter {
  static isSupported = (): boolean => true
  readonly title: string
  readonly body: string
  constructor({ title, body }: { title: string; body: string }) {
    super()
    this.title = title
    this.body = body
  }
  show(): void {
    this.emit('show')
  }
  close(): void {
    this.emit('close')
  }
}
/** Every dialog is cancelled unless a test puts its own answer here. */
export const dialog = {
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showMessageBox: async () => ({ response: 0 }),
  showErrorBox: (title: string, text: string) => console.error(`${title}: ${text}`),
}
export const shell = { openExternal: async (_url: string): Promise<void> => {} }
class NativeTheme extends EventEmitter {
  themeSource: 'system' | 'light' | 'dark' = 'system'
  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'dark'
  }
}
export const nativeTheme = new NativeTheme()
export const nativeImage = {
  createFromPath: (path: string) => ({ path, isEmpty: () => !existsSync(path) }),
}
