import { join } from 'node:path'
import { app, Menu, nativeTheme, session } from 'electron'
import type { DockerState } from '../../shared/contracts/docker.ts'
import type { Capabilities } from '../../shared/contracts/host.ts'
import { defaultSettings, type Settings } from '../../shared/contracts/settings.ts'
import { createClient, type Rpc } from '../../shared/rpc/client.ts'
import { memoryLinks } from '../../shared/rpc/memory-link.ts'
import { type Console, runConsole } from '../console.ts'
import { serveControl } from '../control.ts'
import { openDataKey } from '../lib/data-key.ts'
import type { AppLog, Log } from '../lib/log.ts'
import { createScope, type Stop } from '../lib/scope.ts'
import type { PortChoice } from '../platform/port-plan.ts'
import { serveIpcLinks } from '../rpc/ipc-link.ts'
import { serveLink } from '../rpc/serve-link.ts'
import { electronHost } from './electron-host.ts'
import { guardSession } from './guards.ts'
import { keyring } from './keyring.ts'
import { menuTemplate } from './menu.ts'
import { alertText, createNotifier } from './notifications.ts'
import { servePage } from './page-protocol.ts'
import { isAppUrl, withServiceId } from './routes.ts'
import { createServiceAlerts } from './service-alerts.ts'
import { applyToList, type ServiceList, summarize } from './service-list.ts'
import { showTray } from './tray.ts'
import { traySupported } from './tray-support.ts'
import { type MainWindow, openMainWindow } from './window.ts'
import { type Say, speak, spokenLanguage } from './words.ts'

export interface Desktop {
  /** Brings the window to the front, on the page of a link or argument when there is one. */
  show(route: string | null): void
  readonly stop: Stop
}

/** Everything the operating system shows of the console: window, menu, tray, notifications, over one running console. */
export async function startDesktop(options: {
  readonly dataFolder: string
  readonly startHidden: boolean
  readonly route: string | null
  readonly platformPorts: PortChoice | null
  /** Folder of the built app (`dist`), and of the icons. */
  readonly built: string
  readonly icons: string
  readonly log: AppLog
  /** True from the moment the user quits: then closing the window means it. */
  readonly quitting: () => boolean
}): Promise<Desktop> {
  const { log, dataFolder } = options
  const scope = createScope()
  let main: MainWindow | null = null
  let settings: Settings = defaultSettings
  let services: ServiceList = new Map()
  let docker: DockerState['kind'] = 'connecting'
  let secretStorage: Capabilities['secretStorage'] = 'key-file'
  let say: Say = speak('en')

  const show = (route: string | null) => main?.show(route === null ? null : withServiceId(route, services.values()))
  const notifier = createNotifier({ wanted: () => settings.notifications, open: show })
  scope.add(notifier.stop)
  const tray = await traySupported(process.platform)
  const host = electronHost({
    dataFolder,
    tray,
    secretStorage: () => secretStorage,
    notify: notifier.notify,
    window: () => main?.window ?? null,
  })
  // Beside the rest: a keyring may first ask the user to unlock it, and the window does not wait for that.
  const dataKey = keyring(process.platform).then((wrapper) => openDataKey(dataFolder, wrapper))
  const keyReady = dataKey
    .then((key) => {
      secretStorage = key.storage
      log.info('desktop', 'data key opened', { storage: key.storage })
    })
    .catch((error) => log.error('desktop', 'data key not opened', { error }))

  const { platformPorts } = options
  const console_ = await runConsole({ dataFolder, log, platformPorts, dataKey: () => dataKey }, host)
  scope.add(console_.stop)
  const control = await serveControl({ dataFolder, router: console_.router, log })
  scope.add(control.stop)

  const icon = tray
    ? showTray(options.icons, {
        open: show,
        restart: (id) =>
          void local
            .rpc()
            .services.act({ ids: [id], action: { kind: 'restart' } })
            .catch(refused),
        quit: () => app.quit(),
      })
    : null
  if (icon) scope.add(icon.stop)
  const refused = (error: unknown) => log.warn('desktop', 'tray action failed', { error })
  const refreshTray = () => icon?.update(summarize(services, docker), say)

  function speakAgain(): void {
    say = speak(spokenLanguage(settings.language, app.getPreferredSystemLanguages()[0] ?? app.getLocale()))
    const press = (key: string) => {
      show(null)
      main?.window.webContents.sendInputEvent({ type: 'keyDown', keyCode: key })
      main?.window.webContents.sendInputEvent({ type: 'keyUp', keyCode: key })
    }
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate(say, process.platform, app.isPackaged, { open: show, press })),
    )
    refreshTray()
  }

  const alerts = createServiceAlerts((alert) => {
    if (!main?.attended()) notifier.notify(alertText(alert, say))
  })
  scope.add(alerts.stop)
  const local = followConsole(console_, log, (rpc) => {
    rpc.services.onUpdates((update) => {
      services = applyToList(services, update)
      alerts.update(update)
      refreshTray()
    })
    rpc.docker.onState((state) => {
      docker = state.kind
      refreshTray()
    })
    rpc.settings.onUpdates((next) => {
      const languageChanged = next.language !== settings.language
      settings = next
      nativeTheme.themeSource = next.theme // title bar, menus, and what the page is told the system prefers
      if (languageChanged) speakAgain()
    })
  })
  scope.add(local.stop)

  guardSession(session.defaultSession, log)
  servePage(join(options.built, 'renderer'), () => say)
  speakAgain()
  main = await openMainWindow({
    preload: join(options.built, 'preload', 'preload.cjs'),
    placeFile: join(dataFolder, 'window.json'),
    route: options.route,
    startHidden: options.startHidden && tray,
    hidesOnClose: () => !options.quitting() && (process.platform === 'darwin' || (tray && settings.closeToTray)),
    say: () => say,
    log,
  })
  scope.add(main.stop)
  const page = main.window.webContents
  scope.add(serveIpcLinks(page, isAppUrl, (link) => serveLink(link, console_.router(), 'desktop', log), log))
  // A database was restored: every client starts again on the new parts, the page by loading again.
  scope.add(
    console_.onRestart(() => {
      control.closeLinks()
      if (!page.isDestroyed()) page.reload()
    }),
  )
  return {
    show,
    stop: async () => {
      await scope.close()
      await keyReady
    },
  }
}

/** The contract in this process, for what is shown without a page; connected anew when the console's parts are rebuilt. */
function followConsole(console_: Console, log: Log, listen: (rpc: Rpc) => void): { rpc(): Rpc; stop: Stop } {
  const connect = () => {
    const { near, far, close } = memoryLinks()
    serveLink(far, console_.router(), 'desktop', log)
    const rpc = createClient(near)
    listen(rpc)
    return { rpc, close }
  }
  let now = connect()
  const unfollow = console_.onRestart(() => {
    now.close()
    now = connect()
  })
  return {
    rpc: () => now.rpc,
    stop: () => {
      unfollow()
      now.close()
    },
  }
}
