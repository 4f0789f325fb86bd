import type { Link } from '../../shared/rpc/link.ts'

declare global {
  interface Window {
    /** There only under Electron: the preload puts it there. */
    readonly desktopLink?: Link
  }
}

/** The link to the desktop program that shows this page, or null in a browser. */
export const desktopLink = (): Link | null => window.desktopLink ?? null
