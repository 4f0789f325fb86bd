import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../shared/errors.ts'
import { runConsole } from './console.ts'
import type { Host } from './lib/host.ts'
import { silentLog } from './lib/log.ts'
import { serveBrowser } from './serve.ts'

// First landing: `pilothouse serve`. The other commands follow.
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    data: { type: 'string', default: join(homedir(), '.pilothouse') },
  },
})
mkdirSync(values.data, { recursive: true, mode: 0o700 })
const refuse = (reason: string) => {
  throw new AppError('NOT_SUPPORTED', { reason })
}
const bareHost: Host = {
  kind: 'browser',
  capabilities: {
    tray: false,
    startAtLogin: false,
    nativeNotifications: false,
    saveDialog: false,
    secretStorage: 'key-file',
  },
  saveFile: async () => refuse('saveFile'),
  notify: () => {},
  setStartAtLogin: () => refuse('setStartAtLogin'),
}
const running = await runConsole({ dataFolder: values.data, log: silentLog }, bareHost)
const host = await serveBrowser({
  root: join(import.meta.dirname, '../renderer'),
  port: Number(values.port),
  router: running.router,
  log: silentLog,
})
// A browser reconnects by itself and gets the snapshots of the rebuilt parts.
running.onRestart(host.dropLinks)
console.log(
  values.json ? JSON.stringify({ url: host.url, pid: process.pid, data: values.data }) : `Pilothouse: ${host.url}`,
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await host.stop()
    await running.stop()
    process.exit(0)
  })
}
