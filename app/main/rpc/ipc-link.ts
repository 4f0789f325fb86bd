import { type IpcMainEvent, ipcMain, type WebContents } from 'electron'
import type { Link } from '../../shared/rpc/link.ts'
import type { Log } from '../lib/log.ts'
import type { Stop } from '../lib/scope.ts'

/** Longest frame that a page may send, in characters; the same as over a socket. */
const LONGEST = 16 * 1024 * 1024

interface Open {
  readonly onFrame: ((frame: string) => void)[]
  readonly onClose: (() => void)[]
}

/**
 * The links of one window: one for each document it loads, so that a reload ends the old link and its subscriptions.
 * A document's preload says `open` before its first frame, on the same ordered channel. Every message is checked: only
 * the main frame of this very window, showing a page of ours, is heard.
 */
export function serveIpcLinks(
  page: WebContents,
  isOurs: (url: string) => boolean,
  onLink: (link: Link) => void,
  log: Log,
): Stop {
  let open: Open | null = null
  const close = () => {
    const closing = open
    open = null
    for (const listener of closing?.onClose ?? []) listener()
  }
  const trusted = (event: IpcMainEvent): boolean => {
    const frame = event.senderFrame
    const ok = event.sender === page && frame !== null && frame === page.mainFrame && isOurs(frame.url)
    if (!ok) log.warn('desktop', 'message of a foreign sender refused', { url: frame?.url.slice(0, 200) })
    return ok
  }

  const opened = (event: IpcMainEvent) => {
    if (!trusted(event)) return
    close()
    const mine: Open = { onFrame: [], onClose: [] }
    open = mine
    onLink({
      send: (frame) => void (open === mine && !page.isDestroyed() && page.send('frame', frame)),
      onFrame: (listener) => void mine.onFrame.push(listener),
      onClose: (listener) => void mine.onClose.push(listener),
    })
  }
  const received = (event: IpcMainEvent, frame: unknown) => {
    if (!trusted(event)) return
    if (typeof frame !== 'string' || frame.length > LONGEST) return log.warn('desktop', 'frame dropped')
    for (const listener of open?.onFrame ?? []) listener(frame)
  }
  ipcMain.on('open', opened)
  ipcMain.on('frame', received)
  page.on('render-process-gone', close)
  page.once('destroyed', close)
  return () => {
    ipcMain.off('open', opened)
    ipcMain.off('frame', received)
    close()
  }
}
