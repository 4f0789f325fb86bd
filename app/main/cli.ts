import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { silentLog } from './lib/log.ts'
import { serveBrowser } from './serve.ts'
import { start } from './start.ts'

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
const running = await start({ dataFolder: values.data, log: silentLog })
const host = await serveBrowser({
  root: join(import.meta.dirname, '../renderer'),
  port: Number(values.port),
  router: () => running.router,
  log: silentLog,
})
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
