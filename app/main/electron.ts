import { join } from 'node:path'
import { app, dialog } from 'electron'
import { AppError, describeError } from '../shared/errors.ts'
import { type Desktop, startDesktop } from './desktop/desktop.ts'
import { startCommand } from './desktop/login-item.ts'
import { registerPageScheme } from './desktop/page-protocol.ts'
import { linkScheme, routeOfArguments, routeOfLink } from './desktop/routes.ts'
import { type StartOptions, startOptions } from './desktop/start-options.ts'
import { speak, spokenLanguage } from './desktop/words.ts'
import { makeDataFolder } from './lib/data-folder.ts'
import { type AppLog, silentLog } from './lib/log.ts'
import { createLog } from './lib/log-file.ts'

/** Milliseconds that quitting may take; what is not stopped by then is left to the next start to repair. */
const QUIT_WITHIN = 12_000

let log: AppLog = silentLog
const built = join(import.meta.dirname, '..')
let desktop: Desktop | null = null
let quitting = false
let ending = false
/** A link that came before there was a window to show it. */
let waitingRoute: string | null = null

process.on('uncaughtException', (error) => log.error('desktop', 'uncaught error', { error }))
process.on('unhandledRejection', (error) => log.error('desktop', 'unhandled rejection', { error }))

function show(route: string | null): void {
  if (desktop) desktop.show(route)
  else waitingRoute = route
}

/** Tells why there will be no window, in a dialog and on standard error, and ends. */
function fail(error: unknown): void {
  log.error('desktop', 'not started', { error })
  const language = spokenLanguage('system', app.getLocale())
  const { sentence, advice } =
    error instanceof AppError
      ? describeError(error.code, error.details, language)
      : { sentence: error instanceof Error ? error.message : String(error), advice: null }
  process.stderr.write(`${sentence}\n`)
  dialog.showErrorBox(speak(language)('cannotStart'), [sentence, advice].filter(Boolean).join('\n'))
  app.exit(1)
}

async function run(options: StartOptions, dataFolder: string): Promise<void> {
  desktop = await startDesktop({
    dataFolder,
    startHidden: options.hidden,
    route: options.route,
    platformPorts: options.platformPorts,
    built,
    icons: join(built, '../resources/icons'),
    log,
    quitting: () => quitting,
  })
  if (waitingRoute !== null) desktop.show(waitingRoute)
  // On Linux the package's desktop entry registers the scheme; from a checkout there is none to point to.
  if (app.isPackaged || process.platform !== 'linux') {
    const { program, args } = startCommand()
    app.setAsDefaultProtocolClient(linkScheme, program, [...args])
  }
}

/** One window for each data folder: a second start hands over what it was asked, and ends. */
function begin(): void {
  const options = startOptions(process.argv)
  const dataFolder = makeDataFolder(options.data)
  // Chromium's own files, and with them the single-instance lock.
  app.setPath('userData', join(dataFolder, 'desktop'))
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  log = createLog(dataFolder)
  app.on('second-instance', (_event, argv) => show(routeOfArguments(argv)))
  app.on('open-url', (event, link) => {
    event.preventDefault()
    show(routeOfLink(link))
  })
  app.on('activate', () => show(null))
  app.on('before-quit', () => {
    quitting = true
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    event.preventDefault()
    void end()
  })
  app
    .whenReady()
    .then(() => run(options, dataFolder))
    .catch(fail)
}

/** Stops everything in reverse, within a bound. */
async function end(): Promise<void> {
  if (ending) return
  ending = true
  const tooLong = setTimeout(() => {
    log.error('desktop', 'did not end in time')
    app.exit(1)
  }, QUIT_WITHIN)
  try {
    await desktop?.stop()
  } catch (error) {
    log.error('desktop', 'stop failed', { error })
  }
  clearTimeout(tooLong)
  log.stop()
  app.exit(0)
}

registerPageScheme()
app.setAppUserModelId('dev.pilothouse.console')
app.enableSandbox()
try {
  begin()
} catch (error) {
  app
    .whenReady()
    .then(() => fail(error))
    .catch(() => app.exit(1))
}
