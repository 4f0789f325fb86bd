import { type Session, shell, type WebContents } from 'electron'
import type { Log } from '../lib/log.ts'
import { externalUrl, isAppUrl } from './routes.ts'

/** Keeps a page where it is: no other origin, no second window, no webview. A link to the web opens in the browser. */
export function guardPage(page: WebContents, log: Log): void {
  const openOutside = (text: string) => {
    const url = externalUrl(text)
    if (url === null) return log.warn('desktop', 'navigation refused', { url: text.slice(0, 200) })
    shell.openExternal(url).catch((error) => log.warn('desktop', 'no browser opened', { error }))
  }
  page.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
  page.on('will-navigate', (event) => {
    if (isAppUrl(event.url)) return
    event.preventDefault()
    openOutside(event.url)
  })
  page.on('will-frame-navigate', (event) => {
    // The main frame's turn is `will-navigate`, which comes after this and knows where to send a link.
    if (!event.isMainFrame && !isAppUrl(event.url)) event.preventDefault()
  })
  page.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault()
  })
  page.on('will-attach-webview', (event) => event.preventDefault())
}

/** Denies what a page may ask of the machine. The one exception lets copy buttons write text to the clipboard. */
export function guardSession(session: Session, log: Log): void {
  const allowed = (permission: string, url: string) => permission === 'clipboard-sanitized-write' && isAppUrl(url)
  session.setPermissionRequestHandler((_page, permission, answer, details) => {
    const ok = allowed(permission, details.requestingUrl)
    if (!ok) log.warn('desktop', 'permission denied', { permission })
    answer(ok)
  })
  session.setPermissionCheckHandler((_page, permission, origin) => allowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => {
    event.preventDefault()
    log.warn('desktop', 'download refused: files are saved through main')
  })
}
