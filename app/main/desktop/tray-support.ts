import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Whether a tray icon can be seen. Windows and macOS always have a place for it; a Linux desktop has one when something
 * owns the StatusNotifierWatcher name on the session bus. Asked because a window that hides to no tray is lost.
 */
export async function traySupported(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return true
  const bus = 'org.freedesktop.DBus'
  const question = ['call', '--session', '--dest', bus, '--object-path', '/org/freedesktop/DBus']
  const asked = [...question, '--method', `${bus}.NameHasOwner`, 'org.kde.StatusNotifierWatcher']
  try {
    const { stdout } = await promisify(execFile)('gdbus', asked, { timeout: 1_000, maxBuffer: 1_000 })
    return stdout.includes('true')
  } catch {
    return false // no gdbus, no bus, or no answer
  }
}
