// npm start: builds what is stale, then opens the console in Electron where its program is, else in the browser.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { buildIfStale } from './build-if-stale.ts'
import { electronProgram } from './electron-program.ts'

const DOWNLOAD_MS = 120_000
const usage = 'usage: npm start -- [--host browser|electron] [--no-open] [--port N] [--data DIR]'

function options() {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        host: { type: 'string' },
        open: { type: 'boolean', default: true },
        port: { type: 'string' },
        data: { type: 'string' },
        ports: { type: 'string' },
        'port-base': { type: 'string' },
        platform: { type: 'boolean', default: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.host !== undefined && values.host !== 'browser' && values.host !== 'electron') {
      throw new Error(`--host takes browser or electron, not ${values.host}`)
    }
    if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535)) {
      throw new Error(`--port takes a number from 0 to 65535, not ${values.port}`)
    }
    return values
  } catch (error) {
    console.error(`${(error as Error).message.split('. ')[0]}; ${usage}`)
    process.exit(2)
  }
}

/** Electron's program, downloaded when it can be. A download that failed is not tried again for a day: starting stays quick. */
function findElectron(): string | null {
  const found = electronProgram()
  const failure = 'node_modules/.cache/electron-not-downloaded'
  const failedLately = existsSync(failure) && Date.now() - statSync(failure).mtimeMs < 86_400_000
  if (found || failedLately || process.env['ELECTRON_SKIP_BINARY_DOWNLOAD']) return found
  console.error('Downloading Electron (once) ...')
  spawnSync(process.execPath, ['node_modules/electron/install.js'], { stdio: 'ignore', timeout: DOWNLOAD_MS })
  const program = electronProgram()
  if (program) return program
  mkdirSync(dirname(failure), { recursive: true })
  writeFileSync(failure, '')
  return null
}

const { host, open, port, data, help, ports, platform, 'port-base': portBase } = options()
if (help) {
  console.log(usage)
  process.exit(0)
}
if (buildIfStale()) console.error('Built.')
const given = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value])
const shared = [
  ...given('--data', data),
  ...given('--ports', ports),
  ...given('--port-base', portBase),
  ...(platform ? [] : ['--no-platform']),
]
const electron = host === 'browser' ? null : findElectron()

if (electron) {
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(electron, [...sandbox, '.', ...shared], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Electron could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal!]))
} else if (host === 'electron') {
  console.error("Electron's program is not on this machine and could not be downloaded; try --host browser.")
  process.exit(1)
} else {
  if (host === undefined) {
    console.error(
      "Electron's program is not on this machine and could not be downloaded, so the console opens in the browser; it does the same there.",
    )
  }
  // In this very process: one start of Node fewer between the command and the page.
  const rest = [...shared, ...given('--port', port), ...(open ? ['--open'] : [])]
  process.argv = [...process.argv.slice(0, 2), 'serve', ...rest]
  await import(new URL('../dist/main/cli.js', import.meta.url).href)
}
