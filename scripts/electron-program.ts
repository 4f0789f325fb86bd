import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const names: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** Electron's own program, or null where it was never downloaded. Unlike `import 'electron'`, looking downloads nothing. */
export function electronProgram(): string | null {
  const told = 'node_modules/electron/path.txt'
  const name = existsSync(told) ? readFileSync(told, 'utf8') : (names[process.platform] ?? 'electron')
  const path = resolve(join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? 'node_modules/electron/dist', name))
  return existsSync(path) ? path : null
}
