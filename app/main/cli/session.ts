import { createWriteStream } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/errors.ts'
import { createClient, type Rpc } from '../../shared/rpc/client.ts'
import { memoryLinks } from '../../shared/rpc/memory-link.ts'
import { runConsole } from '../console.ts'
import { connectControl } from '../control.ts'
import { defaultDataFolder, makeDataFolder } from '../lib/data-folder.ts'
import type { Host } from '../lib/host.ts'
import { silentLog } from '../lib/log.ts'
import { createLog } from '../lib/log-file.ts'
import type { Router } from '../rpc/router.ts'
import { serveLink } from '../rpc/serve-link.ts'

export interface Session {
  readonly rpc: Rpc
  /** False when the console's parts were started for this command alone. */
  readonly running: boolean
  close(): Promise<void>
}

/** A client of parts in this process. */
export function localClient(router: Router): { readonly rpc: Rpc; readonly close: () => void } {
  const { near, far, close } = memoryLinks()
  serveLink(far, router, 'cli', silentLog)
  return { rpc: createClient(near), close }
}

/** The console that runs on the data folder; fails with CONSOLE_NOT_RUNNING. */
export async function openRunning(data: string | undefined): Promise<Session> {
  const folder = resolve(data || defaultDataFolder())
  const found = await connectControl(folder)
  if (!found) throw new AppError('CONSOLE_NOT_RUNNING', { folder })
  return { rpc: createClient(found.link, true), running: true, close: async () => found.close() }
}

/** The running console, or else the same parts in this process, which then holds the data folder. */
export async function openSession(data: string | undefined): Promise<Session> {
  const running = await openRunning(data).catch((error) => {
    if (error instanceof AppError && error.code === 'CONSOLE_NOT_RUNNING') return null
    throw error
  })
  if (running) return running
  const dataFolder = makeDataFolder(data)
  const log = createLog(dataFolder)
  const console_ = await runConsole({ dataFolder, log, platformPorts: { kind: 'off' } }, cliHost)
  const { rpc, close } = localClient(console_.router())
  return {
    rpc,
    running: false,
    async close() {
      close()
      await console_.stop()
      log.stop()
    },
  }
}

const cliHost: Host = {
  kind: 'cli',
  capabilities: {
    tray: false,
    startAtLogin: false,
    nativeNotifications: false,
    saveDialog: false,
    secretStorage: 'key-file',
  },
  async saveFile(name, _type, source) {
    const file = resolve(basename(name))
    await pipeline(Readable.from(source()), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    return { kind: 'saved', file }
  },
  notify: () => {},
  setStartAtLogin: () => {
    throw new AppError('NOT_SUPPORTED', { reason: 'a command cannot start the console at login' })
  },
}
