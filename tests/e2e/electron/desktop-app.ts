import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test'
import type {} from '../../../app/renderer/rpc/desktop-link.ts' // for window.desktopLink
import { electronProgram } from '../../../scripts/electron-program.ts'
import { browserLaunch } from '../../lib/browser.ts'
import { type ScriptedEngine, startScriptedEngine } from './scripted-engine.ts'

/** Electron's own program, or the double that stands in for it. The tests are the same. */
export type Program = 'double' | 'real'

/** What the operating system was asked to show, as the main process holds it. */
interface Shown {
  readonly notifications: { title: string; body: string; click(): void }[]
  readonly opened: string[]
  tray: { emit(event: string): void } | null
  trayMenu: Electron.Menu | null
}
declare global {
  // Lives in the main process under test.
  var shown: Shown
}

/** Page object of the desktop program: its one window, and what it hangs in menu, tray and notifications. */
export class DesktopApp {
  readonly electron: ElectronApplication
  readonly page: Page
  readonly process: ChildProcess
  #lastCall = 1_000_000
  constructor(electron: ElectronApplication, page: Page) {
    this.electron = electron
    this.page = page
    this.process = electron.process()
  }

  /** Calls main as the page does, over the page's own link. */
  async call(path: string, data?: unknown): Promise<{ kind: string; data?: unknown; code?: string }> {
    const id = ++this.#lastCall
    return await this.page.evaluate(
      ([path, data, id]) =>
        new Promise((resolve) => {
          window.desktopLink?.onFrame((frame) => {
            const response = JSON.parse(frame)
            if (response.id === id) resolve(response)
          })
          window.desktopLink?.send(JSON.stringify({ kind: 'call', id, path, data }))
        }),
      [path, data, id] as const,
    )
  }
  async speak(language: 'en' | 'zh-CN'): Promise<void> {
    await this.call('settings.set', { language })
  }
  address = (): Promise<string> =>
    this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '')
  isVisible = (): Promise<boolean> =>
    this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false)
  bounds = (): Promise<Electron.Rectangle> =>
    this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getNormalBounds())
  close = (): Promise<void> => this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  hide = (): Promise<void> => this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())

  /** From now on what the system would show is kept in the main process. Changes the language, so that the tray is drawn anew. */
  async watchDesktop(): Promise<void> {
    await this.electron.evaluate(({ Notification, shell, Tray }) => {
      globalThis.shown = { notifications: [], opened: [], tray: null, trayMenu: null }
      Notification.prototype.show = function (this: Electron.Notification) {
        const click = () => void this.emit('click')
        globalThis.shown.notifications.push({ title: this.title, body: this.body, click })
      }
      shell.openExternal = async (url) => void globalThis.shown.opened.push(url)
      Tray.prototype.setContextMenu = function (this: Electron.Tray, menu) {
        globalThis.shown.tray = this as unknown as Shown['tray']
        globalThis.shown.trayMenu = menu
      }
    })
    await this.speak('zh-CN')
    await this.speak('en')
  }
  opened = (): Promise<string[]> => this.electron.evaluate(() => globalThis.shown.opened)
  notifications = (): Promise<string[]> =>
    this.electron.evaluate(() => globalThis.shown.notifications.map(({ title, body }) => `${title}: ${body}`))
  clickNotification = (): Promise<void> => this.electron.evaluate(() => globalThis.shown.notifications.at(-1)?.click())
  trayLabels = (): Promise<string[]> =>
    this.electron.evaluate(
      () => globalThis.shown.trayMenu?.items.filter(({ type }) => type !== 'separator').map(({ label }) => label) ?? [],
    )
  clickTrayItem = (id: string): Promise<void> =>
    this.electron.evaluate((_electron, id) => void globalThis.shown.trayMenu?.getMenuItemById(id)?.click(), id)
  clickTray = (): Promise<void> => this.electron.evaluate(() => globalThis.shown.tray?.emit('click'))
  /** Labels of the application menu, one line for each menu. */
  menu = (): Promise<string[]> =>
    this.electron.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map(({ label, submenu }) => {
        const inner = submenu?.items.filter(({ type }) => type !== 'separator').map((item) => item.label) ?? []
        return `${label}: ${inner.join(', ')}`
      }),
    )
  clickMenuItem = (id: string): Promise<void> =>
    this.electron.evaluate(({ Menu }, id) => void Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), id)

  /** Quits as the menu does; answers the exit code. */
  async quit(): Promise<number | null> {
    const gone = once(this.process, 'exit')
    await this.electron.evaluate(({ app }) => app.quit()).catch(() => {}) // it may be gone before it answers
    const [code] = await gone
    return code
  }
}

interface Desk {
  readonly data: string
  readonly engine: ScriptedEngine
  /** Starts the program on this desk's data folder and engine. */
  launch(args?: readonly string[], env?: Record<string, string>): Promise<DesktopApp>
  /** A second start, by hand: a process of its own. Answers its exit code. */
  startAgain(args: readonly string[]): Promise<number | null>
}

/**
 * Ends a program and its browser, which leads no group of its own: left to notice, it would still write into its
 * profile while that is removed. Playwright starts every program as the leader of a group.
 */
async function endAll(child: ChildProcess): Promise<void> {
  const ended = child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit')
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
  await ended
}

/** A data folder, an engine, and programs that are ended with the test. */
export const test = base.extend<{ desk: Desk }, { program: Program }>({
  program: ['double', { option: true, scope: 'worker' }],
  desk: async ({ program }, use) => {
    const data = mkdtempSync(join(tmpdir(), 'pilothouse-desk-'))
    mkdirSync(join(data, 'tmp'))
    const engine = await startScriptedEngine()
    const started: ChildProcess[] = []
    const executablePath = program === 'real' ? electronProgram()! : resolve('tests/electron-double/electron')
    const browser = (await browserLaunch()).executablePath
    const env = {
      ...(process.env as Record<string, string>),
      DOCKER_HOST: engine.address,
      XDG_CONFIG_HOME: join(data, 'config'),
      // A program that is killed cannot clean up, its browser's profile least of all: it goes with the desk.
      TMPDIR: join(data, 'tmp'),
      PATH: `${resolve('tests/e2e/electron/fixtures')}${delimiter}${process.env['PATH']}`,
      ELECTRON_DOUBLE_NODE: process.execPath,
      ELECTRON_DOUBLE_CHROMIUM: process.env['ELECTRON_DOUBLE_CHROMIUM'] ?? browser ?? '',
    }
    await use({
      data,
      engine,
      async launch(args = [], more = {}) {
        const electron = await _electron.launch({
          executablePath,
          args: ['.', `--data=${join(data, 'console')}`, '--no-platform', ...args],
          env: { ...env, ...more },
        })
        started.push(electron.process())
        const page = await electron.firstWindow()
        await page.getByRole('navigation').first().waitFor() // a page may have tabs of its own
        // The program hands its modules to the test a moment after its first window stands.
        await expect.poll(() => electron.evaluate(({ BrowserWindow }) => BrowserWindow !== undefined)).toBe(true)
        return new DesktopApp(electron, page)
      },
      async startAgain(args) {
        const noSandbox = process.platform === 'linux' ? ['--no-sandbox'] : []
        const child = spawn(
          executablePath,
          [...noSandbox, '.', `--data=${join(data, 'console')}`, '--no-platform', ...args],
          {
            env,
            detached: process.platform !== 'win32',
          },
        )
        started.push(child)
        return (await once(child, 'exit'))[0]
      },
    })
    for (const child of started) await endAll(child)
    await engine.stop()
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  },
})
export { expect } from '@playwright/test'
