import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/** Where everything the console keeps is unless `--data` says otherwise; the same for every host, so that they find each other. */
export function defaultDataFolder(platform: NodeJS.Platform = process.platform, env = process.env): string {
  if (platform === 'win32') return join(env['APPDATA'] || join(homedir(), 'AppData', 'Roaming'), 'Pilothouse')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Pilothouse')
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'pilothouse')
}

export const databaseFile = (folder: string) => join(folder, 'pilothouse.db')

/** The folder that is asked for, made if need be, for its owner alone. A foreign one keeps its mode: `--data /tmp` must not close /tmp. */
export function makeDataFolder(asked: string | undefined): string {
  const folder = resolve(asked || defaultDataFolder())
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const ours = readdirSync(folder).length === 0 || existsSync(databaseFile(folder))
    if (ours) chmodSync(folder, 0o700)
  } catch (error) {
    throw new AppError('DATA_FOLDER_UNUSABLE', { folder, reason: (error as Error).message })
  }
  return folder
}
