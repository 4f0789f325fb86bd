import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Log } from '../lib/log.ts'

const chromiums = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

/** Opens the console in a window of its own (a Chromium's app window) or in the usual browser; without a display, nowhere. */
export async function openBrowser(address: string, log: Log): Promise<void> {
  const { platform, env } = process
  if (platform === 'darwin') return launch('open', [address], log)
  // `start` would read & in an address as the end of the command; explorer takes it whole.
  if (platform === 'win32') return launch('explorer', [address], log)
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return
  const folders = (env['PATH'] ?? '').split(delimiter)
  const chromium = chromiums
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path))
  // Chromium refuses root its sandbox; then the person's own browser setup decides.
  if (chromium && process.getuid?.() !== 0) return launch(chromium, [`--app=${address}`], log)
  launch('xdg-open', [address], log)
}

function launch(program: string, args: string[], log: Log): void {
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  // The address stands on the terminal, so a browser that does not start is no failure.
  child.on('error', (error) => log.warn('console', 'no browser was opened', { error }))
  child.unref()
}
