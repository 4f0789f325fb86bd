import { EventEmitter } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { notDone, prevented } from './app.ts'
import { decode, encode } from './codec.ts'
import { type Answer, complain, type DevToolsSession, devTools } from './devtools.ts'
import { pageWorldSource, preloadSource } from './injected.ts'
import { fromChromium, handlerOf, session, toChromium } from './protocol.ts'

export const ipcMain = new EventEmitter()

export interface PageOptions {
  readonly width: number
  readonly height: number
  readonly webPreferences: { preload?: string; nodeIntegration?: boolean; contextIsolation?: boolean }
}

const isolatedWorld = 'Electron Isolated Context'

/** Electron's names of permissions, and Chromium's. */
const permissions: Record<string, string> = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
}
const keys: Record<string, object> = {
  F1: { key: 'F1', code: 'F1', windowsVirtualKeyCode: 112 },
  '?': { key: '?', code: 'Slash', text: '?', modifiers: 8 },
}

/** What Electron's `webContents` is to the app, over one page of Chromium. */
export class WebContents extends EventEmitter {
  readonly session = session.defaultSession
  readonly mainFrame: { readonly url: string; readonly parent: null }
  /** The page of Chromium exists and is set up. */
  readonly ready: Promise<void>
  targetId = ''
  destroyed = false
  #devTools: DevToolsSession | null = null
  #url = ''
  #frameId = ''
  #preloadContext: number | null = null
  #loadingFromMain: string | null = null
  #windowOpened: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })

  constructor(options: PageOptions) {
    super()
    const url = () => this.#url
    this.mainFrame = Object.freeze({
      parent: null,
      get url() {
        return url()
      },
    })
    this.ready = this.#start(options)
    this.ready.catch(complain)
  }

  async #start({ width, height, webPreferences }: PageOptions): Promise<void> {
    if (webPreferences.nodeIntegration) notDone('nodeIntegration')
    if (webPreferences.contextIsolation === false) notDone('contextIsolation: false')
    const wanted = { url: 'about:blank', width, height, newWindow: true }
    this.targetId = (await devTools.send('Target.createTarget', wanted)).targetId
    const page = await devTools.attach(this.targetId)
    this.#devTools = page
    this.#listen(page.events)
    await Promise.all([page.send('Page.enable'), page.send('Inspector.enable')])
    this.#frameId = (await page.send('Page.getFrameTree')).frameTree.frame.id
    await page.send('Runtime.addBinding', { name: '__electronDoubleOpen' })
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: pageWorldSource() })
    await page.send('Runtime.addBinding', { name: '__electronDouble', executionContextName: isolatedWorld })
    const file = webPreferences.preload
    if (file && existsSync(file)) {
      const info = { file, platform: process.platform, versions: { ...process.versions } }
      const source = preloadSource(info, readFileSync(file, 'utf8'))
      await page.send('Page.addScriptToEvaluateOnNewDocument', { worldName: isolatedWorld, source })
    } else if (file) {
      this.emit('preload-error', {}, file, new Error('not found'))
    }
    await Promise.all([page.send('Runtime.enable'), page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })])
  }

  #listen(events: DevToolsSession['events']): void {
    events.on('Runtime.executionContextCreated', ({ context }) => {
      const mine = context.name === isolatedWorld && context.auxData?.frameId === this.#frameId
      if (mine) this.#preloadContext = context.id
    })
    events.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === '__electronDoubleOpen' && this.#windowOpened({ url: payload }).action !== 'deny') {
        notDone('an allowed window')
      }
      if (name !== '__electronDouble') return
      const { channel, args } = decode(payload) as { channel: string; args: unknown[] }
      ipcMain.emit(channel, { sender: this, senderFrame: this.mainFrame }, ...args)
    })
    events.on('Fetch.requestPaused', (request) => this.#answer(request).catch(complain))
    events.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId) return
      this.#url = fromChromium(frame.url + (frame.urlFragment ?? ''))
      this.#applyPermissions().catch(complain)
      this.emit('did-navigate', {}, this.#url)
    })
    events.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.#frameId) this.#url = fromChromium(url)
    })
    events.on('Page.loadEventFired', () => this.emit('did-finish-load', {}))
    events.on('Inspector.targetCrashed', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }))
  }

  /** Chromium asks nobody in a headless page, so the app is asked beforehand, for each document. */
  async #applyPermissions(): Promise<void> {
    const origin = new URL(toChromium(this.#url)).origin
    if (origin === 'null') return
    for (const [permission, name] of Object.entries(permissions)) {
      const granted = await this.session.allows(this, permission, this.#url)
      const setting = granted ? 'granted' : 'denied'
      await devTools.send('Browser.setPermission', { origin, permission: { name }, setting })
    }
  }

  async #answer(paused: Answer): Promise<void> {
    const { requestId, request, resourceType, frameId } = paused
    const page = this.#devTools!
    const url = fromChromium(request.url + (request.urlFragment ?? ''))
    const isMainFrame = frameId === this.#frameId
    if (resourceType === 'Document' && this.#loadingFromMain !== url) {
      const details = { url, isMainFrame }
      const refused =
        prevented(this, 'will-frame-navigate', details) || (isMainFrame && prevented(this, 'will-navigate', details))
      if (refused) return await page.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
    }
    const handler = handlerOf(url)
    if (!handler) return await page.send('Fetch.continueRequest', { requestId })
    // A Request of undici takes no scheme of ours; the app sees the address it would see in Electron.
    const asked = new Request(request.url, { method: request.method, headers: request.headers })
    Object.defineProperty(asked, 'url', { value: url.replace(/#.*/, '') })
    const response = await handler(asked)
    await page.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    })
  }

  send(channel: string, ...args: unknown[]): void {
    const expression = `__electronDoubleReceive(${JSON.stringify(encode({ channel, args }))})`
    const contextId = this.#preloadContext
    // A document that went away meanwhile hears nothing, as in Electron.
    if (contextId !== null) this.#devTools?.send('Runtime.evaluate', { expression, contextId }).catch(() => {})
  }
  async loadURL(url: string): Promise<void> {
    await this.ready
    this.#loadingFromMain = url
    const { errorText } = await this.#devTools!.send('Page.navigate', { url: toChromium(url) })
    this.#loadingFromMain = null
    if (errorText) throw new Error(`${errorText} loading '${url}'`)
  }
  reload(): void {
    this.#loadingFromMain = this.#url
    void this.#devTools?.send('Page.reload').catch(complain)
  }
  sendInputEvent({ type, keyCode }: { type: string; keyCode: string }): void {
    const key = keys[keyCode] ?? notDone(`the key ${keyCode}`)
    void this.#devTools?.send('Input.dispatchKeyEvent', { type, ...key }).catch(complain)
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#windowOpened = handler
  }
  forcefullyCrashRenderer(): void {
    // The answer never comes: the page that would give it is gone.
    void this.#devTools?.send('Page.crash')
  }
  bringToFront(): void {
    void this.#devTools?.send('Page.bringToFront').catch(complain)
  }
  getURL = (): string => this.#url
  isDestroyed = (): boolean => this.destroyed
  executeJavaScript = async (expression: string): Promise<unknown> =>
    (await this.#devTools!.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result
      .value
}
