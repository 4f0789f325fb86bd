import { EventEmitter } from 'node:events'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInstanceLock } from './single-instance.ts'

/** What the launcher found out about the app. */
export const settings = { appPath: process.cwd(), name: 'Electron', version: '0.0.0' }

/** Refuses what no test has needed so far, rather than pretending. */
export const notDone = (what: string): never => {
  throw new Error(`electron double: ${what} is not emulated`)
}

/** Emits an event that listeners can prevent; whether they did. */
export function prevented(emitter: EventEmitter, name: string, details: object = {}, ...args: unknown[]): boolean {
  const event = {
    ...details,
    sender: emitter,
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
  }
  emitter.emit(name, event, ...args)
  return event.defaultPrevented
}

/** What `quit` closes, filled in by the windows. */
export const closeAll: { windows: () => boolean } = { windows: () => true }

class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = {
    appendSwitch() {},
    appendArgument() {},
    hasSwitch: (name: string) => process.argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)),
    getSwitchValue: (name: string) => process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? '',
  }
  /** Recorded, for tests. */
  loginItem: object = { openAtLogin: false }
  readonly protocolClients: string[] = []
  readonly #paths = new Map<string, string>()
  readonly #lock = createInstanceLock(
    () => this.getPath('userData'),
    (argv, folder, data) => this.emit('second-instance', {}, argv, folder, data),
  )
  readonly #whenReady = Promise.withResolvers<object>()
  #ready = false
  #quitting = false

  becomeReady(): void {
    this.#ready = true
    this.#whenReady.resolve({})
    this.emit('ready', {}, {})
  }
  /** Not `isReady`, which Playwright replaces. */
  get reallyReady(): boolean {
    return this.#ready
  }
  isReady = (): boolean => this.#ready
  whenReady = (): Promise<object> => this.#whenReady.promise
  requestSingleInstanceLock = (data?: unknown): boolean => this.#lock.request(data)
  hasSingleInstanceLock = (): boolean => this.#lock.held()
  releaseSingleInstanceLock = (): void => this.#lock.release()
  getName = (): string => settings.name
  getVersion = (): string => settings.version
  getAppPath = (): string => settings.appPath
  getLocale = (): string => process.env['ELECTRON_DOUBLE_LOCALE'] ?? 'en-US'
  getPreferredSystemLanguages = (): string[] => [this.getLocale()]
  getPath(name: string): string {
    const home = homedir()
    const known: Record<string, string> = {
      home,
      appData: join(home, '.config'),
      userData: join(home, '.config', settings.name),
      temp: tmpdir(),
      exe: process.execPath,
      downloads: join(home, 'Downloads'),
    }
    return this.#paths.get(name) ?? known[name] ?? notDone(`app.getPath(${name})`)
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.protocolClients.push(scheme)
    return true
  }
  setLoginItemSettings(item: object): void {
    this.loginItem = item
  }
  getLoginItemSettings = (): object => this.loginItem
  setAppUserModelId(): void {}
  enableSandbox(): void {}
  focus(): void {}

  quit(): void {
    if (this.#quitting || prevented(this, 'before-quit')) return
    this.#quitting = closeAll.windows()
    if (!this.#quitting) return
    setImmediate(() => {
      this.#quitting = !prevented(this, 'will-quit')
      if (!this.#quitting) return
      this.emit('quit', {}, 0)
      this.exit(0)
    })
  }
  exit(code = 0): never {
    this.#lock.release()
    process.exit(code)
  }
}
export const app = new App()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())

export function becomeReady(): void {
  setImmediate(() => app.becomeReady())
}
