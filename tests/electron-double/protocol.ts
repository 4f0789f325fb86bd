import { EventEmitter } from 'node:events'
import { app, notDone } from './app.ts'

type Handler = (request: Request) => Response | Promise<Response>
type AskPermission = (
  page: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string },
) => void

const standard = new Set<string>()
const handlers = new Map<string, Handler>()

/** A scheme of the app is, to Chromium, a host that cannot exist; every request to it is answered here. */
const origin = (scheme: string, host: string) => `https://${host}.${scheme}.electron-double.invalid`

export function toChromium(url: string): string {
  const parts = /^([a-z][\w+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url)
  return parts && handlers.has(parts[1]!) ? origin(parts[1]!, parts[2]!) + (parts[3] || '/') : url
}
export function fromChromium(url: string): string {
  const parts = /^https:\/\/(.+)\.([\w+-]+)\.electron-double\.invalid(?::\d+)?(.*)$/i.exec(url)
  return parts ? `${parts[2]}://${parts[1]}${parts[3]}` : url
}
export const handlerOf = (url: string): Handler | undefined => handlers.get(url.slice(0, url.indexOf(':')))

export const protocol = {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges?: { standard?: boolean } }[]): void {
    if (app.reallyReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of schemes) if (privileges?.standard) standard.add(scheme)
  },
  handle(scheme: string, handler: Handler): void {
    if (!app.reallyReady) throw new Error('protocol.handle cannot be called before the app is ready')
    if (!standard.has(scheme)) notDone(`a scheme that is not standard (${scheme})`)
    handlers.set(scheme, handler)
  },
}

class Session extends EventEmitter {
  #ask: AskPermission | null = null
  setPermissionRequestHandler(ask: AskPermission): void {
    this.#ask = ask
  }
  setPermissionCheckHandler(): void {}
  setDevicePermissionHandler(): void {}
  /** What the app answers to a page of this address; Electron grants when nobody was asked to decide. */
  allows(page: unknown, permission: string, requestingUrl: string): Promise<boolean> {
    const ask = this.#ask
    if (!ask) return Promise.resolve(true)
    return new Promise((resolve) => ask(page, permission, resolve, { requestingUrl }))
  }
}
const defaultSession = new Session()
export const session = {
  get defaultSession(): Session {
    if (!app.reallyReady) throw new Error('Session can only be received when app is ready')
    return defaultSession
  },
}
