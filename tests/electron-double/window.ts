import { EventEmitter } from 'node:events'
import { app, closeAll, notDone, prevented } from './app.ts'
import { complain, devTools } from './devtools.ts'
import { type PageOptions, WebContents } from './web-contents.ts'

interface Bounds {
  x: number
  y: number
  width: number
  height: number
}
type WindowOptions = Partial<Bounds> & { show?: boolean; webPreferences?: PageOptions['webPreferences'] }

const all: BrowserWindow[] = []
let lastId = 0

/** A window that is a page of Chromium; place, state and focus are kept, not drawn. */
export class BrowserWindow extends EventEmitter {
  static getAllWindows = (): BrowserWindow[] => [...all]
  static getFocusedWindow = (): BrowserWindow | null => all.find((window) => window.isFocused()) ?? null
  static fromWebContents = (page: WebContents): BrowserWindow | null =>
    all.find((window) => window.webContents === page) ?? null

  readonly id = ++lastId
  readonly webContents: WebContents
  #visible: boolean
  #focused: boolean
  #bounds: Bounds
  #state: 'normal' | 'maximized' | 'minimized' = 'normal'
  #fullScreen = false
  #destroyed = false

  constructor({ x = 0, y = 0, width = 800, height = 600, show = true, webPreferences = {} }: WindowOptions = {}) {
    super()
    if (!app.reallyReady) throw new Error('Cannot create BrowserWindow before app is ready')
    this.#visible = show
    this.#focused = show
    this.#bounds = { x, y, width, height }
    this.webContents = new WebContents({ width, height, webPreferences })
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', {}))
    all.push(this)
    app.emit('browser-window-created', {}, this)
  }
  show(): void {
    this.#visible = true
    this.focus()
    this.emit('show')
  }
  hide(): void {
    this.#visible = false
    this.blur()
    this.emit('hide')
  }
  focus(): void {
    this.#focused = true
    this.webContents.bringToFront()
    this.emit('focus')
  }
  blur(): void {
    this.#focused = false
    this.emit('blur')
  }
  maximize(): void {
    this.#state = 'maximized'
    this.emit('maximize')
  }
  unmaximize(): void {
    this.#state = 'normal'
    this.emit('unmaximize')
  }
  minimize(): void {
    this.#state = 'minimized'
    this.emit('minimize')
  }
  restore(): void {
    this.#state = 'normal'
    this.emit('restore')
  }
  setFullScreen(on: boolean): void {
    this.#fullScreen = on
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen')
  }
  setBounds(bounds: Partial<Bounds>): void {
    Object.assign(this.#bounds, bounds)
    this.emit('move')
    this.emit('resize')
  }
  getBounds = (): Bounds => ({ ...this.#bounds })
  getNormalBounds = (): Bounds => ({ ...this.#bounds })
  getSize = (): number[] => [this.#bounds.width, this.#bounds.height]
  isVisible = (): boolean => this.#visible
  isFocused = (): boolean => this.#focused && this.#visible
  isMinimized = (): boolean => this.#state === 'minimized'
  isMaximized = (): boolean => this.#state === 'maximized'
  isFullScreen = (): boolean => this.#fullScreen
  isDestroyed = (): boolean => this.#destroyed

  close(): void {
    if (this.#destroyed || prevented(this, 'close')) return
    const close = () => devTools.send('Target.closeTarget', { targetId: this.webContents.targetId })
    void this.webContents.ready.then(close).catch(complain)
    this.gone()
  }
  gone(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.webContents.destroyed = true
    all.splice(all.indexOf(this), 1)
    this.webContents.emit('destroyed')
    this.emit('closed')
    if (all.length === 0 && !app.emit('window-all-closed')) app.quit()
  }
}

/** For Playwright, which finds the window of a page by it. */
export const webContents = {
  fromDevToolsTargetId: (id: string): WebContents | undefined =>
    all.find((window) => window.webContents.targetId === id)?.webContents,
  getAllWebContents: (): WebContents[] => all.map((window) => window.webContents),
}

closeAll.windows = () => {
  for (const window of [...all]) {
    window.close()
    if (!window.isDestroyed()) return false
  }
  return true
}
devTools.events.on('Target.targetDestroyed', ({ targetId }) =>
  all.find((window) => window.webContents.targetId === targetId)?.gone(),
)

interface Display {
  id: number
  workArea: Bounds
}
/** Displays side by side, from ELECTRON_DOUBLE_DISPLAYS ("1920x1080,2560x1440"). */
function displaysNow(): Display[] {
  const found: Display[] = []
  let left = 0
  for (const text of (process.env['ELECTRON_DOUBLE_DISPLAYS'] ?? '1920x1080').split(',')) {
    const [width = 0, height = 0] = text.split('x').map(Number)
    found.push({ id: found.length + 1, workArea: { x: left, y: 0, width, height } })
    left += width
  }
  return found
}
const displays = displaysNow()
export const screen = Object.assign(new EventEmitter(), {
  getAllDisplays: (): Display[] => displays,
  getPrimaryDisplay: (): Display => displays[0] ?? notDone('a machine without displays'),
})
