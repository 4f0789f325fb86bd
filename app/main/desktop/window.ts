import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import type { Log } from '../lib/log.ts'
import { replaceFile } from '../lib/replace-file.ts'
import type { Stop } from '../lib/scope.ts'
import { guardPage } from './guards.ts'
import { crashedUrl } from './page-protocol.ts'
import { appOrigin, isAppUrl, urlOfRoute } from './routes.ts'
import { minimumSize, placeWindow, readWindowPlace, type WindowPlace } from './window-place.ts'
import type { Say } from './words.ts'

export interface MainWindow {
  readonly window: BrowserWindow
  /** Brings it to the front, on a route when one is given. */
  show(route: string | null): void
  /** Whether somebody can be looking at it. */
  attended(): boolean
  readonly stop: Stop
}

/** A page that stops twice within this time (milliseconds) is not loaded again by itself. */
const CRASH_AGAIN = 60_000

/** The one window. It is painted dark or light before the page is, and shown when the page is. */
export async function openMainWindow(options: {
  readonly preload: string
  readonly placeFile: string
  readonly route: string | null
  readonly startHidden: boolean
  /** Whether closing it only hides it. */
  readonly hidesOnClose: () => boolean
  readonly say: () => Say
  readonly log: Log
}): Promise<MainWindow> {
  const { log } = options
  const saved = await readWindowPlace(options.placeFile)
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
  const window = new BrowserWindow({
    ...placeWindow(saved, [primary.workArea, ...others.map((display) => display.workArea)]),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    title: options.say()('name'),
    // The page's own ground (--surface-0 of tokens.css), so that nothing flashes before it is painted.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1316' : '#f3f5f6',
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false, // its dictionaries would be downloaded
      devTools: !app.isPackaged,
    },
  })
  const page = window.webContents
  if (saved?.maximized) window.maximize()
  if (saved?.fullScreen) window.setFullScreen(true)

  guardPage(page, log)
  const rememberNow = rememberPlace(window, options.placeFile, log)
  window.once('ready-to-show', () => options.startHidden || window.show())
  window.on('close', (event) => {
    if (!options.hidesOnClose()) return
    event.preventDefault()
    window.hide()
  })
  reviveWhenGone(window, options.say, log)
  page.on('preload-error', (_event, file, error) => log.error('desktop', 'preload failed', { file, error }))

  const load = (url: string) =>
    page.loadURL(url).catch((error) => log.error('desktop', 'page not loaded', { url, error }))
  void load(options.route === null ? `${appOrigin}/` : urlOfRoute(options.route))

  return {
    window,
    show(route) {
      if (window.isDestroyed()) return
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      // Only the part after the # changes, so the page stays; loading the address it shows already would reload it.
      if (route !== null && page.getURL() !== urlOfRoute(route)) void load(urlOfRoute(route))
    },
    attended: () => !window.isDestroyed() && window.isVisible() && !window.isMinimized() && window.isFocused(),
    stop: async () => {
      await rememberNow()
    },
  }
}

/** Writes the place down when it has been still for a moment; the returned function writes what is left to write. */
function rememberPlace(window: BrowserWindow, file: string, log: Log): () => Promise<void> {
  let due: NodeJS.Timeout | null = null
  let last: WindowPlace | null = null
  let writing: Promise<void> = Promise.resolve()
  const read = () => {
    if (window.isDestroyed()) return
    const { x, y, width, height } = window.getNormalBounds()
    last = { x, y, width, height, maximized: window.isMaximized(), fullScreen: window.isFullScreen() }
  }
  const write = () => {
    due = null
    const text = JSON.stringify(last)
    writing = writing
      .then(() => replaceFile(file, text))
      .catch((error) => log.warn('desktop', 'window place not written', { error }))
  }
  const changed = () => {
    read()
    due ??= setTimeout(write, 500)
  }
  window.on('resize', changed)
  window.on('move', changed)
  window.on('maximize', changed)
  window.on('unmaximize', changed)
  window.on('enter-full-screen', changed)
  window.on('leave-full-screen', changed)
  return async () => {
    if (due) {
      clearTimeout(due)
      write()
    }
    await writing
  }
}

/** A page that stopped is loaded again once; when it stops again soon after, a page without any code of it says so. */
function reviveWhenGone(window: BrowserWindow, say: () => Say, log: Log): void {
  const page = window.webContents
  let goneAt = Number.NEGATIVE_INFINITY
  page.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const again = performance.now() - goneAt < CRASH_AGAIN
    goneAt = performance.now()
    log.error('desktop', 'page gone', { reason, exitCode, again })
    const url = isAppUrl(page.getURL()) && !page.getURL().startsWith(crashedUrl) ? page.getURL() : `${appOrigin}/`
    page.loadURL(again ? crashedUrl : url).catch((error) => log.error('desktop', 'page not loaded again', { error }))
  })
  let asking = false
  window.on('unresponsive', async () => {
    log.warn('desktop', 'page does not respond')
    if (asking) return
    asking = true
    const buttons = [say()('wait'), say()('reload')]
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: say()('notResponding'),
      buttons,
    })
    asking = false
    if (response === 1 && !window.isDestroyed()) page.reload()
  })
  window.on('responsive', () => log.info('desktop', 'page responds again'))
}
