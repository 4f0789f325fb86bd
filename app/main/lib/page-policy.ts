import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** No inline script, no inline style, nothing from elsewhere. The same for both hosts. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** What every answer with a part of the page carries, over app:// and over HTTP alike. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/plain; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), usb=()',
  'cache-control': 'no-store',
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

/** A file of the built page, or null when there is none at that path. Nothing outside `root` is ever read. */
export async function readPageFile(
  root: string,
  pathname: string,
): Promise<{ readonly body: Buffer<ArrayBuffer>; readonly type: string } | null> {
  try {
    const path = normalize(join(root, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)))
    if (!path.startsWith(root + sep)) return null
    return { body: await readFile(path), type: types[extname(path)] ?? 'application/octet-stream' }
  } catch {
    return null // not there, a folder, or a path that is no path
  }
}
