import { existsSync, readFileSync, statSync } from 'node:fs'
import inspector from 'node:inspector'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, becomeReady, settings } from './app.ts'
import { startChromium } from './devtools.ts'
import './electron.ts'

// What Electron's program does with its command line, in the same order: preloaded scripts (Playwright's loader), the
// app's own main file, then the browser and `ready`.
const argv = process.argv.slice(2)
const preloaded: string[] = []
let appPath: string | undefined
let debuggingPort: string | null = null
for (let i = 0; i < argv.length; i++) {
  const argument = argv[i]!
  if (argument === '-r') preloaded.push(argv[++i]!)
  else if (argument.startsWith('--inspect'))
    inspector.open(0, '127.0.0.1') // prints the line that Playwright waits for
  else if (argument.startsWith('--remote-debugging-port=')) debuggingPort = argument.split('=')[1]!
  else if (!argument.startsWith('-')) appPath ??= argument
}
process.argv = [process.execPath, ...argv]
const require = createRequire(import.meta.url)
for (const file of preloaded) require(resolve(file))

const target = resolve(appPath ?? '.')
const folder = statSync(target).isDirectory() ? target : dirname(target)
const manifest = existsSync(`${folder}/package.json`) ? JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) : {}
Object.assign(settings, { appPath: folder, name: manifest.productName ?? manifest.name, version: manifest.version })

await import(pathToFileURL(folder === target ? resolve(folder, manifest.main) : target).href)
await startChromium(debuggingPort, (code) => app.exit(code))
becomeReady()
