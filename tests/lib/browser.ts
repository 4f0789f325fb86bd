import { existsSync } from 'node:fs'
import { chromium, type LaunchOptions } from '@playwright/test'

// As root there is no sandbox; the rest keeps a browser from calling home on a closed network.
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The browser the tests drive: Playwright's own, one of the system, or the one that npm brought. Null when there is none.
 * PILOTHOUSE_TEST_BROWSER=npm looks no further than npm, as a machine without any other does.
 */
export async function findBrowser(): Promise<{ path: string; args: string[] } | null> {
  if (process.env['PILOTHOUSE_TEST_BROWSER'] !== 'npm') {
    if (existsSync(chromium.executablePath())) return { path: chromium.executablePath(), args: [] }
    const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
      existsSync(path),
    )
    if (system) return { path: system, args: quiet }
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: packaged } = await import('@sparticuz/chromium')
    // Not its own arguments: they turn web security off, and with it the Origin header that the host checks.
    return { path: await packaged.executablePath(), args: quiet }
  }
  return null
}

let found: Promise<{ path: string; args: string[] } | null> | undefined
export async function browserLaunch(): Promise<LaunchOptions> {
  found ??= findBrowser()
  const browser = await found
  return browser ? { executablePath: browser.path, args: browser.args } : {}
}
