import { spawn } from 'node:child_process'
import { buildIfStale } from './build-if-stale.ts'

// First landing: the browser host. Electron and opening a window follow.
buildIfStale()
const child = spawn(process.execPath, ['dist/main/cli.js', 'serve', ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
